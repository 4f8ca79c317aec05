// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/mapped_file.hpp"

#include "ionsift/base/error.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace ionsift {

namespace fs = std::filesystem;

namespace {

Error failure(const fs::path& path, const char* what) {
  return {ErrorCode::io, fmt::format("{} cannot be {}", path.string(), what), std::strerror(errno),
          "Check that the file is there, its permissions and the space on its disk."};
}

std::shared_ptr<const int> open_file(const fs::path& path, int flags, const char* what) {
  const int descriptor = open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0) {
    throw failure(path, what);
  }
  return {new int(descriptor), [](const int* held) {
            close(*held);
            delete held;
          }};
}

} // namespace

MappedFile::MappedFile(const fs::path& path, std::uint64_t size) {
  if (size == 0) {
    return;
  }
  const auto descriptor = open_file(path, O_RDONLY, "read");
  struct stat status {};
  IONSIFT_VALIDATE(fstat(*descriptor, &status) == 0 && static_cast<std::uint64_t>(status.st_size) >= size, io,
                   fmt::format("{} is shorter than {} bytes", path.string(), size),
                   "what another process wrote is not there", "Check that all hosts see the same folder.");
  void* address = mmap(nullptr, size, PROT_READ, MAP_SHARED, *descriptor, 0);
  if (address == MAP_FAILED) {
    throw failure(path, "mapped into memory");
  }
  mapping_ = std::shared_ptr<const void>(address, [size](const void* held) {
    munmap(const_cast<void*>(held),
           size); // NOLINT(cppcoreguidelines-pro-type-const-cast): as munmap wants it
  });
  bytes_ = {static_cast<const std::byte*>(address), size};
}

RandomFile::RandomFile(const fs::path& path) : path_(path), descriptor_(open_file(path, O_RDONLY, "read")) {
}

std::uint64_t RandomFile::size() const {
  struct stat status {};
  if (fstat(*descriptor_, &status) != 0) {
    throw failure(path_, "read");
  }
  return static_cast<std::uint64_t>(status.st_size);
}

std::string RandomFile::read(std::uint64_t offset, std::size_t length) const {
  std::string bytes(length, '\0');
  std::size_t there = 0;
  while (there < length) {
    const auto n =
        pread(*descriptor_, bytes.data() + there, length - there, static_cast<off_t>(offset + there));
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n < 0) {
      throw failure(path_, "read");
    }
    if (n == 0) {
      break;
    }
    there += static_cast<std::size_t>(n);
  }
  bytes.resize(there);
  return bytes;
}

void write_file_at(const fs::path& path, std::uint64_t offset, std::span<const std::byte> bytes) {
  const auto descriptor = open_file(path, O_WRONLY, "written");
  while (!bytes.empty()) {
    const auto n = pwrite(*descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n <= 0) {
      throw failure(path, "written");
    }
    offset += static_cast<std::uint64_t>(n);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  if (fsync(*descriptor) != 0 && errno != EINVAL && errno != ENOTSUP) {
    throw failure(path, "written");
  }
}

} // namespace ionsift
