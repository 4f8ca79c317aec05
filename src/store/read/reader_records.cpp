// SPDX-License-Identifier: BSD-3-Clause
// Whole records from their columns.
#include "ionsift/base/error.hpp"
#include "ionsift/store/read/reader.hpp"

#include "format/layout.hpp"

#include <cmath>

namespace ionsift::store {

std::vector<StructureRecord> Reader::records(std::uint64_t first, std::uint64_t count) const {
  IONSIFT_VALIDATE(provenance_.schema > 1, missing,
                   fmt::format("{} lacks part of its records", path_.string()),
                   fmt::format("it has schema {}", provenance_.schema), "Featurize again, with --overwrite.");
  auto crystals = this->crystals(first, count);
  const auto index = rows<std::int64_t>("structures/index", first, count);
  const auto entry = rows<std::uint64_t>("structures/entry", first, count);
  const auto release = rows<std::int64_t>("structures/release", first, count);
  std::vector<StructureRecord> records(count);
  for (std::size_t i = 0; i < count; ++i) {
    auto& record = records[i];
    record.index = static_cast<std::uint64_t>(index[i]);
    record.entry = entry[i];
    record.release = release[i];
    record.crystal = std::move(crystals[i]);
    record.features.representations.resize(provenance_.representations.size());
  }
  for (std::size_t position = 0; position < provenance_.representations.size(); ++position) {
    fill_features(position, first, records);
  }
  return records;
}

void Reader::fill_features(std::size_t position, std::uint64_t first,
                           std::vector<StructureRecord>& records) const {
  const std::uint64_t count = records.size();
  const auto at = [&]<typename T>(T, std::string_view name, std::uint64_t begin, std::uint64_t rows_of) {
    return rows<T>(feature_path(provenance_.representations.at(position), name), begin, rows_of);
  };
  Range range;
  const auto offset =
      offsets(feature_path(provenance_.representations.at(position), "offset"), first, count, range);
  const auto orbit = at(std::int32_t(), "orbit", range.begin, range.size());
  const auto multiplicity = at(std::int32_t(), "multiplicity", range.begin, range.size());
  const auto cutoff = at(double(), "cutoff", first, count);
  const auto edges = at(std::int64_t(), "edges", first, count);
  const auto neighbours = at(double(), "neighbours_per_site", first, count);
  const auto prediction =
      provenance_.prediction ? at(double(), "prediction", first, count) : std::vector<double>();
  const auto part = [&](const auto& values, std::size_t i, std::size_t width) {
    return std::vector(values.begin() + static_cast<std::ptrdiff_t>(width * offset[i]),
                       values.begin() + static_cast<std::ptrdiff_t>(width * offset[i + 1]));
  };
  for (std::size_t i = 0; i < count; ++i) {
    auto& features = records[i].features.representations[position];
    features.orbit = part(orbit, i, 1);
    features.multiplicity = part(multiplicity, i, 1);
    features.cutoff = cutoff[i];
    features.edges = static_cast<std::size_t>(edges[i]);
    features.neighbours_per_site = neighbours[i];
    if (provenance_.prediction && !std::isnan(prediction[i])) {
      features.prediction = prediction[i];
    }
  }
  for (std::size_t level = 0; level < level_columns.size(); ++level) {
    if (!provenance_.levels.at(level)) {
      continue;
    }
    const std::size_t width = level_columns.at(level);
    const auto values = at(float(), level_name(static_cast<int>(level)), range.begin, range.size());
    for (std::size_t i = 0; i < count; ++i) {
      records[i].features.representations[position].levels.at(level) = Eigen::Map<const Matrix<float>>(
          values.data() + width * offset[i], static_cast<Eigen::Index>(offset[i + 1] - offset[i]),
          static_cast<Eigen::Index>(width));
    }
  }
}

} // namespace ionsift::store
