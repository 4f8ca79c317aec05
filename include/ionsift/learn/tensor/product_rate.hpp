// SPDX-License-Identifier: BSD-3-Clause
// Measurement of the speed of matrix products. libtorch stays behind this header.
#pragma once

#include "ionsift/parallel/device.hpp"

namespace ionsift::learn {

/// Rates of products of square matrices, float32, 1e9 operations a second; 2 n^3 operations each.
struct ProductRate {
  double gflops = 0; ///< as in training: libtorch, with this process's threads, on its device
  double plain = 0;  ///< by three plain loops on one core, about what a reference BLAS does
  bool right = true; ///< the device's product agrees with the plain loops

  /// How many times faster one thread is than plain loops. Only of a CPU. An optimised BLAS is 10 to 50 times
  /// faster, a reference BLAS about as fast.
  double advantage(int threads) const { return plain > 0 ? gflops / threads / plain : 0; }
};

/// Measures for about half a second on this rank. Not collective; to know the rate under load every rank
/// calls it at the same time.
ProductRate measure_products(const parallel::DeviceBinding& device);

} // namespace ionsift::learn
