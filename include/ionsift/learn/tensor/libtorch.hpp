// SPDX-License-Identifier: BSD-3-Clause
// The libtorch, BLAS and GPUs of this process.
#pragma once

#include <string>
#include <vector>

namespace ionsift::learn {

/// Number of GPUs visible to libtorch in this process.
int visible_gpus();
/// "libtorch 1.13.1".
std::string torch_description();
/// The BLAS of this process and the processor of its kernels: "OpenBLAS 0.3.21, Haswell";
/// "unknown" for others.
std::string blas_description();

/// A UUID for each GPU that libtorch sees, which stays the same however a launcher numbers the devices; ""
/// if this libtorch cannot determine it (it was not built for CUDA).
std::vector<std::string> gpu_uuids();

} // namespace ionsift::learn
