// SPDX-License-Identifier: BSD-3-Clause
// The inner loops, compiled once for each generation of processors and chosen when the program runs.
//
// This header is included by files that are compiled for newer processors. It must not bring in any inline
// function of the standard library: the linker keeps one copy of those, perhaps the one that an older
// processor cannot run.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ionsift::megnet {

/// y = f(x W + bias + addend). All matrices are row-major and dense; `out` is a multiple of 16.
template <typename Scalar>
struct DenseTask {
  std::ptrdiff_t rows = 0;
  std::ptrdiff_t in = 0;
  std::ptrdiff_t out = 0;
  const Scalar* x = nullptr;      ///< [rows x in]
  const Scalar* w = nullptr;      ///< [in x out]
  const Scalar* bias = nullptr;   ///< [out], or null
  const Scalar* addend = nullptr; ///< [rows x out], or null
  Scalar* y = nullptr;            ///< [rows x out]; may be the addend, not x
  bool activate = false;          ///< f(z) = softplus(z) - ln 2 instead of z
};

/// A stretch of distance with equidistant nodes.
struct TableSegment {
  double inverse_step = 0;
  std::int32_t first_node = 0;
  std::int32_t cells = 0; ///< nodes less one
};

/// A function of distance from a table of values and slopes. Segments are equally long, each with nodes as
/// close as it needs.
struct InterpolationTask {
  std::ptrdiff_t points = 0;
  const double* distance = nullptr; ///< angstrom, not negative
  const TableSegment* segments = nullptr;
  std::int32_t segment_count = 0;
  double segment_length = 0;
  const float* table = nullptr; ///< [nodes x 2 x (first + second)]: values, then slopes times the step
  std::ptrdiff_t first = 0, second = 0; ///< columns of the two results; multiples of 16
  float* y_first = nullptr;             ///< [points x first]
  float* y_second = nullptr;            ///< [points x second], or null if not needed
};

template <typename Scalar>
struct Kernels {
  const char* name; ///< "avx512", "avx2", "baseline"
  void (*dense)(const DenseTask<Scalar>& task);
  /// y_r = z_r + sender + receiver[neighbour_r] for `rows` rows of `columns`; z may be null (zero) or y.
  void (*add_ends)(std::ptrdiff_t rows, std::ptrdiff_t columns, const Scalar* z, const Scalar* sender,
                   const Scalar* receivers, const std::int32_t* neighbour, Scalar* y, bool activate);
  /// sum += sum over rows of count_r y_r
  void (*accumulate)(std::ptrdiff_t rows, std::ptrdiff_t columns, const std::int32_t* count, const Scalar* y,
                     Scalar* sum);
  void (*interpolate)(const InterpolationTask& task);
};

/// The fastest set that this processor can run. Sums are formed in another order than on other processors, so
/// that results differ between them by rounding.
template <typename Scalar>
const Kernels<Scalar>& kernels();

/// Every set that this processor can run, slowest first.
template <typename Scalar>
struct KernelSets {
  const Kernels<Scalar>* set[3] = {};
  int size = 0;
};
template <typename Scalar>
KernelSets<Scalar> all_kernels();

} // namespace ionsift::megnet
