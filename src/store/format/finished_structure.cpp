// SPDX-License-Identifier: BSD-3-Clause
#include "finished_structure.hpp"

#include "ionsift/base/assertion.hpp"

#include "record_bytes.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace ionsift::store {

namespace {

void require_fitting(bool fits, const StructureRecord& record, std::string_view what) {
  IONSIFT_ASSERT(fits, fmt::format("features of {} do not fit the store: {}", record.crystal.source, what));
}

void check_features(const StructureRecord& record, const megnet::RepresentationFeatures& features,
                    const Provenance& provenance) {
  const std::size_t rows = features.orbit.size();
  require_fitting(features.multiplicity.size() == rows, record, "orbits and multiplicities differ in number");
  for (const int orbit : features.orbit) {
    require_fitting(orbit >= 0 && static_cast<std::size_t>(orbit) < record.crystal.orbits.size(), record,
                    "a row belongs to an orbit that the crystal does not have");
  }
  for (std::size_t level = 0; level < features.levels.size(); ++level) {
    if (provenance.levels.at(level)) {
      const auto& matrix = features.levels.at(level);
      require_fitting(static_cast<std::size_t>(matrix.size()) == rows * level_columns.at(level), record,
                      "a level has another shape than its rows and columns");
    }
  }
}

void check(const StructureRecord& record, const Provenance& provenance) {
  require_storable(record.crystal);
  require_fitting(record.features.representations.size() == provenance.representations.size(), record,
                  "the number of representations differs");
  for (const auto& features : record.features.representations) {
    check_features(record, features, provenance);
  }
}

} // namespace

FinishedStructure finish(StructureRecord record, const Provenance& provenance) {
  check(record, provenance);
  FinishedStructure finished;
  finished.facts = derive(record);
  for (const auto& features : record.features.representations) {
    finished.feature_checksums.push_back(checksum_of(features, provenance));
  }
  finished.checksum = content_checksum(record, finished.facts, finished.feature_checksums);
  finished.record = std::move(record);
  return finished;
}

void put_finished(ByteWriter& out, const FinishedStructure& structure) {
  put_record(out, structure.record);
  const auto& facts = structure.facts;
  out.put(facts.formula);
  out.put(facts.warnings);
  out.put(facts.sites);
  out.put(facts.rows);
  out.put(facts.ordered);
  out.put(facts.intermetallic);
  out.put(structure.checksum);
  out.put(structure.feature_checksums);
}

FinishedStructure get_finished(ByteReader& in) {
  FinishedStructure structure;
  get_record(in, structure.record);
  auto& facts = structure.facts;
  facts.formula = in.get_text();
  facts.warnings = in.get_text();
  facts.sites = in.get<std::int64_t>();
  facts.rows = in.get<std::int64_t>();
  facts.ordered = in.get<std::uint8_t>();
  facts.intermetallic = in.get<std::uint8_t>();
  structure.checksum = in.get<std::uint64_t>();
  structure.feature_checksums = in.get_vector<std::uint64_t>();
  return structure;
}

std::uint32_t weight_of(const FinishedStructure& structure) {
  constexpr std::uint64_t facts = 512, site = 28, orbit = 24, species = 20, row = 8;
  const auto& record = structure.record;
  std::uint64_t weight = facts + site * record.crystal.sites.size();
  for (const auto& o : record.crystal.orbits) {
    weight += orbit + species * o.species.size();
  }
  for (const auto& features : record.features.representations) {
    weight += row * features.orbit.size();
    for (const auto& level : features.levels) {
      weight += sizeof(float) * static_cast<std::uint64_t>(level.size());
    }
  }
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(weight, std::numeric_limits<std::uint32_t>::max()));
}

} // namespace ionsift::store
