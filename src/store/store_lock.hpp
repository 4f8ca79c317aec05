// One run at a time writes a store.
#pragma once

#include <filesystem>

namespace ionsift::store {

/// Holds STORE.lock, which says who: host, process, start, batch job. The operating system lets go of the
/// lock when the process ends, however it ends, so that a file left behind by a killed run is no obstacle;
/// also across hosts, where the file system has locks. Where it has none, a file of a process that lives on
/// this host, or of another host, is.
class StoreLock {
public:
  /// @throws Error conflict naming the owner, io
  explicit StoreLock(const std::filesystem::path& store);
  ~StoreLock();
  StoreLock(const StoreLock&) = delete;
  StoreLock& operator=(const StoreLock&) = delete;

private:
  std::filesystem::path path_;
  int descriptor_ = -1;
};

} // namespace ionsift::store
