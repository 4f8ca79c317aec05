// SPDX-License-Identifier: BSD-3-Clause
#include "lamb_loops.hpp"

#include <cmath>

// One root and one division for each of 1.7 million weights in every step: with the instructions that all
// x86-64 processors have, these take longer than moving the memory. The compiler makes one copy for each
// generation, and the loader chooses.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define IONSIFT_EACH_PROCESSOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define IONSIFT_EACH_PROCESSOR
#endif

namespace ionsift::learn {

namespace {

template <typename T>
[[gnu::always_inline]] inline LambSquares moments(const LambFactors<T>& factors, std::size_t n,
                                                  const T* weight, const T* gradient, T* __restrict first,
                                                  T* __restrict second, T* __restrict update) {
  // Copies with names of their own: clang before 16 takes no structured bindings into OpenMP's loops.
  const T beta1 = factors.beta1;
  const T beta2 = factors.beta2;
  const T bias1 = factors.bias1;
  const T bias2 = factors.bias2;
  const T epsilon = factors.epsilon;
  double weights = 0;
  double updates = 0;
#pragma omp simd reduction(+ : weights, updates)
  for (std::size_t i = 0; i < n; ++i) {
    const T g = gradient[i];
    const T m = beta1 * first[i] + (1 - beta1) * g;
    const T v = beta2 * second[i] + (1 - beta2) * g * g;
    const T u = bias1 * m / (std::sqrt(bias2 * v) + epsilon);
    first[i] = m;
    second[i] = v;
    update[i] = u;
    weights += static_cast<double>(weight[i]) * static_cast<double>(weight[i]);
    updates += static_cast<double>(u) * static_cast<double>(u);
  }
  return {weights, updates};
}

template <typename T>
[[gnu::always_inline]] inline void move(std::size_t n, T rate, const T* __restrict update,
                                        T* __restrict weight) {
#pragma omp simd
  for (std::size_t i = 0; i < n; ++i) {
    weight[i] -= rate * update[i];
  }
}

} // namespace

IONSIFT_EACH_PROCESSOR
LambSquares lamb_moments(const LambFactors<float>& factors, std::size_t n, const float* weight,
                         const float* gradient, float* first, float* second, float* update) {
  return moments(factors, n, weight, gradient, first, second, update);
}

IONSIFT_EACH_PROCESSOR
LambSquares lamb_moments(const LambFactors<double>& factors, std::size_t n, const double* weight,
                         const double* gradient, double* first, double* second, double* update) {
  return moments(factors, n, weight, gradient, first, second, update);
}

IONSIFT_EACH_PROCESSOR
void lamb_move(std::size_t n, float rate, const float* update, float* weight) {
  move(n, rate, update, weight);
}

IONSIFT_EACH_PROCESSOR
void lamb_move(std::size_t n, double rate, const double* update, double* weight) {
  move(n, rate, update, weight);
}

} // namespace ionsift::learn
