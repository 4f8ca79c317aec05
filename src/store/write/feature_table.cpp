// SPDX-License-Identifier: BSD-3-Clause
#include "format/collect.hpp"
#include "format/layout.hpp"
#include "tables.hpp"

namespace ionsift::store {

namespace {

std::string path_of(const Provenance& provenance, std::size_t position, std::string_view dataset) {
  return feature_path(provenance.representations.at(position), dataset);
}

} // namespace

FeatureTable::FeatureTable(FinalFile& out, const Provenance& provenance, const StoreSizes& sizes,
                           std::size_t position)
    : position_(position), offset_(out, path_of(provenance, position, "offset"), sizes.structures),
      orbit_(out, path_of(provenance, position, "orbit"), sizes.rows.at(position)),
      multiplicity_(out, path_of(provenance, position, "multiplicity"), sizes.rows.at(position)),
      cutoff_(out, path_of(provenance, position, "cutoff"), sizes.structures),
      neighbours_per_site_(out, path_of(provenance, position, "neighbours_per_site"), sizes.structures),
      edges_(out, path_of(provenance, position, "edges"), sizes.structures),
      checksum_(out, path_of(provenance, position, "checksum"), sizes.structures) {
  if (provenance.prediction) {
    prediction_.emplace(out, path_of(provenance, position, "prediction"), sizes.structures);
  }
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    if (provenance.levels.at(level)) {
      levels_.at(level).emplace(out, path_of(provenance, position, level_name(static_cast<int>(level))),
                                sizes.rows.at(position), h5::Shape{level_columns.at(level)});
    }
  }
}

void FeatureTable::write(const Window& window) {
  const auto features_of = [&](const FinishedStructure& s) -> const megnet::RepresentationFeatures& {
    return s.record.features.representations.at(position_);
  };
  const auto& rows = window.rows.at(position_);
  std::vector<std::int32_t> orbit;
  std::vector<std::int32_t> multiplicity;
  for (const auto& structure : window.structures) {
    const auto& features = features_of(structure);
    orbit.insert(orbit.end(), features.orbit.begin(), features.orbit.end());
    multiplicity.insert(multiplicity.end(), features.multiplicity.begin(), features.multiplicity.end());
  }
  const auto each = [&]<typename T>(T, const auto& get) {
    return collect<T>(window.structures, [&](const auto& structure) { return get(features_of(structure)); });
  };
  offset_.write(window.structure, rows, each(std::uint64_t(), [](const auto& f) { return f.orbit.size(); }));
  orbit_.write(rows, orbit);
  multiplicity_.write(rows, multiplicity);
  cutoff_.write(window.structure, each(double(), [](const auto& f) { return f.cutoff; }));
  neighbours_per_site_.write(window.structure,
                             each(double(), [](const auto& f) { return f.neighbours_per_site; }));
  edges_.write(window.structure, each(std::int64_t(), [](const auto& f) { return f.edges; }));
  checksum_.write(window.structure, collect<std::uint64_t>(window.structures, [&](const auto& s) {
                    return s.feature_checksums.at(position_);
                  }));
  if (prediction_) {
    const auto get = [](const auto& f) { return f.prediction.value_or(no_prediction); };
    prediction_->write(window.structure, each(double(), get));
  }
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    if (levels_.at(level)) {
      std::vector<float> values;
      for (const auto& structure : window.structures) {
        const auto& matrix = features_of(structure).levels.at(level);
        values.insert(values.end(), matrix.data(), matrix.data() + matrix.size());
      }
      levels_.at(level)->write(rows, values);
    }
  }
}

} // namespace ionsift::store
