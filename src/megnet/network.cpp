#include "ionsift/megnet/network.hpp"

#include "ionsift/base/error.hpp"

#include "block.hpp"
#include "set2set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

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

template <typename Scalar>
void validate_finite(const Scalar* values, std::size_t size, int level) {
  IONSIFT_VALIDATE(std::all_of(values, values + size, [](Scalar x) { return std::isfinite(x); }), numeric,
                   fmt::format("V{} holds a value that is not finite", level),
                   "the network's input lies far outside of what it was made for",
                   "Check the structure's distances and occupancies.");
}

} // namespace

template <typename Scalar>
class Network<Scalar>::Implementation {
public:
  Implementation(const Parent& parent, const GraphConverter& converter)
      : weights_(parent.weights.cast<Scalar>()), blocks_(parent.weights, converter),
        readout_v_(weights_.readout_v), readout_e_(weights_.readout_e), sigmoid_(parent.sigmoid) {
    const std::array<Scalar, 2> no_state = {};
    std::array<Scalar, hidden_width> hidden;
    apply(weights_.first_u[0], 1, no_state.data(), hidden.data(), true);
    apply(weights_.first_u[1], 1, hidden.data(), first_u_.data(), true);
  }

  Output<Scalar> run(const graph::Graph& graph, std::span<const std::vector<crystal::Species>> species,
                     const Request& request) {
    IONSIFT_VALIDATE(species.size() == graph.rows(), internal,
                     fmt::format("species of {} rows for a graph of {}", species.size(), graph.rows()),
                     "every row needs its species", "Report this structure.");
    Output<Scalar> output;
    const int depth = depth_of(request);
    embed(species);
    keep(0, request, 16, vertices_.data(), graph.rows(), output);
    if (depth > 0) {
      start(graph.rows());
    }
    for (int k = 0; k < depth; ++k) {
      Scalar* v = vertices_.reserve(graph.rows() * feature_width);
      blocks_.run(k, graph, k + 1 < depth || request.prediction, state_, v);
      validate_finite(v, graph.rows() * feature_width, k + 1);
      keep(k + 1, request, feature_width, v, graph.rows(), output);
    }
    if (request.prediction && graph.rows() > 0) {
      output.prediction = predict(graph);
    }
    return output;
  }

private:
  void embed(std::span<const std::vector<crystal::Species>> species) {
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
        v += static_cast<Scalar>(one.occupancy) * weights_.embedding.row(one.atomic_number);
      }
    }
    validate_finite(rows, species.size() * width, 0);
  }

  /// From the embedding to the input of block 1.
  void start(std::size_t rows) {
    apply(weights_.first_v[0], rows, vertices_.data(), hidden_.reserve(rows * hidden_width), true);
    apply(weights_.first_v[1], rows, hidden_.data(), state_.v.reserve(rows * feature_width), true);
    state_.u = first_u_;
  }

  static void keep(int level, const Request& request, std::size_t width, const Scalar* values,
                   std::size_t rows, Output<Scalar>& output) {
    if (request.levels[level]) {
      output.levels[level] = Eigen::Map<const Matrix<Scalar>>(values, static_cast<Eigen::Index>(rows),
                                                              static_cast<Eigen::Index>(width));
    }
  }

  double predict(const graph::Graph& graph) {
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

  Weights<Scalar> weights_;
  Blocks<Scalar> blocks_;
  Set2Set<Scalar> readout_v_, readout_e_;
  bool sigmoid_;
  Features<Scalar> first_u_; ///< the global state that enters block 1; the same for all structures
  State<Scalar> state_;
  Workspace<Scalar> vertices_, hidden_, site_weight_, edge_weight_;
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
