// SPDX-License-Identifier: BSD-3-Clause
// The loops of a LAMB step, for each generation of processors.
#pragma once

#include <cstddef>

namespace ionsift::learn {

/// Parameters of the loop over one tensor.
template <typename T>
struct LambFactors {
  T beta1, beta2;
  T bias1, bias2; ///< 1 / (1 - beta^step)
  T epsilon;
};

struct LambSquares {
  double weight = 0, update = 0; ///< sums of squares
};

/// Moves both moments and writes u = bias1 m / (sqrt(bias2 v) + epsilon).
/// @param first, second [n] moments  @param update [n], written
LambSquares lamb_moments(const LambFactors<float>& factors, std::size_t n, const float* weight,
                         const float* gradient, float* first, float* second, float* update);
LambSquares lamb_moments(const LambFactors<double>& factors, std::size_t n, const double* weight,
                         const double* gradient, double* first, double* second, double* update);

/// weight -= rate update.
void lamb_move(std::size_t n, float rate, const float* update, float* weight);
void lamb_move(std::size_t n, double rate, const double* update, double* weight);

} // namespace ionsift::learn
