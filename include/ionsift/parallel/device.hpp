// SPDX-License-Identifier: BSD-3-Clause
// The accelerator of a rank.
#pragma once

#include "ionsift/parallel/communicator.hpp"

#include <string>

namespace ionsift::parallel {

struct DeviceBinding {
  int local_rank = 0; ///< rank among those of this node
  int local_size = 1; ///< ranks on this node
  int gpu = -1;       ///< index of the GPU, or -1 for the CPU
  int sharers = 1;    ///< ranks of this node with the same GPU; 1 on the CPU

  /// "cpu" or "cuda:1".
  std::string name() const;
};

/// Local rank r takes GPU r modulo the number it sees; collective. libtorch, which counts the devices,
/// lives in `learn`, hence the parameter. If the launcher gives each rank its own devices
/// ($CUDA_VISIBLE_DEVICES), sharers are those with the same entry.
/// @param visible_gpus number of devices that this process sees; 0 binds to the CPU
DeviceBinding bind_device(const Communicator& comm, int visible_gpus);

} // namespace ionsift::parallel
