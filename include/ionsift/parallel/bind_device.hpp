// SPDX-License-Identifier: BSD-3-Clause
// Binding of ranks to accelerators that can be distinguished.
#pragma once

#include "ionsift/parallel/device.hpp"

#include <string>
#include <vector>

namespace ionsift::parallel {

/// The rank that is number r on its node takes GPU r modulo the number it sees; collective. Numbers are the
/// launcher's where it has given each rank of the node another one, and else counted by the names of nodes.
/// Sharers are ranks whose device has the same UUID; where there is none, the same entry on the same node in
/// what the launcher shows ($CUDA_VISIBLE_DEVICES, $HIP_VISIBLE_DEVICES, $ROCR_VISIBLE_DEVICES).
/// @param uuids of the devices that this process sees, "" for one that has none; no device binds to the CPU
DeviceBinding bind_device(const Communicator& comm, const std::vector<std::string>& uuids);

} // namespace ionsift::parallel
