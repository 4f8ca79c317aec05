// SPDX-License-Identifier: BSD-3-Clause
// A command's output folder, held against other runs.
#pragma once

#include "ionsift/base/run_lock.hpp"
#include "ionsift/parallel/communicator.hpp"

#include <filesystem>
#include <optional>

namespace ionsift::cli {

/// Makes a folder and holds its lock as long as it lives, so that two runs do not write into it at once.
class HeldFolder {
public:
  /// Collective. @throws Error conflict naming the other run, io
  HeldFolder(const parallel::Communicator& comm, const std::filesystem::path& folder);

private:
  std::optional<RunLock> lock_; ///< on rank 0
};

/// The same for a file, whose folder is made.
class HeldFile {
public:
  /// Collective. @throws Error conflict naming the other run, io
  HeldFile(const parallel::Communicator& comm, const std::filesystem::path& file);

private:
  std::optional<RunLock> lock_; ///< on rank 0
};

} // namespace ionsift::cli
