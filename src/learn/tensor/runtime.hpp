// SPDX-License-Identifier: BSD-3-Clause
// How this process uses libtorch.
#pragma once

#include "ionsift/parallel/device.hpp"

#include <c10/core/Device.h>

namespace ionsift::learn {

/// Threads and memory as the short steps of small networks want them. Cheap; call it before any work.
void prepare_libtorch();

at::Device device_of(const parallel::DeviceBinding& binding);

} // namespace ionsift::learn
