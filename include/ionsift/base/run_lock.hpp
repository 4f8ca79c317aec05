// SPDX-License-Identifier: BSD-3-Clause
// Locks that let only one run at a time write a file or a folder.
#pragma once

#include <filesystem>

namespace ionsift {

/// Holds a lock file, which names its owner: host, process, start, batch job. The operating system releases
/// the lock when the process ends, however it ends, so that a file left behind by a killed run does not
/// block; also across hosts, where the file system has locks. Where it has none, a file of a process that
/// lives on this host, or of another host, is.
class RunLock {
public:
  /// @param path path of the lock file; its folder must exist
  /// @throws Error conflict naming the owner, io
  explicit RunLock(std::filesystem::path path);
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

private:
  std::filesystem::path path_;
  int descriptor_ = -1;
};

/// The lock file of an output file: "S.h5.lock"; in a folder: "DIR/run.lock".
std::filesystem::path lock_beside(const std::filesystem::path& file);
std::filesystem::path lock_in(const std::filesystem::path& folder);

} // namespace ionsift
