// SPDX-License-Identifier: BSD-3-Clause
// The inner loops themselves, for the vectors of the processor that the including file is compiled for.
// Everything is in an unnamed namespace, so that each including file keeps its own.
#include "kernels.hpp"

#if defined(__AVX__)
#include <immintrin.h>
#endif

namespace ionsift::megnet {
namespace {

#if defined(__AVX512F__)
constexpr int vector_bytes = 64;
constexpr int rows_at_once = 8;
#elif defined(__AVX__)
constexpr int vector_bytes = 32;
constexpr int rows_at_once = 6;
#else
constexpr int vector_bytes = 16;
constexpr int rows_at_once = 4;
#endif

template <typename Scalar>
struct Simd;
template <>
struct Simd<float> {
  typedef float Vector __attribute__((vector_size(vector_bytes)));
  typedef std::uint32_t Integers __attribute__((vector_size(vector_bytes)));
  static constexpr int lanes = vector_bytes / 4;
};
template <>
struct Simd<double> {
  typedef double Vector __attribute__((vector_size(vector_bytes)));
  static constexpr int lanes = vector_bytes / 8;
};

#define IONSIFT_INLINE inline __attribute__((always_inline))

template <typename Vector, typename Scalar>
IONSIFT_INLINE void load(Vector& vector, const Scalar* from) {
  __builtin_memcpy(&vector, from, sizeof(Vector));
}

template <typename Vector, typename Scalar>
IONSIFT_INLINE void store(Scalar* to, const Vector& vector) {
  __builtin_memcpy(to, &vector, sizeof(Vector));
}

// Written with the processor's own instructions: from x > y ? x : y the compiler makes two, since they differ
// for what is no number. The second argument is returned when either is none, so that it is not lost on the
// way.
#if defined(__AVX512F__)
// With a mask, since GCC 12 sees an uninitialised value in the forms without (GCC bug 105593).
constexpr __mmask16 all_lanes = 0xFFFF;
IONSIFT_INLINE Simd<float>::Vector larger(Simd<float>::Vector a, Simd<float>::Vector b) {
  return _mm512_maskz_max_ps(all_lanes, a, b);
}
IONSIFT_INLINE Simd<float>::Vector minus_magnitude(Simd<float>::Vector x) {
  return _mm512_or_ps(x, _mm512_set1_ps(-0.0f));
}
/// x 2^n
IONSIFT_INLINE Simd<float>::Vector scaled(Simd<float>::Vector x, Simd<float>::Vector n, Simd<float>::Vector) {
  return _mm512_maskz_scalef_ps(all_lanes, x, n);
}
#else
#if defined(__AVX__)
IONSIFT_INLINE Simd<float>::Vector larger(Simd<float>::Vector a, Simd<float>::Vector b) {
  return _mm256_max_ps(a, b);
}
IONSIFT_INLINE Simd<float>::Vector minus_magnitude(Simd<float>::Vector x) {
  return _mm256_or_ps(x, _mm256_set1_ps(-0.0f));
}
#else
IONSIFT_INLINE Simd<float>::Vector larger(Simd<float>::Vector a, Simd<float>::Vector b) {
  return a > b ? a : b;
}
IONSIFT_INLINE Simd<float>::Vector minus_magnitude(Simd<float>::Vector x) {
  const Simd<float>::Vector zero = {};
  return x > zero ? -x : x;
}
#endif
/// x 2^n; n stands in the lowest bits of `shifted`
IONSIFT_INLINE Simd<float>::Vector scaled(Simd<float>::Vector x, Simd<float>::Vector,
                                          Simd<float>::Vector shifted) {
  using Integers = Simd<float>::Integers;
  const Integers power = (reinterpret_cast<Integers>(shifted) + 127u) << 23;
  return x * reinterpret_cast<Simd<float>::Vector>(power);
}
#endif

/// softplus(x) - ln 2 = max(x, 0) + log(1 + exp(-|x|)) - ln 2, each factor a polynomial through Chebyshev's
/// nodes: exp of degree 5 on half an octave (error 8e-8), log1p of degree 8 on [0, 1] (error 4e-8).
IONSIFT_INLINE void activate(Simd<float>::Vector& x) {
  using Vector = Simd<float>::Vector;
  const Vector zero = {};
  const Vector positive = larger(zero, x);
  const Vector y = larger(zero - 87.0f, minus_magnitude(x));

  // y = n ln 2 + r; adding 1.5 * 2^23 rounds to a whole number, which then stands in the lowest bits.
  constexpr float rounder = 12582912.0f;
  const Vector shifted = y * 1.44269504f + rounder;
  const Vector n = shifted - rounder;
  const Vector r = (y - n * 0.693145751953125f) - n * 1.42860677e-6f;
  Vector e = r * 0.00836915567f + 0.0419175575f;
  e = e * r + 0.166665052f;
  e = e * r + 0.499988689f;
  e = e * r + 1.0f;
  e = e * r + 1.00000008f;
  e = scaled(e, n, shifted);

  Vector l = e * -0.00600660504f + 0.0342645999f;
  l = l * e + -0.0922904173f;
  l = l * e + 0.16499813f;
  l = l * e + -0.239433371f;
  l = l * e + 0.331446652f;
  l = l * e + -0.499825499f;
  l = l * e + 0.99999363f;
  l = l * e + -0.693147141f;
  x = positive + l;
}

/// In double by the mathematical library: slower, and independent of the polynomials that it checks.
IONSIFT_INLINE void activate(Simd<double>::Vector& x) {
  for (int i = 0; i < Simd<double>::lanes; ++i) {
    const double value = x[i];
    const double magnitude = __builtin_fabs(value);
    x[i] = (value > 0 ? value : 0) + __builtin_log1p(__builtin_exp(-magnitude)) - 0.693147180559945309417;
  }
}

/// `Rows` rows times `Vectors` vectors of columns, held in registers over the whole sum.
template <typename Scalar, int Rows, int Vectors>
IONSIFT_INLINE void dense_block(const DenseTask<Scalar>& task, std::ptrdiff_t row, std::ptrdiff_t column) {
  using Vector = typename Simd<Scalar>::Vector;
  constexpr int lanes = Simd<Scalar>::lanes;
  Vector sum[Rows][Vectors];
  for (int v = 0; v < Vectors; ++v) {
    Vector start = {};
    if (task.bias) {
      load(start, task.bias + column + v * lanes);
    }
    for (int r = 0; r < Rows; ++r) {
      sum[r][v] = start;
      if (task.addend) {
        Vector addend;
        load(addend, task.addend + (row + r) * task.out + column + v * lanes);
        sum[r][v] += addend;
      }
    }
  }
  const Scalar* x = task.x + row * task.in;
  const Scalar* w = task.w + column;
  for (std::ptrdiff_t k = 0; k < task.in; ++k, w += task.out) {
    Vector weights[Vectors];
    for (int v = 0; v < Vectors; ++v) {
      load(weights[v], w + v * lanes);
    }
    for (int r = 0; r < Rows; ++r) {
      const Scalar factor = x[r * task.in + k];
      for (int v = 0; v < Vectors; ++v) {
        sum[r][v] += factor * weights[v];
      }
    }
  }
  for (int r = 0; r < Rows; ++r) {
    for (int v = 0; v < Vectors; ++v) {
      if (task.activate) {
        activate(sum[r][v]);
      }
      store(task.y + (row + r) * task.out + column + v * lanes, sum[r][v]);
    }
  }
}

template <typename Scalar, int Vectors>
IONSIFT_INLINE void dense_columns(const DenseTask<Scalar>& task, std::ptrdiff_t column) {
  std::ptrdiff_t row = 0;
  for (; row + rows_at_once <= task.rows; row += rows_at_once) {
    dense_block<Scalar, rows_at_once, Vectors>(task, row, column);
  }
  // What is left, in powers of two: most matrices of vertices are smaller than a block.
  const std::ptrdiff_t left = task.rows - row;
  if (left & 4) {
    dense_block<Scalar, 4, Vectors>(task, row, column);
    row += 4;
  }
  if (left & 2) {
    dense_block<Scalar, 2, Vectors>(task, row, column);
    row += 2;
  }
  if (left & 1) {
    dense_block<Scalar, 1, Vectors>(task, row, column);
  }
}

template <typename Scalar>
void dense(const DenseTask<Scalar>& task) {
  constexpr std::ptrdiff_t wide = 2 * Simd<Scalar>::lanes;
  std::ptrdiff_t column = 0;
  for (; column + wide <= task.out; column += wide) {
    dense_columns<Scalar, 2>(task, column);
  }
  for (; column < task.out; column += wide / 2) {
    dense_columns<Scalar, 1>(task, column);
  }
}

template <typename Scalar>
void add_ends(std::ptrdiff_t rows, std::ptrdiff_t columns, const Scalar* z, const Scalar* sender,
              const Scalar* receivers, const std::int32_t* neighbour, Scalar* y, bool activated) {
  using Vector = typename Simd<Scalar>::Vector;
  for (std::ptrdiff_t r = 0; r < rows; ++r) {
    const Scalar* receiver = receivers + neighbour[r] * columns;
    for (std::ptrdiff_t c = 0; c < columns; c += Simd<Scalar>::lanes) {
      Vector sum, other;
      load(sum, sender + c);
      load(other, receiver + c);
      sum += other;
      if (z) {
        load(other, z + r * columns + c);
        sum += other;
      }
      if (activated) {
        activate(sum);
      }
      store(y + r * columns + c, sum);
    }
  }
}

template <typename Scalar>
void accumulate(std::ptrdiff_t rows, std::ptrdiff_t columns, const std::int32_t* count, const Scalar* y,
                Scalar* sum) {
  using Vector = typename Simd<Scalar>::Vector;
  for (std::ptrdiff_t c = 0; c < columns; c += Simd<Scalar>::lanes) {
    Vector total, value;
    load(total, sum + c);
    for (std::ptrdiff_t r = 0; r < rows; ++r) {
      load(value, y + r * columns + c);
      total += static_cast<Scalar>(count[r]) * value;
    }
    store(sum + c, total);
  }
}

IONSIFT_INLINE void hermite(const float* node, std::ptrdiff_t offset, std::ptrdiff_t width,
                            const float (&weight)[4], std::ptrdiff_t columns, float* y) {
  using Vector = Simd<float>::Vector;
  for (std::ptrdiff_t c = 0; c < columns; c += Simd<float>::lanes) {
    Vector part[4];
    for (int k = 0; k < 4; ++k) {
      load(part[k], node + k * width + offset + c);
    }
    store(y + c, weight[0] * part[0] + weight[1] * part[1] + weight[2] * part[2] + weight[3] * part[3]);
  }
}

void interpolate(const InterpolationTask& task) {
  const std::ptrdiff_t width = task.first + task.second;
  const double segments_per_length = 1 / task.segment_length;
  for (std::ptrdiff_t p = 0; p < task.points; ++p) {
    std::int32_t index = static_cast<std::int32_t>(task.distance[p] * segments_per_length);
    index = index < task.segment_count ? index : task.segment_count - 1;
    const TableSegment segment = task.segments[index];
    const double place = (task.distance[p] - index * task.segment_length) * segment.inverse_step;
    std::int32_t cell = static_cast<std::int32_t>(place);
    cell = cell < segment.cells ? cell : segment.cells - 1;
    const float t = static_cast<float>(place - cell);
    const float s = 1 - t;
    const float weight[4] = {(1 + 2 * t) * s * s, t * s * s, (3 - 2 * t) * t * t, -s * t * t};
    const float* node = task.table + (segment.first_node + cell) * 2 * width;
    hermite(node, 0, width, weight, task.first, task.y_first + p * task.first);
    if (task.y_second) {
      hermite(node, task.first, width, weight, task.second, task.y_second + p * task.second);
    }
  }
}

#undef IONSIFT_INLINE

} // namespace
} // namespace ionsift::megnet

/// Defines the sets of kernels of one file.
#define IONSIFT_KERNELS(SET)                                                                                 \
  namespace ionsift::megnet {                                                                                \
  extern const Kernels<float> SET##_float;                                                                   \
  extern const Kernels<double> SET##_double;                                                                 \
  const Kernels<float> SET##_float = {#SET, dense<float>, add_ends<float>, accumulate<float>, interpolate};  \
  const Kernels<double> SET##_double = {#SET, dense<double>, add_ends<double>, accumulate<double>,           \
                                        interpolate};                                                        \
  }
