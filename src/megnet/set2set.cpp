// SPDX-License-Identifier: BSD-3-Clause
#include "set2set.hpp"

#include "ionsift/base/errands.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace ionsift::megnet {

template <typename Scalar>
void Set2Set<Scalar>::run(std::size_t n, const Scalar* rows, const Scalar* weight, Scalar* result) {
  Scalar* memory = memory_.reserve(n * hidden);
  kernels<Scalar>().dense({.rows = static_cast<std::ptrdiff_t>(n),
                           .in = 32,
                           .out = hidden,
                           .x = rows,
                           .w = weights_.memory.kernel.data(),
                           .bias = weights_.memory.bias.data(),
                           .y = memory});
  std::fill_n(result, 2 * hidden, Scalar(0));
  for (int step = 0; step < weights_.steps; ++step) {
    run_errands();
    std::array<Scalar, hidden> h;
    recur(result, h.data());
    std::copy(h.begin(), h.end(), result);
    attend(n, weight, h.data(), result + hidden);
  }
}

template <typename Scalar>
void Set2Set<Scalar>::recur(const Scalar* state, Scalar* h) const {
  const Eigen::Matrix<Scalar, 1, 4 * hidden> z =
      Eigen::Map<const RowVector<Scalar>>(state, 2 * hidden) * weights_.recurrent + weights_.recurrent_bias;
  const auto gate = [](Scalar x) { return std::clamp(Scalar(0.2) * x + Scalar(0.5), Scalar(0), Scalar(1)); };
  for (int k = 0; k < hidden; ++k) {
    const Scalar input = gate(z[k]), candidate = z[2 * hidden + k], output = gate(z[3 * hidden + k]);
    h[k] = output * std::tanh(input * std::tanh(candidate));
  }
}

template <typename Scalar>
void Set2Set<Scalar>::attend(std::size_t n, const Scalar* weight, const Scalar* h, Scalar* mean) {
  using Array = Eigen::Array<Scalar, 1, hidden>;
  const Scalar* memory = memory_.data();
  const Eigen::Map<const Array> query(h);
  Scalar* score = score_.reserve(n);
  Scalar highest = 0;
  for (std::size_t i = 0; i < n; ++i) {
    score[i] = (Eigen::Map<const Array>(memory + i * hidden) * query).sum();
    highest = i == 0 ? score[i] : std::max(highest, score[i]);
  }
  Array total = Array::Zero();
  Scalar norm = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const Scalar attention = weight[i] * std::exp(score[i] - highest);
    total += attention * Eigen::Map<const Array>(memory + i * hidden);
    norm += attention;
  }
  Eigen::Map<Array>{mean} = norm > 0 ? Array(total / norm) : Array::Zero();
}

template class Set2Set<float>;
template class Set2Set<double>;

} // namespace ionsift::megnet
