// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/file_system.hpp"

#include "ionsift/base/enum_names.hpp"
#include "ionsift/base/error.hpp"

#include <linux/magic.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

namespace ionsift {

namespace fs = std::filesystem;

namespace {

template <std::size_t n>
bool is_among(std::string_view type, const std::array<std::string_view, n>& types) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

/// The table of mounts writes blanks in paths as \040.
std::string without_escapes(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octal = text.substr(i + 1, 3);
    if (text[i] == '\\' && octal.size() == 3 && octal.find_first_not_of("01234567") == std::string::npos) {
      plain += static_cast<char>(std::stoi(octal, nullptr, 8));
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

bool is_inside(const fs::path& path, const fs::path& folder) {
  const auto differs = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first;
  // A trailing slash, as in "/", is an empty last part.
  return differs == folder.end() || differs->empty();
}

constexpr auto file_system_kind_names = enum_names<FileSystemKind>({{FileSystemKind::local, "local"},
                                                                    {FileSystemKind::memory, "memory"},
                                                                    {FileSystemKind::network, "network"},
                                                                    {FileSystemKind::parallel, "parallel"}});

} // namespace

std::string_view name_of(FileSystemKind kind) {
  return file_system_kind_names.name(kind);
}

FileSystemKind kind_of_file_system(std::string_view type) {
  static constexpr std::array<std::string_view, 9> parallel = {
      "lustre", "gpfs", "beegfs", "fhgfs", "panfs", "pvfs2", "wekafs", "ceph", "quobyte"};
  static constexpr std::array<std::string_view, 7> network = {"nfs", "nfs4", "cifs",     "smb3",
                                                              "afs", "9p",   "glusterfs"};
  if (is_among(type, parallel) || type == "fuse.ceph") {
    return FileSystemKind::parallel;
  }
  if (is_among(type, network) || type.starts_with("fuse.")) {
    return FileSystemKind::network;
  }
  return type == "tmpfs" || type == "ramfs" ? FileSystemKind::memory : FileSystemKind::local;
}

std::string_view type_of_file_system(std::int64_t number) {
  switch (number) {
  case EXT4_SUPER_MAGIC: // that of ext2 and ext3 too
    return "ext4";
  case BTRFS_SUPER_MAGIC:
    return "btrfs";
  case XFS_SUPER_MAGIC:
    return "xfs";
  case 0x2fc12fc1:
    return "zfs";
  case OVERLAYFS_SUPER_MAGIC:
    return "overlay";
  case TMPFS_MAGIC:
    return "tmpfs";
  case RAMFS_MAGIC:
    return "ramfs";
  case PROC_SUPER_MAGIC:
    return "proc";
  case NFS_SUPER_MAGIC:
    return "nfs";
  case V9FS_MAGIC:
    return "9p";
  case 0xff534d42:
    return "cifs";
  case 0xfe534d42:
    return "smb3";
  case 0x00c36400:
    return "ceph";
  case 0x0bd00bd0:
    return "lustre";
  case 0x47504653:
    return "gpfs";
  case 0x19830326:
    return "beegfs";
  }
  return "unknown";
}

FileSystem file_system_of(const fs::path& path) {
  std::error_code error;
  const fs::path whole = fs::canonical(path, error);
  IONSIFT_VALIDATE(!error, missing, fmt::format("there is no {}", path.string()), error.message(),
                   "Check the path.");
  FileSystem found{.type = "unknown", .mount = "/"};
  std::size_t longest = 0;
  std::ifstream table("/proc/self/mounts");
  for (std::string line; std::getline(table, line);) {
    std::istringstream fields(line);
    std::string device;
    std::string mount;
    std::string type;
    fields >> device >> mount >> type;
    mount = without_escapes(mount);
    // A later mount on the same folder hides the earlier one.
    if (is_inside(whole, mount) && mount.size() >= longest) {
      found.type = type;
      found.mount = mount;
      longest = mount.size();
    }
  }
  // In a changed root, the mount that contains it has no line.
  struct statfs status {};
  if (longest == 0 && ::statfs(whole.c_str(), &status) == 0) {
    found.type = type_of_file_system(static_cast<std::uint32_t>(status.f_type));
  }
  found.kind = kind_of_file_system(found.type);
  const auto space = fs::space(whole, error);
  found.free_gb = error ? 0 : static_cast<double>(space.available) / 1e9;
  return found;
}

} // namespace ionsift
