// SPDX-License-Identifier: BSD-3-Clause
// Writing of archives of plain files through libarchive.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace ionsift::crystal {

/// A zip, whose members are deflated, or a tar without compression. Owners and times are left out: the same
/// members give the same bytes.
class ArchiveWriter {
public:
  /// @throws Error io
  ArchiveWriter(const std::filesystem::path& path, bool zip);
  ~ArchiveWriter();
  ArchiveWriter(const ArchiveWriter&) = delete;
  ArchiveWriter& operator=(const ArchiveWriter&) = delete;

  /// @param name valid UTF-8  @throws Error io
  void add(const std::string& name, std::string_view bytes);
  /// Completes the archive; nothing can be added afterwards. @throws Error io
  void close();

private:
  struct Handle;
  std::unique_ptr<Handle> handle_;
};

} // namespace ionsift::crystal
