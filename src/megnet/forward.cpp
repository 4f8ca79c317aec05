// SPDX-License-Identifier: BSD-3-Clause
#include "forward.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/crystal/chemistry/element.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ionsift::megnet {

namespace {

template <typename Scalar>
void validate_finite(const Scalar* values, std::size_t size, int level) {
  IONSIFT_VALIDATE(std::all_of(values, values + size, [](Scalar x) { return std::isfinite(x); }), numeric,
                   fmt::format("V{} holds a value that is not finite", level),
                   "the network's input lies far outside of what it was made for",
                   "Check the structure's distances and occupancies.");
}

} // namespace

template <typename Scalar>
Forward<Scalar>::Forward(const Parent& parent, const GraphConverter& converter)
    : weights_(parent.weights.cast<Scalar>()), blocks_(parent.weights, converter),
      readout_v_(weights_.readout_v), readout_e_(weights_.readout_e), sigmoid_(parent.sigmoid) {
  if (!parent.elements.empty()) {
    unseen_.assign(static_cast<std::size_t>(weights_.embedding.rows()), true);
    for (const int number : parent.elements) {
      unseen_.at(static_cast<std::size_t>(number)) = false;
    }
  }
  const std::array<Scalar, 2> no_state = {};
  std::array<Scalar, hidden_width> hidden;
  apply(weights_.first_u[0], 1, no_state.data(), hidden.data(), true);
  apply(weights_.first_u[1], 1, hidden.data(), first_u_.data(), true);
}

template <typename Scalar>
const Scalar* Forward<Scalar>::embed(std::span<const std::vector<crystal::Species>> species) {
  const auto width = weights_.embedding.cols();
  Scalar* rows = vertices_.reserve(species.size() * feature_width);
  for (std::size_t row = 0; row < species.size(); ++row) {
    Eigen::Map<RowVector<Scalar>> v(rows + row * width, width);
    v.setZero();
    for (const auto& one : species[row]) {
      IONSIFT_VALIDATE(one.atomic_number > 0 && one.atomic_number < weights_.embedding.rows(), data,
                       fmt::format("the network knows no element with the number {}", one.atomic_number),
                       fmt::format("its embedding ends with element {}", weights_.embedding.rows() - 1),
                       "Leave the structure out.");
      IONSIFT_VALIDATE(unseen_.empty() || !unseen_[static_cast<std::size_t>(one.atomic_number)], data,
                       fmt::format("the parent has not learned the element {}",
                                   crystal::element(one.atomic_number).symbol),
                       "no structure that it was trained on holds it",
                       "Use the published weights (docs/data.md lists their place) with --parent, or leave "
                       "the structure out.");
      v += static_cast<Scalar>(one.occupancy) * weights_.embedding.row(one.atomic_number);
    }
  }
  validate_finite(rows, species.size() * width, 0);
  return rows;
}

template <typename Scalar>
void Forward<Scalar>::start(std::size_t rows) {
  apply(weights_.first_v[0], rows, vertices_.data(), hidden_.reserve(rows * hidden_width), true);
  apply(weights_.first_v[1], rows, hidden_.data(), state_.v.reserve(rows * feature_width), true);
  state_.u = first_u_;
}

template <typename Scalar>
const Scalar* Forward<Scalar>::block(int k, const graph::Graph& graph, bool keep_edges) {
  Scalar* v = vertices_.reserve(graph.rows() * feature_width);
  blocks_.run(k, graph, keep_edges, state_, v);
  validate_finite(v, graph.rows() * feature_width, k + 1);
  return v;
}

template <typename Scalar>
double Forward<Scalar>::predict(const graph::Graph& graph) {
  Scalar* site_weight = site_weight_.reserve(graph.rows());
  Scalar* edge_weight = edge_weight_.reserve(graph.edges());
  for (std::size_t row = 0; row < graph.rows(); ++row) {
    site_weight[row] = static_cast<Scalar>(graph.multiplicity[row]);
    for (auto edge = graph.first_edge[row]; edge < graph.first_edge[row + 1]; ++edge) {
      edge_weight[edge] = site_weight[row] * static_cast<Scalar>(graph.count[edge]);
    }
  }
  std::array<Scalar, 3 * feature_width> features;
  readout_v_.run(graph.rows(), state_.v.data(), site_weight, features.data());
  readout_e_.run(graph.edges(), state_.e.data(), edge_weight, features.data() + feature_width);
  std::copy(state_.u.begin(), state_.u.end(), features.begin() + 2 * feature_width);

  std::array<Scalar, feature_width> first;
  std::array<Scalar, 16> second;
  apply(weights_.readout[0], 1, features.data(), first.data(), true);
  apply(weights_.readout[1], 1, first.data(), second.data(), true);
  double result = weights_.readout[2].bias[0];
  for (Eigen::Index c = 0; c < 16; ++c) {
    result += static_cast<double>(second[c]) * weights_.readout[2].kernel(c, 0);
  }
  IONSIFT_VALIDATE(std::isfinite(result), numeric, "the prediction is not finite",
                   "the network's input lies far outside of what it was made for",
                   "Check the structure's distances and occupancies.");
  return sigmoid_ ? 1 / (1 + std::exp(-result)) : result;
}

template class Forward<float>;
template class Forward<double>;

} // namespace ionsift::megnet
