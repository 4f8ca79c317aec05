// SPDX-License-Identifier: BSD-3-Clause
// Facts on libtorch, also in a program that was built without it (IONSIFT_WITH_LEARN=OFF).
#pragma once

#include <string>
#include <vector>

namespace ionsift::cli {

int visible_gpus();
/// See learn/gpus.hpp.
std::vector<std::string> gpu_uuids();
/// "libtorch 1.13.1, CPU"; "none: ..." without it
std::string torch_description();
std::string blas_description();

} // namespace ionsift::cli
