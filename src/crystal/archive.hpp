// Archives and compressed files, read as streams through libarchive.
#pragma once

#include "ionsift/base/error.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ionsift::crystal {

class ArchiveReader {
public:
  /// @param compressed_file a single compressed file instead of an archive; its one member has no name
  /// @throws Error format, io
  ArchiveReader(const std::filesystem::path& path, bool compressed_file);
  ~ArchiveReader();
  ArchiveReader(const ArchiveReader&) = delete;
  ArchiveReader& operator=(const ArchiveReader&) = delete;

  /// Goes to the next regular file. @return its path in the archive, or nothing at the end
  /// @throws Error format where the archive is damaged
  std::optional<std::string> next();
  /// Content of the file that next() went to. @throws Error format, limit
  std::string read();

private:
  friend std::string decompress(std::string_view bytes, const std::string& name);
  ArchiveReader(std::string_view bytes, std::string name);

  struct Handle;
  std::unique_ptr<Handle> handle_;
  std::string name_;
};

/// Content of one compressed file that is in memory already, as a member of an archive may be.
/// @param name for messages  @throws Error format, limit
std::string decompress(std::string_view bytes, const std::string& name);

} // namespace ionsift::crystal
