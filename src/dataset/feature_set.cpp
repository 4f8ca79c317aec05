#include "ionsift/dataset/feature_set.hpp"

#include "ionsift/base/error.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ionsift::dataset {

namespace {

Eigen::Index index(std::uint64_t value) {
  return static_cast<Eigen::Index>(value);
}

/// The values of one structure's rows as they become those of a feature set.
void copy_rows(const store::FeatureRows& from, std::size_t structure, FeatureSet& to) {
  const auto begin = from.first[structure];
  const auto count = from.first[structure + 1] - begin;
  const auto target = to.first.back();
  double sites = 0;
  for (std::uint64_t r = 0; r < count; ++r) {
    sites += static_cast<double>(from.multiplicity[begin + r]);
  }
  for (std::uint64_t r = 0; r < count; ++r) {
    to.weight.push_back(static_cast<float>(static_cast<double>(from.multiplicity[begin + r]) / sites));
  }
  to.values.middleRows(index(target), index(count)) = from.values.middleRows(index(begin), index(count));
  to.first.push_back(target + count);
}

void add_empty_row(FeatureSet& to) {
  to.weight.push_back(1.0F);
  to.values.row(index(to.first.back())).setZero();
  to.first.push_back(to.first.back() + 1);
}

} // namespace

FeatureSet FeatureSet::select(const std::vector<std::size_t>& positions) const {
  FeatureSet chosen;
  std::uint64_t rows = 0;
  for (const auto p : positions) {
    IONSIFT_VALIDATE(p < size(), internal, fmt::format("structure {} of {} was selected", p, size()),
                     "positions count from 0", "Report this.");
    rows += first[p + 1] - first[p];
  }
  chosen.first.push_back(0);
  chosen.values.resize(index(rows), values.cols());
  chosen.weight.reserve(rows);
  for (const auto p : positions) {
    const auto count = first[p + 1] - first[p];
    chosen.id.push_back(id[p]);
    chosen.weight.insert(chosen.weight.end(), weight.begin() + index(first[p]),
                         weight.begin() + index(first[p + 1]));
    chosen.values.middleRows(index(chosen.first.back()), index(count)) =
        values.middleRows(index(first[p]), index(count));
    chosen.first.push_back(chosen.first.back() + count);
    if (!label.empty()) {
      chosen.label.push_back(label[p]);
      chosen.conductivity.push_back(conductivity[p]);
    }
  }
  return chosen;
}

megnet::Matrix<double> FeatureSet::means() const {
  megnet::Matrix<double> result = megnet::Matrix<double>::Zero(index(size()), values.cols());
  for (std::size_t s = 0; s < size(); ++s) {
    for (auto r = first[s]; r < first[s + 1]; ++r) {
      result.row(index(s)) += static_cast<double>(weight[r]) * values.row(index(r)).cast<double>();
    }
  }
  return result;
}

void FeatureSet::append(const FeatureSet& other) {
  if (first.empty()) {
    *this = other;
    return;
  }
  IONSIFT_VALIDATE(values.cols() == other.values.cols() && label.empty() == other.label.empty(), internal,
                   "two unlike feature sets were put together", "columns or labelling differ",
                   "Report this.");
  const auto shift = first.back();
  std::transform(other.first.begin() + 1, other.first.end(), std::back_inserter(first),
                 [shift](std::uint64_t f) { return f + shift; });
  id.insert(id.end(), other.id.begin(), other.id.end());
  weight.insert(weight.end(), other.weight.begin(), other.weight.end());
  label.insert(label.end(), other.label.begin(), other.label.end());
  conductivity.insert(conductivity.end(), other.conductivity.begin(), other.conductivity.end());
  values.conservativeResize(index(first.back()), values.cols());
  values.bottomRows(other.values.rows()) = other.values;
}

FeatureSet slice(const store::Reader& store, crystal::Representation representation, int level,
                 std::uint64_t first, std::uint64_t count, std::vector<std::uint8_t>& empty) {
  const auto rows = store.features(representation, level, first, count);
  FeatureSet set;
  set.id = store.ids(first, count);
  set.first.push_back(0);
  empty.assign(count, 0);
  std::uint64_t total = 0;
  for (std::uint64_t s = 0; s < count; ++s) {
    empty[s] = rows.first[s] == rows.first[s + 1] ? 1 : 0;
    total += empty[s] != 0 ? 1 : rows.first[s + 1] - rows.first[s];
  }
  set.values.resize(index(total), rows.values.cols());
  set.weight.reserve(total);
  for (std::uint64_t s = 0; s < count; ++s) {
    if (empty[s] != 0) {
      add_empty_row(set);
    } else {
      copy_rows(rows, s, set);
    }
  }
  return set;
}

} // namespace ionsift::dataset
