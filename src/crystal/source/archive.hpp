// SPDX-License-Identifier: BSD-3-Clause
// Reading of archives and compressed files as streams through libarchive.
#pragma once

#include "ionsift/base/error.hpp"
#include "ionsift/crystal/source/source.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ionsift::crystal {

struct ArchiveMember {
  std::string path;
  std::string link; ///< target of a link; empty for files
};

/// Reads tar, gnutar and zip, and gzip, bzip2, xz, lzma, zstd, lz4 and compress detected from the bytes.
/// Nothing is written to disk, and no other program is started.
class ArchiveReader {
public:
  /// @param compressed_file a single compressed file instead of an archive; its one member has no name
  /// @param max_bytes largest size of one member
  /// @throws Error format, io
  ArchiveReader(const std::filesystem::path& path, bool compressed_file, std::size_t max_bytes);
  /// Some members of an uncompressed archive. @throws Error format, io
  ArchiveReader(const std::filesystem::path& path, const MemberRun& run, std::size_t max_bytes);
  ~ArchiveReader();
  ArchiveReader(const ArchiveReader&) = delete;
  ArchiveReader& operator=(const ArchiveReader&) = delete;

  /// Goes to the next file or link; folders are skipped. Nothing at the end.
  /// @throws Error format if the archive is damaged, limit for an absurd compression ratio
  std::optional<ArchiveMember> next();
  /// Content of the file that next() went to. The next one can still be read after an error of code `limit`.
  /// @throws Error format, limit
  std::string read();

private:
  friend std::string decompress(std::string_view bytes, const std::string& name, std::size_t max_bytes);
  ArchiveReader(std::string_view bytes, std::string name, std::size_t max_bytes);
  void skip_rest();
  void validate_ratio() const;

  struct Handle;
  std::unique_ptr<Handle> handle_;
  std::string name_;
  std::size_t max_bytes_;
  bool inside_ = false; ///< whether the current member was not read to its end
};

/// Content of one compressed file that is already in memory, such as a member of an archive.
/// @param name used in messages  @throws Error format, limit
std::string decompress(std::string_view bytes, const std::string& name, std::size_t max_bytes);

} // namespace ionsift::crystal
