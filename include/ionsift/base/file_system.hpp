// SPDX-License-Identifier: BSD-3-Clause
// What kind of file system a folder is on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace ionsift {

enum class FileSystemKind {
  local,    ///< seen by one machine alone
  memory,   ///< takes its space from memory
  network,  ///< seen by many machines, served by one: NFS, SMB, user-space mounts
  parallel, ///< made for many writers of one file: Lustre, GPFS, BeeGFS
};

std::string_view name_of(FileSystemKind kind);

struct FileSystem {
  std::string type;  ///< as the system's table of mounts spells it: "ext4", "lustre"; else by its number
  std::string mount; ///< the folder where it is mounted
  FileSystemKind kind = FileSystemKind::local;
  double free_gb = 0; ///< what this user may still write, 1e9 bytes
};

/// The kind of a type of the table of mounts; types that are not known count as local.
FileSystemKind kind_of_file_system(std::string_view type);

/// The type by the number that statfs(2) tells; "unknown" if it is none of those that clusters have.
std::string_view type_of_file_system(std::int64_t number);

/// Of a path that exists. @throws Error missing
FileSystem file_system_of(const std::filesystem::path& path);

} // namespace ionsift
