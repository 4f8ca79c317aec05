// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/features/feature_set.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/base/error.hpp"

#include "append_given.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

namespace ionsift::dataset {

namespace {

Eigen::Index index(std::uint64_t value) {
  return static_cast<Eigen::Index>(value);
}

std::vector<std::string> names_of(const std::vector<View>& views) {
  std::vector<std::string> names;
  std::transform(views.begin(), views.end(), std::back_inserter(names),
                 [](const View& view) { return name_of(view); });
  return names;
}

/// Converts the values of one structure's rows to those of a feature set.
void copy_rows(const store::FeatureRows& from, std::size_t structure, Rows& to) {
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

void add_empty_row(Rows& to) {
  to.weight.push_back(1.0F);
  to.values.row(index(to.first.back())).setZero();
  to.first.push_back(to.first.back() + 1);
}

bool is_empty(const store::FeatureRows& rows, std::size_t structure) {
  return rows.first[structure] == rows.first[structure + 1];
}

Rows aligned(const store::FeatureRows& from) {
  Rows rows;
  rows.first.push_back(0);
  const auto structures = from.first.size() - 1;
  auto total = from.first.back();
  for (std::size_t s = 0; s < structures; ++s) {
    total += is_empty(from, s) ? 1 : 0;
  }
  rows.values.resize(index(total), from.values.cols());
  rows.weight.reserve(total);
  for (std::size_t s = 0; s < structures; ++s) {
    if (is_empty(from, s)) {
      add_empty_row(rows);
    } else {
      copy_rows(from, s, rows);
    }
  }
  return rows;
}

void require_positions(const std::vector<std::size_t>& positions, std::size_t size) {
  for (const auto p : positions) {
    IONSIFT_ASSERT(p < size, fmt::format("structure {} of {} was selected", p, size));
  }
}

template <typename T>
std::vector<T> chosen(const std::vector<T>& from, const std::vector<std::size_t>& positions) {
  std::vector<T> result;
  if (!from.empty()) {
    result.reserve(positions.size());
    for (const auto p : positions) {
      result.push_back(from[p]);
    }
  }
  return result;
}

template <typename T>
void add(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

} // namespace

Rows Rows::select(const std::vector<std::size_t>& positions) const {
  require_positions(positions, size());
  Rows part;
  std::uint64_t total = 0;
  for (const auto p : positions) {
    total += first[p + 1] - first[p];
  }
  part.first.push_back(0);
  part.values.resize(index(total), values.cols());
  part.weight.reserve(total);
  for (const auto p : positions) {
    const auto count = first[p + 1] - first[p];
    part.weight.insert(part.weight.end(), weight.begin() + index(first[p]),
                       weight.begin() + index(first[p + 1]));
    part.values.middleRows(index(part.first.back()), index(count)) =
        values.middleRows(index(first[p]), index(count));
    part.first.push_back(part.first.back() + count);
  }
  return part;
}

Matrix<double> Rows::means() const {
  Matrix<double> result = Matrix<double>::Zero(index(size()), values.cols());
  for (std::size_t s = 0; s < size(); ++s) {
    for (auto r = first[s]; r < first[s + 1]; ++r) {
      result.row(index(s)) += static_cast<double>(weight[r]) * values.row(index(r)).cast<double>();
    }
  }
  return result;
}

Matrix<double> Rows::moments() const {
  const auto n = values.cols();
  Matrix<double> result = Matrix<double>::Zero(index(size()), 4 * n);
  result.leftCols(n) = means();
  for (std::size_t s = 0; s < size(); ++s) {
    if (first[s] == first[s + 1]) {
      continue;
    }
    const auto own = values.middleRows(index(first[s]), index(first[s + 1] - first[s]));
    auto row = result.row(index(s));
    for (auto r = first[s]; r < first[s + 1]; ++r) {
      row.segment(n, n) +=
          static_cast<double>(weight[r]) * (values.row(index(r)).cast<double>() - row.head(n)).cwiseAbs2();
    }
    row.segment(n, n) = row.segment(n, n).cwiseSqrt().eval();
    row.segment(2 * n, n) = own.colwise().minCoeff().cast<double>();
    row.segment(3 * n, n) = own.colwise().maxCoeff().cast<double>();
  }
  return result;
}

void Rows::append(const Rows& other) {
  IONSIFT_ASSERT(values.cols() == other.values.cols(),
                 fmt::format("feature rows of {} columns were appended to rows of {}", other.values.cols(),
                             values.cols()));
  const auto shift = first.back();
  std::transform(other.first.begin() + 1, other.first.end(), std::back_inserter(first),
                 [shift](std::uint64_t f) { return f + shift; });
  add(weight, other.weight);
  values.conservativeResize(index(first.back()), values.cols());
  values.bottomRows(other.values.rows()) = other.values;
}

const Rows& FeatureSet::of(const View& view) const {
  const auto found = std::find(views.begin(), views.end(), view);
  IONSIFT_VALIDATE(
      found != views.end(), conflict, fmt::format("the structures were not looked at in {}", name_of(view)),
      fmt::format("only in {}", fmt::join(names_of(views), ", ")), "Take that view from the store, too.");
  return rows[static_cast<std::size_t>(found - views.begin())];
}

FeatureSet FeatureSet::select(const std::vector<std::size_t>& positions) const {
  require_positions(positions, size());
  FeatureSet part;
  part.id = chosen(id, positions);
  part.views = views;
  for (const auto& view_rows : rows) {
    part.rows.push_back(view_rows.select(positions));
  }
  part.descriptors.name = descriptors.name;
  part.descriptors.values.resize(index(positions.size()), descriptors.values.cols());
  for (std::size_t i = 0; i < positions.size() && !descriptors.name.empty(); ++i) {
    part.descriptors.values.row(index(i)) = descriptors.values.row(index(positions[i]));
  }
  part.threshold = threshold;
  part.label = chosen(label, positions);
  part.conductivity = chosen(conductivity, positions);
  part.upper_bound = chosen(upper_bound, positions);
  part.formula = chosen(formula, positions);
  return part;
}

void FeatureSet::append(const FeatureSet& other) {
  if (views.empty() && id.empty()) {
    *this = other;
    return;
  }
  IONSIFT_ASSERT(views == other.views && descriptors.name == other.descriptors.name &&
                     label.empty() == other.label.empty() && formula.empty() == other.formula.empty(),
                 "feature sets with different views, descriptors, labels or formulas were joined");
  for (std::size_t v = 0; v < views.size(); ++v) {
    rows[v].append(other.rows[v]);
  }
  if (!descriptors.name.empty()) {
    descriptors.values.conservativeResize(index(size() + other.size()), descriptors.values.cols());
    descriptors.values.bottomRows(index(other.size())) = other.descriptors.values;
  }
  add(id, other.id);
  add(label, other.label);
  add(conductivity, other.conductivity);
  add(upper_bound, other.upper_bound);
  add(formula, other.formula);
}

const GivenDescriptors* given_of(const Content& content) {
  if (!content.wants(DescriptorBlock::given)) {
    return nullptr;
  }
  IONSIFT_VALIDATE(content.given != nullptr, usage, "the plan learns from given descriptors",
                   "a configuration has the block \"given\"",
                   "Name their tables with --descriptors, if this command has the option.");
  return content.given.get();
}

void append_given(FeatureSet& set, const GivenDescriptors& given) {
  const auto& names = given.names();
  auto& values = set.descriptors.values;
  const auto before = set.descriptors.name.empty() ? 0 : values.cols();
  set.descriptors.name.insert(set.descriptors.name.end(), names.begin(), names.end());
  values.conservativeResize(index(set.size()), before + index(names.size()));
  for (std::size_t s = 0; s < set.size(); ++s) {
    const auto* own = given.find(set.id[s]);
    for (std::size_t c = 0; c < names.size(); ++c) {
      values(index(s), before + index(c)) = own == nullptr ? 0 : (*own)[c];
    }
  }
}

FeatureSet slice(const store::Reader& store, const Content& content, std::uint64_t first, std::uint64_t count,
                 std::vector<std::uint8_t>& empty) {
  FeatureSet set;
  set.id = store.ids(first, count);
  set.views = content.views;
  empty.assign(count, content.views.empty() ? 0 : 1);
  for (const auto& view : content.views) {
    const auto rows = store.features(view.representation, view.level, first, count);
    for (std::uint64_t s = 0; s < count; ++s) {
      if (!is_empty(rows, s)) {
        empty[s] = 0;
      }
    }
    set.rows.push_back(aligned(rows));
  }
  if (!content.blocks.empty()) {
    set.descriptors = describe(store.crystals(first, count), content.blocks);
  }
  if (const auto* given = given_of(content)) {
    append_given(set, *given);
    for (std::uint64_t s = 0; s < count; ++s) {
      empty[s] |= given->find(set.id[s]) == nullptr ? 1 : 0;
    }
  }
  return set;
}

} // namespace ionsift::dataset
