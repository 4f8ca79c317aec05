// SPDX-License-Identifier: BSD-3-Clause
// Which libtorch, BLAS and GPUs this process has.
#pragma once

#include <string>
#include <vector>

namespace ionsift::learn {

/// GPUs that libtorch sees in this process.
int visible_gpus();
/// "libtorch 1.13.1".
std::string torch_description();
/// Which BLAS this process has, and for which processor it chose its kernels: "OpenBLAS 0.3.21, Haswell";
/// "unknown" for others.
std::string blas_description();

/// A UUID for each GPU that libtorch sees, which stays the same however a launcher numbers the devices; ""
/// where this libtorch cannot tell it (it was not built for CUDA).
std::vector<std::string> gpu_uuids();

} // namespace ionsift::learn
