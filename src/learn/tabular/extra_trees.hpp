// SPDX-License-Identifier: BSD-3-Clause
// Extremely randomised trees.
#pragma once

#include "ionsift/base/random.hpp"
#include "ionsift/megnet/parent.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace ionsift::learn {

struct ExtraTreesOptions {
  int trees = 300;
  double feature_share = 0.3; ///< share of the columns tried at a node; 0: the square root of their number
  int min_leaf = 2;           ///< smallest number of structures in a leaf
};

/// Extremely randomised regression trees (Geurts, Ernst and Wehenkel, Mach. Learn. 63, 3, 2006): at every
/// node some columns that vary there are drawn, each with a cut drawn evenly between its least and largest
/// value, and the one that lowers the squared error most splits the node. Every tree sees all structures.
/// With targets 0 and 1 this is classification by the Gini criterion, and a prediction is the share of
/// class 1.
class ExtraTrees {
public:
  /// @param x [structures x columns]  @param target [structures]  @param weight [structures] > 0, of each
  /// squared error
  /// @throws Error data without structures or columns, or when lengths differ
  static ExtraTrees grow(const Matrix<double>& x, std::span<const double> target,
                         std::span<const double> weight, const ExtraTreesOptions& options,
                         std::uint64_t seed);

  /// Mean over the trees of the weighted mean target in the leaf that each row falls into.
  /// @throws Error conflict for another number of columns
  std::vector<double> predict(const Matrix<double>& x) const;

  /// All trees one behind the other; children come in pairs, left first.
  struct Nodes {
    std::vector<std::int32_t> feature; ///< column of the split; -1 for a leaf
    std::vector<double> cut;           ///< values up to it go left
    std::vector<std::int32_t> left;    ///< position of the left child; the right one is next to it
    std::vector<double> value;         ///< weighted mean of the target in the node
    std::vector<std::int32_t> root;    ///< [trees]
  };
  const Nodes& nodes() const { return nodes_; }
  std::size_t columns() const { return columns_; }
  /// @throws Error format for nodes that do not form trees over that many columns
  static ExtraTrees from_nodes(Nodes nodes, std::size_t columns);

private:
  Nodes nodes_;
  std::size_t columns_ = 0;
};

} // namespace ionsift::learn
