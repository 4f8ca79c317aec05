// SPDX-License-Identifier: BSD-3-Clause
// The rate of matrix products: that of OpenBLAS, and that of the network's own kernels.
#pragma once

#include <nlohmann/json.hpp>

namespace ionsift::bench {

/// For each shape GFLOP/s of OpenBLAS and of megnet's kernels without and with softplus, the best of several
/// repetitions. "gemm" is OpenBLAS on square matrices of 1,024: the reference for the steps.
/// @param seconds that each measurement takes
nlohmann::json measure_products(double seconds);

} // namespace ionsift::bench
