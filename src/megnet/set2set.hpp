// SPDX-License-Identifier: BSD-3-Clause
// The readout over a set of rows (METHOD: section 3, set2set as published).
#pragma once

#include "ionsift/megnet/parent.hpp"

#include "kernels.hpp"
#include "workspace.hpp"

#include <cstddef>

namespace ionsift::megnet {

template <typename Scalar>
class Set2Set {
public:
  explicit Set2Set(const Set2SetWeights<Scalar>& weights) : weights_(weights) {}

  /// @param rows   [n x 32]
  /// @param weight [n] how many members of the set a row stands for
  /// @param result [32] hidden state, then attended memory (zero for an empty set)
  void run(std::size_t n, const Scalar* rows, const Scalar* weight, Scalar* result);

private:
  static constexpr int hidden = 16;
  /// h = o tanh(i tanh(g)); no cell state is carried over, so that f has no effect.
  void recur(const Scalar* state, Scalar* h) const;
  /// Weighted mean of the memory, the weights being softmax(m . h) times `weight`.
  void attend(std::size_t n, const Scalar* weight, const Scalar* h, Scalar* mean);

  Set2SetWeights<Scalar> weights_;
  Workspace<Scalar> memory_, score_;
};

extern template class Set2Set<float>;
extern template class Set2Set<double>;

} // namespace ionsift::megnet
