// SPDX-License-Identifier: BSD-3-Clause
#include "extra_trees.hpp"

#include "ionsift/base/errands.hpp"
#include "ionsift/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace ionsift::learn {

namespace {

/// Sums over structures from which the squared error follows.
struct Sums {
  double weight = 0, target = 0; ///< sum of w, of w y
  std::size_t count = 0;

  void add(double w, double y) {
    weight += w;
    target += w * y;
    ++count;
  }
  /// What squares of the mean contribute: the larger the sum over children, the smaller the squared error.
  double gain() const { return target * target / weight; }
};

struct Cut {
  std::int32_t feature = -1;
  double at = 0;
  double gain = 0;
};

/// Grows one tree after the existing ones.
class Grower {
public:
  Grower(const Matrix<double>& x, std::span<const double> target, std::span<const double> weight,
         std::size_t tried, int min_leaf, RandomStream random, ExtraTrees::Nodes& nodes)
      : x_(x), target_(target), weight_(weight), tried_(tried), min_leaf_(static_cast<std::size_t>(min_leaf)),
        random_(std::move(random)), nodes_(nodes), structures_(target.size()),
        columns_(static_cast<std::size_t>(x.cols())) {
    std::iota(structures_.begin(), structures_.end(), std::size_t(0));
    std::iota(columns_.begin(), columns_.end(), std::int32_t(0));
  }

  void grow() {
    nodes_.root.push_back(add_node());
    pending_.push_back({nodes_.root.back(), 0, structures_.size()});
    while (!pending_.empty()) {
      const auto part = pending_.back();
      pending_.pop_back();
      divide(part);
    }
  }

private:
  /// Structures begin .. end - 1 of the list are in a node.
  struct Part {
    std::int32_t node;
    std::size_t begin, end;
  };

  std::int32_t add_node() {
    nodes_.feature.push_back(-1);
    nodes_.cut.push_back(0);
    nodes_.left.push_back(0);
    nodes_.value.push_back(0);
    return static_cast<std::int32_t>(nodes_.feature.size()) - 1;
  }

  std::span<std::size_t> members(const Part& part) {
    return std::span(structures_).subspan(part.begin, part.end - part.begin);
  }
  double value(std::size_t structure, std::int32_t column) const {
    return x_(static_cast<Eigen::Index>(structure), column);
  }

  void divide(const Part& part) {
    run_errands();
    const auto own = members(part);
    Sums sums;
    for (const auto s : own) {
      sums.add(weight_[s], target_[s]);
    }
    const auto node = static_cast<std::size_t>(part.node);
    nodes_.value[node] = sums.target / sums.weight;
    const bool pure =
        std::all_of(own.begin(), own.end(), [&](auto s) { return target_[s] == target_[own.front()]; });
    if (pure || own.size() < 2 * min_leaf_) {
      return;
    }
    const auto cut = best_cut(own);
    if (cut.feature < 0) {
      return;
    }
    const auto right = std::stable_partition(own.begin(), own.end(),
                                             [&](auto s) { return value(s, cut.feature) <= cut.at; });
    const auto middle = part.begin + static_cast<std::size_t>(right - own.begin());
    const auto left_node = add_node();
    const auto right_node = add_node();
    nodes_.feature[node] = cut.feature;
    nodes_.cut[node] = cut.at;
    nodes_.left[node] = left_node;
    pending_.push_back({right_node, middle, part.end});
    pending_.push_back({left_node, part.begin, middle});
  }

  /// The best of one random cut in each of `tried_` random columns that vary among the members. Columns that
  /// do not are skipped, and drawing continues until some cut is allowed or no column is left.
  Cut best_cut(std::span<const std::size_t> own) {
    Cut best;
    std::size_t varying = 0;
    for (std::size_t drawn = 0; drawn < columns_.size() && (varying < tried_ || best.feature < 0); ++drawn) {
      std::swap(columns_[drawn], columns_[drawn + random_.below(columns_.size() - drawn)]);
      const auto column = columns_[drawn];
      double low = value(own.front(), column);
      double high = low;
      for (const auto s : own) {
        low = std::min(low, value(s, column));
        high = std::max(high, value(s, column));
      }
      if (!(high > low)) {
        continue;
      }
      ++varying;
      const double at = random_.uniform(low, high);
      const double gain = gain_of(own, column, at);
      if (gain > best.gain || (best.feature < 0 && gain >= 0)) {
        best = {column, at, gain};
      }
    }
    return best;
  }

  /// Gain of a cut, -1 if a child would be too small.
  double gain_of(std::span<const std::size_t> own, std::int32_t column, double at) const {
    Sums left, right;
    for (const auto s : own) {
      (value(s, column) <= at ? left : right).add(weight_[s], target_[s]);
    }
    return std::min(left.count, right.count) < min_leaf_ ? -1 : left.gain() + right.gain();
  }

  const Matrix<double>& x_;
  std::span<const double> target_, weight_;
  std::size_t tried_, min_leaf_;
  RandomStream random_;
  ExtraTrees::Nodes& nodes_;
  std::vector<std::size_t> structures_;
  std::vector<std::int32_t> columns_;
  std::vector<Part> pending_;
};

} // namespace

ExtraTrees ExtraTrees::grow(const Matrix<double>& x, std::span<const double> target,
                            std::span<const double> weight, const ExtraTreesOptions& options,
                            std::uint64_t seed) {
  const auto n = static_cast<std::size_t>(x.rows());
  IONSIFT_VALIDATE(n > 0 && x.cols() > 0 && target.size() == n && weight.size() == n, data,
                   fmt::format("trees cannot grow from {} structures, {} columns, {} targets and {} weights",
                               n, x.cols(), target.size(), weight.size()),
                   "each structure needs a label, a weight and at least one column",
                   "Give a training set with features.");
  const double columns = static_cast<double>(x.cols());
  const double tried = options.feature_share > 0 ? options.feature_share * columns : std::sqrt(columns);
  ExtraTrees trees;
  trees.columns_ = static_cast<std::size_t>(x.cols());
  for (int tree = 0; tree < options.trees; ++tree) {
    Grower(x, target, weight, std::max<std::size_t>(1, static_cast<std::size_t>(tried)), options.min_leaf,
           RandomStream(seed, static_cast<std::uint64_t>(tree)), trees.nodes_)
        .grow();
  }
  return trees;
}

std::vector<double> ExtraTrees::predict(const Matrix<double>& x) const {
  IONSIFT_VALIDATE(static_cast<std::size_t>(x.cols()) == columns_, conflict,
                   fmt::format("trees over {} columns were applied to {}", columns_, x.cols()),
                   "trees need the columns that they were grown from", "Use the same descriptors.");
  std::vector<double> result(static_cast<std::size_t>(x.rows()), 0.0);
  for (const auto root : nodes_.root) {
    run_errands();
    for (std::size_t s = 0; s < result.size(); ++s) {
      auto node = static_cast<std::size_t>(root);
      while (nodes_.feature[node] >= 0) {
        const bool right = x(static_cast<Eigen::Index>(s), nodes_.feature[node]) > nodes_.cut[node];
        node = static_cast<std::size_t>(nodes_.left[node]) + (right ? 1 : 0);
      }
      result[s] += nodes_.value[node];
    }
  }
  for (auto& value : result) {
    value /= static_cast<double>(nodes_.root.size());
  }
  return result;
}

ExtraTrees ExtraTrees::from_nodes(Nodes nodes, std::size_t columns) {
  const auto n = nodes.feature.size();
  bool sound =
      !nodes.root.empty() && nodes.cut.size() == n && nodes.left.size() == n && nodes.value.size() == n;
  for (std::size_t i = 0; sound && i < n; ++i) {
    // Children follow their parents, so that every walk ends.
    sound = nodes.feature[i] < static_cast<std::int32_t>(columns) &&
            (nodes.feature[i] < 0 || (nodes.left[i] > static_cast<std::int32_t>(i) &&
                                      static_cast<std::size_t>(nodes.left[i]) + 1 < n));
  }
  for (const auto root : nodes.root) {
    sound = sound && root >= 0 && static_cast<std::size_t>(root) < n;
  }
  IONSIFT_VALIDATE(sound, format, "nodes do not form trees",
                   fmt::format("{} nodes of {} trees over {} columns", n, nodes.root.size(), columns),
                   "Train the ensemble again.");
  ExtraTrees trees;
  trees.nodes_ = std::move(nodes);
  trees.columns_ = columns;
  return trees;
}

} // namespace ionsift::learn
