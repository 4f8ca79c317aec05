// SPDX-License-Identifier: BSD-3-Clause
#include "output_folder.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"

namespace ionsift::learn {

namespace fs = std::filesystem;

void clear_folder(const fs::path& folder, const FolderContent& content, bool overwrite) {
  IONSIFT_VALIDATE(!fs::exists(folder / content.document) || overwrite, conflict,
                   fmt::format("{} holds {}", folder.string(), content.holds), content.why,
                   "Choose another folder, or give --overwrite.");
  make_folder(folder);
  fs::remove(folder / content.document);
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto name = entry.path().filename().string();
    if (name.starts_with(content.prefix) && (name.ends_with(".h5") || name.ends_with(".h5.partial"))) {
      fs::remove(entry.path());
    }
  }
}

} // namespace ionsift::learn
