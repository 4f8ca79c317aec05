// Features and labels joined: what a classifier is trained on and asked about.
#pragma once

#include "ionsift/dataset/labels.hpp"
#include "ionsift/dataset/split.hpp"
#include "ionsift/store/reader.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ionsift::dataset {

/// Structures with their feature rows, in one block.
struct FeatureSet {
  std::vector<std::string> id;
  std::vector<std::uint64_t> first; ///< [structures + 1] row offsets
  std::vector<float> weight;        ///< [rows] multiplicity / sites, sums to 1 in each structure
  megnet::Matrix<float> values;     ///< [rows x columns]
  std::vector<int> label;           ///< [structures] 0 or 1; empty where unlabelled
  std::vector<double> conductivity; ///< [structures] S/cm; empty where unlabelled

  std::size_t size() const { return id.size(); }
  std::size_t columns() const { return static_cast<std::size_t>(values.cols()); }
  /// The structures with these positions, in that order.
  FeatureSet select(const std::vector<std::size_t>& positions) const;
  /// Weighted means of the rows [structures x columns], in double.
  megnet::Matrix<double> means() const;
  /// Puts the structures of `other` behind these. @throws Error internal when columns or labelling differ
  void append(const FeatureSet& other);
};

/// What became of the ids when a store, labels and a split were joined.
struct JoinReport {
  std::size_t used = 0;
  std::vector<std::string> unlabelled; ///< in the store and the set, without a label
  std::vector<std::string> unfeatured; ///< labelled and in the set, not in the store
  std::vector<std::string> empty;      ///< labelled and in the set, without a row in this representation
};

/// Labelled structures of one set of the split ("train", "test"; "all" takes every labelled one, whatever
/// its set), in the order of the store. Memory is that of the result.
/// @throws Error usage for a set that the split does not have, data when nothing is left, conflict when a
/// labelled id of the set occurs twice in the store
FeatureSet join(const store::Reader& store, crystal::Representation representation, int level,
                const Labels& labels, const Split* split, const std::string& set, JoinReport& report);

/// Structures first .. first + count of a store, unlabelled. Structures without a row get one row of zeros
/// and weight 1 so that positions stay aligned; `empty` marks them.
FeatureSet slice(const store::Reader& store, crystal::Representation representation, int level,
                 std::uint64_t first, std::uint64_t count, std::vector<std::uint8_t>& empty);

} // namespace ionsift::dataset
