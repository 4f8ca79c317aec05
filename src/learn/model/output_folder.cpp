// SPDX-License-Identifier: BSD-3-Clause
#include "output_folder.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/sha256.hpp"

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

fs::path listed_file(const fs::path& folder, const std::string& document, const std::string& file,
                     const std::string& sha256, const std::string& remedy) {
  const auto path = folder / file;
  IONSIFT_VALIDATE(fs::exists(path), missing, fmt::format("{} does not exist", path.string()),
                   fmt::format("{} lists it", document),
                   fmt::format("Copy the whole folder, or {}.", remedy));
  IONSIFT_VALIDATE(sha256_of_file(path) == sha256, conflict,
                   fmt::format("{} is not the file that was trained", path.string()),
                   fmt::format("its SHA-256 differs from the one in {}", document),
                   fmt::format("Copy the folder again, or {}.", remedy));
  return path;
}

} // namespace ionsift::learn
