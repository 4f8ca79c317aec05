// SPDX-License-Identifier: BSD-3-Clause
// Checkpoints of long trainings.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace ionsift::learn {

/// Where and when a training by epochs saves its state. It resumes from the file if that belongs to the
/// same job, seed and shape, and then ends with the same weights, bit for bit on the CPU, as
/// without an interruption. Other files are overwritten.
struct Checkpoint {
  std::filesystem::path file; ///< HDF5, written under a temporary name and renamed
  std::string job;            ///< everything else that the training depends on, as text
  /// Seconds from one state to the next, and at least 100 times as long as saving one took, so that it costs
  /// less than 1 %; 0: after every epoch.
  double every = 60;
  std::function<bool()> asked = {}; ///< called after every epoch; true: save the state at once
};

} // namespace ionsift::learn
