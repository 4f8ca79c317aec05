// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/file.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/paths.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace ionsift {

namespace fs = std::filesystem;

namespace {

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

} // namespace

void sync_to_disk(const fs::path& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  // Some file systems cannot sync folders, or anything, and return EINVAL.
  const bool done = descriptor >= 0 && (fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP);
  const std::string why = done ? "" : std::strerror(errno);
  if (descriptor >= 0) {
    close(descriptor);
  }
  IONSIFT_VALIDATE(done, io, fmt::format("{} may not be on the disk", path.string()), why,
                   "Check the space on its disk, and run again.");
}

std::string read_file(const fs::path& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  IONSIFT_VALIDATE(status.type() != fs::file_type::not_found, missing,
                   fmt::format("{} does not exist", path.string()),
                   fmt::format("looked for from {}", fs::current_path(error).string()), "Check the path.");
  std::ifstream in(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(in), {});
  IONSIFT_VALIDATE(in && !fs::is_directory(status), io, fmt::format("{} cannot be read", path.string()),
                   std::strerror(errno), "Check that it is a file and its permissions.");
  return text;
}

void write_file_atomically(const fs::path& link, const std::function<void(std::ostream&)>& write) {
  const fs::path path = follow_link(link);
  // The process number keeps two runs from filling the same temporary file.
  const fs::path temporary = path.string() + fmt::format(".partial.{}", getpid());
  {
    std::ofstream out(temporary, std::ios::binary);
    if (out) {
      write(out);
      out.flush();
    }
    if (!out) {
      const std::string reason = std::strerror(errno);
      out.close();
      std::error_code ignored;
      fs::remove(temporary, ignored);
      throw Error(ErrorCode::io, fmt::format("{} cannot be written", path.string()), reason,
                  "Check that the folder exists, its permissions and the space on its disk.");
    }
  }
  put_in_place(temporary, path);
}

void put_in_place(const fs::path& temporary, const fs::path& path) {
  sync_to_disk(temporary); // before it gets its final name
  std::error_code error;
  fs::rename(temporary, path, error);
  IONSIFT_VALIDATE(!error, io, fmt::format("{} cannot be put in place", path.string()), error.message(),
                   "Check the permissions of its folder.");
  sync_to_disk(folder_of(path)); // the name
}

void make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  IONSIFT_VALIDATE(!error && fs::is_directory(path, error), io,
                   fmt::format("folder {} cannot be made", path.string()),
                   error ? error.message() : "something else has that name", "Choose another place.");
}

std::optional<fs::path> find_data(const std::optional<std::string>& requested) {
  const char* variable = std::getenv("IONSIFT_DATA");
  if (requested || variable != nullptr) {
    const fs::path path = requested ? *requested : variable;
    std::error_code error;
    IONSIFT_VALIDATE(fs::is_directory(path, error), missing,
                     fmt::format("data folder {} does not exist", path.string()),
                     requested ? "named by --data" : "named by $IONSIFT_DATA", "Name an existing folder.");
    return path;
  }
  std::error_code error;
  for (fs::path folder = fs::current_path(error); folder.has_relative_path(); folder = folder.parent_path()) {
    if (fs::is_regular_file(folder.parent_path() / "shared" / "METHOD.md", error)) {
      return folder.parent_path() / "shared";
    }
  }
  return std::nullopt;
}

} // namespace ionsift
