// SPDX-License-Identifier: BSD-3-Clause
// The kind of file system of a folder.
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
  std::string type;  ///< type in the table of mounts: "ext4", "lustre"; else by its number
  std::string mount; ///< the folder where it is mounted
  FileSystemKind kind = FileSystemKind::local;
  double free_gb = 0; ///< space available to this user, 1e9 bytes
};

/// The kind of a type of the table of mounts; unknown types count as local.
FileSystemKind kind_of_file_system(std::string_view type);

/// The type for the number from statfs(2); "unknown" if it is not one used on clusters.
std::string_view type_of_file_system(std::int64_t number);

/// The file system of an existing path. @throws Error missing
FileSystem file_system_of(const std::filesystem::path& path);

} // namespace ionsift
