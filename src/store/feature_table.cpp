#include "checksums.hpp"
#include "collect.hpp"
#include "layout.hpp"
#include "tables.hpp"

namespace ionsift::store {

FeatureTable::FeatureTable(h5::File& file, const parallel::Communicator& comm, const Provenance& provenance,
                           std::size_t position)
    : provenance_(provenance), position_(position), rows_(comm),
      offset_(file, feature_path(provenance.representations.at(position), "offset"), comm),
      orbit_(file, feature_path(provenance.representations.at(position), "orbit")),
      multiplicity_(file, feature_path(provenance.representations.at(position), "multiplicity")),
      cutoff_(file, feature_path(provenance.representations.at(position), "cutoff")),
      neighbours_per_site_(file,
                           feature_path(provenance.representations.at(position), "neighbours_per_site")),
      edges_(file, feature_path(provenance.representations.at(position), "edges")),
      checksum_(file, feature_path(provenance.representations.at(position), "checksum")) {
  const auto representation = provenance.representations.at(position);
  if (provenance.prediction) {
    prediction_.emplace(file, feature_path(representation, "prediction"));
  }
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    if (provenance.levels.at(level)) {
      levels_.at(level).emplace(file, feature_path(representation, level_name(static_cast<int>(level))),
                                h5::Shape{level_columns.at(level)});
    }
  }
}

const megnet::RepresentationFeatures& FeatureTable::features_of(const StructureRecord& record) const {
  return record.features.representations.at(position_);
}

void FeatureTable::append(const Axis& structures, std::span<const StructureRecord> records) {
  std::vector<std::int32_t> orbit;
  std::vector<std::int32_t> multiplicity;
  for (const auto& record : records) {
    const auto& features = features_of(record);
    orbit.insert(orbit.end(), features.orbit.begin(), features.orbit.end());
    multiplicity.insert(multiplicity.end(), features.multiplicity.begin(), features.multiplicity.end());
  }
  rows_.extend(orbit.size());
  const auto each = [&]<typename T>(T, const auto& get) {
    return collect<T>(records, [&](const StructureRecord& record) { return get(features_of(record)); });
  };
  offset_.append(structures, rows_, each(std::uint64_t(), [](const auto& f) { return f.orbit.size(); }));
  orbit_.append(rows_, orbit);
  multiplicity_.append(rows_, multiplicity);
  cutoff_.append(structures, each(double(), [](const auto& f) { return f.cutoff; }));
  neighbours_per_site_.append(structures,
                              each(double(), [](const auto& f) { return f.neighbours_per_site; }));
  edges_.append(structures, each(std::int64_t(), [](const auto& f) { return f.edges; }));
  checksum_.append(structures,
                   each(std::uint64_t(), [&](const auto& f) { return checksum_of(f, provenance_); }));
  if (prediction_) {
    const auto get = [](const auto& f) { return f.prediction.value_or(no_prediction); };
    prediction_->append(structures, each(double(), get));
  }
  for (std::size_t level = 0; level < levels_.size(); ++level) {
    if (levels_.at(level)) {
      std::vector<float> values;
      for (const auto& record : records) {
        const auto& matrix = features_of(record).levels.at(level);
        values.insert(values.end(), matrix.data(), matrix.data() + matrix.size());
      }
      levels_.at(level)->append(rows_, values);
    }
  }
}

} // namespace ionsift::store
