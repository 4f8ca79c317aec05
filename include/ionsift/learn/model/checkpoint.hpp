// SPDX-License-Identifier: BSD-3-Clause
// Keeping the state of a training that takes long.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace ionsift::learn {

/// Where a training by epochs keeps its state, and when. It goes on from the file where that belongs to the
/// same job, seed and shape, and then ends with the weights, bit for bit on the CPU, that it would have had
/// without a break. Other files are written over.
struct Checkpoint {
  std::filesystem::path file; ///< HDF5, written beside and renamed
  std::string job;            ///< everything else that the training depends on, as text
  /// Seconds from one state to the next, and at least 100 times as long as keeping one took, so that it costs
  /// less than 1 %; 0: after every epoch.
  double every = 60;
  std::function<bool()> asked = {}; ///< asked after every epoch; true: the state is wanted at once
};

} // namespace ionsift::learn
