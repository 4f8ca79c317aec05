// SPDX-License-Identifier: BSD-3-Clause
// Access to parts of files: mapped into memory, or read and written in place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace ionsift {

/// The beginning of a file as memory that all processes of a node share; read only.
class MappedFile {
public:
  MappedFile() = default;
  /// @param size bytes to map, at most the size of the file  @throws Error io
  MappedFile(const std::filesystem::path& path, std::uint64_t size);
  std::span<const std::byte> bytes() const { return bytes_; }

private:
  std::shared_ptr<const void> mapping_;
  std::span<const std::byte> bytes_;
};

/// A file with random access; a value that shares its descriptor.
class RandomFile {
public:
  /// @throws Error io
  explicit RandomFile(const std::filesystem::path& path);
  std::uint64_t size() const;
  /// Bytes from `offset` on: `length` of them, or fewer where the file ends. @throws Error io
  std::string read(std::uint64_t offset, std::size_t length) const;

private:
  std::filesystem::path path_;
  std::shared_ptr<const int> descriptor_;
};

/// Writes bytes into an existing file, from `offset` on, and syncs them: other hosts that open the file later
/// read them. @throws Error io
void write_file_at(const std::filesystem::path& path, std::uint64_t offset, std::span<const std::byte> bytes);

} // namespace ionsift
