// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/megnet/network.hpp"

#include "ionsift/base/assertion.hpp"

#include "forward.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ionsift::megnet {

namespace {

/// How many blocks a request needs.
int depth_of(const Request& request) {
  int depth = request.prediction ? 3 : 0;
  for (int level = 1; level <= 3; ++level) {
    depth = request.levels[level] ? std::max(depth, level) : depth;
  }
  return depth;
}

} // namespace

template <typename Scalar>
class Network<Scalar>::Implementation {
public:
  Implementation(const Parent& parent, const GraphConverter& converter) : forward_(parent, converter) {}

  Output<Scalar> run(const graph::Graph& graph, std::span<const std::vector<crystal::Species>> species,
                     const Request& request) {
    IONSIFT_ASSERT(species.size() == graph.rows(),
                   fmt::format("species of {} rows for a graph of {}", species.size(), graph.rows()));
    Output<Scalar> output;
    const int depth = depth_of(request);
    keep(0, request, embedding_width, forward_.embed(species), graph.rows(), output);
    if (depth > 0) {
      forward_.start(graph.rows());
    }
    for (int k = 0; k < depth; ++k) {
      const Scalar* v = forward_.block(k, graph, k + 1 < depth || request.prediction);
      keep(k + 1, request, feature_width, v, graph.rows(), output);
    }
    if (request.prediction && graph.rows() > 0) {
      output.prediction = forward_.predict(graph);
    }
    return output;
  }

private:
  static void keep(int level, const Request& request, std::size_t width, const Scalar* values,
                   std::size_t rows, Output<Scalar>& output) {
    if (request.levels[level]) {
      output.levels[level] = Eigen::Map<const Matrix<Scalar>>(values, static_cast<Eigen::Index>(rows),
                                                              static_cast<Eigen::Index>(width));
    }
  }

  Forward<Scalar> forward_;
};

template <typename Scalar>
Network<Scalar>::Network(const Parent& parent, const GraphConverter& converter)
    : implementation_(std::make_unique<Implementation>(parent, converter)) {
}
template <typename Scalar>
Network<Scalar>::~Network() = default;
template <typename Scalar>
Network<Scalar>::Network(Network&&) noexcept = default;
template <typename Scalar>
Network<Scalar>& Network<Scalar>::operator=(Network&&) noexcept = default;

template <typename Scalar>
Output<Scalar> Network<Scalar>::run(const graph::Graph& graph,
                                    std::span<const std::vector<crystal::Species>> species,
                                    const Request& request) {
  return implementation_->run(graph, species, request);
}

template class Network<float>;
template class Network<double>;

} // namespace ionsift::megnet
