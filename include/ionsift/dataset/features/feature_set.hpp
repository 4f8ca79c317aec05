// SPDX-License-Identifier: BSD-3-Clause
// Features joined with labels: the input of training and prediction.
#pragma once

#include "ionsift/dataset/descriptors/descriptors.hpp"
#include "ionsift/dataset/descriptors/view.hpp"
#include "ionsift/dataset/labels/labels.hpp"
#include "ionsift/dataset/split/split.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/store/read/reader.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ionsift::dataset {

/// The feature rows of structures in one view, in one block.
struct Rows {
  std::vector<std::uint64_t> first; ///< [structures + 1] row offsets
  std::vector<float> weight;        ///< [rows] multiplicity / sites, sums to 1 in each structure
  Matrix<float> values;             ///< [rows x columns]

  std::size_t size() const { return first.empty() ? 0 : first.size() - 1; } ///< number of structures
  std::size_t columns() const { return static_cast<std::size_t>(values.cols()); }
  /// The rows of the structures at these positions, in that order.
  Rows select(const std::vector<std::size_t>& positions) const;
  /// Weighted means [structures x columns], in double.
  Matrix<double> means() const;
  /// Weighted mean and standard deviation, minimum and maximum of every column [structures x 4 columns].
  Matrix<double> moments() const;
  /// Appends the rows of other structures. @throws Error internal when columns differ
  void append(const Rows& other);
};

/// Structures as input of classifiers: feature rows in one or several views, descriptors of the whole,
/// labels.
struct FeatureSet {
  std::vector<std::string> id;
  std::vector<View> views;               ///< distinct
  std::vector<Rows> rows;                ///< [views], rows of the same structures
  Descriptors descriptors;               ///< descriptors of the same structures
  std::vector<int> label;                ///< [structures] 0 or 1; empty if unlabelled
  std::vector<double> conductivity;      ///< [structures] S/cm; empty if unlabelled
  std::vector<std::uint8_t> upper_bound; ///< [structures] 1: `conductivity` is a bound; empty as above
  std::vector<std::string> formula;      ///< [structures] of table_entries; empty for structures of a store
  double threshold = 1e-4;               ///< S/cm above which a label is 1

  std::size_t size() const { return id.size(); }
  /// The rows in a view. @throws Error conflict when the set does not have it
  const Rows& of(const View& view) const;
  /// The structures at these positions, in that order.
  FeatureSet select(const std::vector<std::size_t>& positions) const;
  /// Appends the structures of `other`.
  /// @throws Error internal when views, columns, descriptors or labelling differ
  void append(const FeatureSet& other);
};

/// Result of joining a store, labels and a split by ids.
struct JoinReport {
  std::size_t used = 0;
  std::vector<std::string> unlabelled; ///< in the store and the set, without a label
  std::vector<std::string> unfeatured; ///< labelled and in the set, not in the store
  std::vector<std::string> empty;      ///< labelled and in the set, without a row in any of the views
  std::vector<std::string> incomplete; ///< the same, without all of the given descriptors
};

/// Labelled structures of one set of the split ("train", "test"; "all" takes every labelled one, whatever
/// its set), in the order of the store. Memory is that of the result. Rows are as `slice` makes them.
/// Collective over `comm`, whose ranks share the work on descriptors.
/// @throws Error usage for a set that the split does not have, data when nothing is left, conflict when a
/// labelled id of the set occurs twice in the store
FeatureSet join(const store::Reader& store, const Content& content, const Labels& labels, const Split* split,
                const std::string& set, JoinReport& report,
                const parallel::Communicator& comm = parallel::Communicator::local());

/// Labelled entries that have only a composition in the table of labels: no views, the block
/// `composition`. Those without a readable composition are listed in `unreadable` and omitted.
FeatureSet table_entries(const Labels& labels, const std::vector<std::string>& ids,
                         std::vector<std::string>& unreadable);

/// Structures first .. first + count of a store, unlabelled. A structure without a row in a view gets one row
/// of zeros and weight 1 there so that positions stay aligned; `empty` marks those without a row in any view,
/// or without all of the given descriptors, which are zeros then.
/// @throws Error usage for the block `given` without `content.given`
FeatureSet slice(const store::Reader& store, const Content& content, std::uint64_t first, std::uint64_t count,
                 std::vector<std::uint8_t>& empty);

} // namespace ionsift::dataset
