// SPDX-License-Identifier: BSD-3-Clause
// The forward pass of MEGNet over symmetry-reduced graphs.
#pragma once

#include "ionsift/crystal/representation.hpp"
#include "ionsift/graph/graph.hpp"
#include "ionsift/megnet/parent.hpp"

#include <array>
#include <memory>
#include <optional>
#include <span>

namespace ionsift::megnet {

/// The requested outputs: V0..V3 and the scalar prediction.
struct Request {
  std::array<bool, 4> levels = {false, true, false, false};
  bool prediction = false;
};

template <typename Scalar>
struct Output {
  std::array<Matrix<Scalar>, 4> levels; ///< [rows x 16 or 32]; empty if not requested
  std::optional<double> prediction;     ///< in the parent's unit
};

/// Evaluates one parent. Keeps work space between calls; one instance a thread.
/// Scalar is float for production and double for checks.
template <typename Scalar>
class Network {
public:
  Network(const Parent& parent, const GraphConverter& converter);
  ~Network();
  Network(Network&&) noexcept;
  Network& operator=(Network&&) noexcept;

  /// @param species of each row of the graph (METHOD: v0 = sum of occupancy x embedding)
  /// @throws Error data for an element that the embedding lacks, numeric for a result that is not finite
  Output<Scalar> run(const graph::Graph& graph, std::span<const std::vector<crystal::Species>> species,
                     const Request& request);

private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

extern template class Network<float>;
extern template class Network<double>;

} // namespace ionsift::megnet
