// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/memory.hpp"

#include "ionsift/base/text.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace ionsift {

double peak_memory_mb() {
  // Not getrusage: its maximum survives exec, so that a small program would show the size of its shell.
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word == "VmHWM:") {
      double kibibytes = 0;
      status >> kibibytes;
      return kibibytes * 1024 / 1e6;
    }
  }
  return 0;
}

namespace {

/// The value of a key of a file like /proc/meminfo, in the file's unit.
std::optional<double> value_of(const std::string& file, const std::string& key) {
  std::ifstream in(file);
  for (std::string word; in >> word;) {
    double value = 0;
    if (word == key && in >> value) {
      return value;
    }
  }
  return std::nullopt;
}

/// A file that holds one number; nothing if there is none ("max").
std::optional<double> number_in(const std::string& file) {
  std::ifstream in(file);
  double value = 0;
  return in >> value ? std::optional(value) : std::nullopt;
}

/// Bytes that a control group has left; page cache can be taken back and does not count.
std::optional<double> left_in_group(const std::string& folder, const char* limit, const char* used,
                                    const char* cache) {
  const auto most = number_in(folder + limit);
  const auto taken = number_in(folder + used);
  if (!most || !taken) {
    return std::nullopt;
  }
  return std::max(0.0, *most - *taken + value_of(folder + "/memory.stat", cache).value_or(0));
}

/// The folders of the control groups of this process in their mount, innermost first.
std::vector<std::string> control_groups(const std::string& mount, const std::string& controller) {
  std::vector<std::string> folders;
  std::ifstream in("/proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    // "0::/path" of version 2, "4:memory:/path" of version 1
    const auto fields = split(line, ':');
    if (fields.size() == 3 && fields[1] == controller) {
      for (std::filesystem::path path = fields[2]; path.has_relative_path(); path = path.parent_path()) {
        folders.push_back(mount + path.string());
      }
    }
  }
  folders.push_back(mount);
  return folders;
}

} // namespace

double available_memory_mb() {
  double least = value_of("/proc/meminfo", "MemAvailable:").value_or(0) * 1024;
  const auto take = [&](const std::optional<double>& left) { least = left ? std::min(least, *left) : least; };
  for (const auto& folder : control_groups("/sys/fs/cgroup", "")) {
    take(left_in_group(folder, "/memory.max", "/memory.current", "inactive_file"));
  }
  for (const auto& folder : control_groups("/sys/fs/cgroup/memory", "memory")) {
    take(left_in_group(folder, "/memory.limit_in_bytes", "/memory.usage_in_bytes", "total_inactive_file"));
  }
  return least / 1e6;
}

void keep_freed_memory() {
#if defined(__GLIBC__)
  constexpr int most = 1 << 30;
  mallopt(M_MMAP_THRESHOLD, most);
  mallopt(M_TRIM_THRESHOLD, most);
#endif
}

} // namespace ionsift
