// SPDX-License-Identifier: BSD-3-Clause
#include "checksums.hpp"

#include "ionsift/base/checksum.hpp"
#include "ionsift/crystal/formula.hpp"

#include "layout.hpp"

namespace ionsift::store {

namespace {

void add_crystal(Checksum& sum, const crystal::Crystal& crystal) {
  for (Eigen::Index row = 0; row < 3; ++row) {
    for (Eigen::Index column = 0; column < 3; ++column) {
      sum.add(crystal.lattice(row, column));
    }
  }
  std::vector<std::int32_t> orbit, representative, multiplicity, atomic_number;
  std::vector<std::int64_t> species;
  std::vector<double> occupancy, oxidation;
  for (const auto& site : crystal.sites) {
    sum.add(std::span<const double>(site.fractional.data(), 3));
    orbit.push_back(site.orbit);
  }
  sum.add(orbit);
  for (const auto& o : crystal.orbits) {
    sum.add_text(o.label);
    representative.push_back(o.representative);
    multiplicity.push_back(o.multiplicity);
    species.push_back(static_cast<std::int64_t>(o.species.size()));
    for (const auto& s : o.species) {
      atomic_number.push_back(s.atomic_number);
      occupancy.push_back(s.occupancy);
      oxidation.push_back(s.oxidation);
    }
  }
  sum.add(representative).add(multiplicity).add(species);
  sum.add(atomic_number).add(occupancy).add(oxidation);
}

} // namespace

DerivedFacts derive(const StructureRecord& record) {
  const auto& crystal = record.crystal;
  DerivedFacts facts;
  facts.formula = crystal::written_formula(crystal);
  facts.warnings = join_warnings(crystal.warnings, record.features.warnings);
  facts.sites = static_cast<std::int64_t>(crystal.sites.size());
  facts.rows = static_cast<std::int64_t>(crystal.orbits.size());
  facts.ordered = crystal.is_ordered() ? 1 : 0;
  facts.intermetallic = crystal.is_intermetallic() ? 1 : 0;
  return facts;
}

std::uint64_t checksum_of(const megnet::RepresentationFeatures& features, const Provenance& provenance) {
  Checksum sum;
  sum.add(features.orbit).add(features.multiplicity);
  for (std::size_t level = 0; level < features.levels.size(); ++level) {
    if (provenance.levels.at(level)) {
      const auto& values = features.levels.at(level);
      sum.add(std::span<const float>(values.data(), static_cast<std::size_t>(values.size())));
    }
  }
  sum.add(features.cutoff).add(static_cast<std::int64_t>(features.edges)).add(features.neighbours_per_site);
  if (provenance.prediction) {
    sum.add(features.prediction.value_or(no_prediction));
  }
  return sum.value();
}

std::uint64_t content_checksum(const StructureRecord& record, const DerivedFacts& facts,
                               std::span<const std::uint64_t> features) {
  const auto& crystal = record.crystal;
  Checksum sum;
  sum.add_text(crystal.id).add_text(crystal.block).add_text(crystal.sha256).add_text(facts.formula);
  sum.add_text(name_of(crystal.oxidation_source)).add_text(name_of(crystal.orbit_source));
  sum.add_text(facts.warnings);
  sum.add(facts.sites).add(facts.rows).add(facts.ordered).add(facts.intermetallic);
  sum.add(crystal.residual_charge);
  add_crystal(sum, crystal);
  return sum.add(features).value();
}

std::uint64_t origin_checksum(const StructureRecord& record) {
  Checksum sum;
  sum.add_text(record.crystal.source).add(record.index).add(record.entry).add(record.release);
  return sum.value();
}

std::uint64_t checksum_of(const FailureRecord& record) {
  const auto& failure = record.failure;
  Checksum sum;
  sum.add(record.index).add(static_cast<std::int64_t>(failure.line));
  sum.add_text(readable(failure.source, longest_name)).add_text(readable(failure.block, longest_name));
  sum.add_text(name_of(failure.code)).add_text(readable(failure.message, longest_message));
  return sum.value();
}

std::uint64_t checksum_of(const Release& r) {
  Checksum sum;
  sum.add_text(r.name).add_text(r.time).add(r.entries).add(r.structures).add(r.failures);
  sum.add(r.added).add(r.changed).add(r.unchanged).add(r.gone);
  return sum.value();
}

std::uint64_t checksum_of(const GoneStructure& gone) {
  Checksum sum;
  sum.add_text(gone.id).add_text(gone.source).add_text(gone.block).add_text(gone.sha256).add(gone.release);
  return sum.value();
}

} // namespace ionsift::store
