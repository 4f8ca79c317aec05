// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/paths.hpp"

#include <string>

namespace ionsift {

namespace fs = std::filesystem;

fs::path follow_link(fs::path path) {
  constexpr int most_links = 40; // as the system itself follows
  std::error_code error;
  for (int i = 0; i < most_links && fs::is_symlink(path, error); ++i) {
    const fs::path target = fs::read_symlink(path, error);
    if (error) {
      break;
    }
    path = target.is_absolute() ? target : path.parent_path() / target;
  }
  return path;
}

Error io_error(const fs::filesystem_error& error) {
  return {ErrorCode::io, fmt::format("'{}' cannot be used", error.path1().string()), error.code().message(),
          "Check the path, its permissions and its disk."};
}

fs::path beside_store(const fs::path& store, std::string_view ending) {
  const fs::path name = store.extension() == ".h5" ? store.stem() : store.filename();
  return store.parent_path() / (name.string() + std::string(ending));
}

} // namespace ionsift
