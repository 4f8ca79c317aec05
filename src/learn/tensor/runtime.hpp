// SPDX-License-Identifier: BSD-3-Clause
// Runtime settings of libtorch in this process.
#pragma once

#include "ionsift/parallel/device.hpp"

#include <c10/core/Device.h>

namespace ionsift::learn {

/// Threads and memory tuned for the short steps of small networks. Cheap; call it before any work.
void prepare_libtorch();

at::Device device_of(const parallel::DeviceBinding& binding);

} // namespace ionsift::learn
