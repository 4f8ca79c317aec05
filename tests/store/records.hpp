// SPDX-License-Identifier: BSD-3-Clause
// Records made by hand, and stores compared by content.
#pragma once

#include "ionsift/base/random.hpp"
#include "ionsift/store/read/reader.hpp"
#include "ionsift/store/write/writer.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace ionsift::test {

inline store::Provenance example_provenance() {
  store::Provenance provenance;
  provenance.program_version = "0.1.0";
  provenance.parent_name = "Formation energy";
  provenance.parent_sha256 = std::string(64, 'a');
  provenance.converter = {5.0, {0.0, 0.1, 6.0}, 0.5};
  provenance.representations = {crystal::Representation::CAMNS, crystal::Representation::CAN};
  provenance.levels = {true, true, false, true};
  provenance.prediction = true;
  return provenance;
}

inline crystal::Crystal example_crystal(std::uint64_t index, RandomStream& random) {
  crystal::Crystal crystal;
  crystal.id = fmt::format("id-{}", index);
  crystal.source = fmt::format("archive.tar.gz/folder/{}.cif", index);
  crystal.block = index % 5 == 0 ? "" : fmt::format("block_{}", index);
  crystal.sha256 = std::string(64, static_cast<char>('0' + index % 10));
  for (auto& length : crystal.lattice.reshaped()) {
    length = random.uniform(-10, 10);
  }
  const auto orbits = static_cast<int>(1 + random.below(6));
  for (int o = 0; o < orbits; ++o) {
    const auto multiplicity = static_cast<int>(1 + random.below(4));
    auto& orbit = crystal.orbits.emplace_back();
    orbit.label = fmt::format("Li{}", o);
    orbit.representative = static_cast<int>(crystal.sites.size());
    orbit.multiplicity = multiplicity;
    orbit.species.push_back({3, random.uniform(0.1, 0.5), 1.0});
    if (o % 2 == 0) {
      orbit.species.push_back({8, 0.5, -2.0});
    }
    for (int i = 0; i < multiplicity; ++i) {
      crystal.sites.push_back({{random.uniform(), random.uniform(), random.uniform()}, o});
    }
  }
  crystal.oxidation_source = static_cast<crystal::OxidationSource>(index % 3);
  crystal.residual_charge = random.normal();
  crystal.orbit_source = static_cast<crystal::OrbitSource>(index % 4);
  if (index % 4 == 0) {
    crystal.warnings = {"formula_mismatch: Li2O, declared Li3O", "occupancy: rescaled"};
  }
  return crystal;
}

/// The same record for the same index on every rank. Every seventh lacks rows in its second
/// representation.
inline store::StructureRecord example_record(std::uint64_t index) {
  RandomStream random(1, index);
  store::StructureRecord record;
  record.index = index;
  record.crystal = example_crystal(index, random);
  const auto provenance = example_provenance();
  for (std::size_t r = 0; r < provenance.representations.size(); ++r) {
    auto& features = record.features.representations.emplace_back();
    const bool empty = r == 1 && index % 7 == 0;
    for (std::size_t o = 0; o < (empty ? 0 : record.crystal.orbits.size()); ++o) {
      features.orbit.push_back(static_cast<int>(o));
      features.multiplicity.push_back(record.crystal.orbits[o].multiplicity);
    }
    for (std::size_t level = 0; level < 4; ++level) {
      if (provenance.levels.at(level)) {
        auto& matrix = features.levels.at(level);
        matrix.resize(static_cast<Eigen::Index>(features.orbit.size()),
                      static_cast<Eigen::Index>(store::level_columns.at(level)));
        for (auto& value : matrix.reshaped()) {
          value = static_cast<float>(random.normal());
        }
      }
    }
    if (!empty) {
      features.prediction = random.normal();
    }
    features.cutoff = 5.0 + static_cast<double>(index % 2);
    features.edges = 10 * index;
    features.neighbours_per_site = random.uniform(0, 40);
  }
  if (index % 6 == 0) {
    record.features.warnings = {"cutoff_raised: 6 A"};
  }
  return record;
}

inline store::FailureRecord example_failure(std::uint64_t index) {
  store::FailureRecord record;
  record.index = index;
  record.failure = {fmt::format("{}.cif", index), "block", ErrorCode::limit,
                    fmt::format("{} is bad (because) Mend it.", index), static_cast<long>(index)};
  return record;
}

inline void require_same(const crystal::Crystal& a, const crystal::Crystal& b) {
  REQUIRE(a.id == b.id);
  REQUIRE(a.source == b.source);
  REQUIRE(a.block == b.block);
  REQUIRE(a.sha256 == b.sha256);
  REQUIRE(a.lattice == b.lattice);
  REQUIRE(a.oxidation_source == b.oxidation_source);
  REQUIRE(a.residual_charge == b.residual_charge);
  REQUIRE(a.orbit_source == b.orbit_source);
  REQUIRE(a.warnings == b.warnings);
  REQUIRE(a.sites.size() == b.sites.size());
  for (std::size_t i = 0; i < a.sites.size(); ++i) {
    REQUIRE(a.sites[i].fractional == b.sites[i].fractional);
    REQUIRE(a.sites[i].orbit == b.sites[i].orbit);
  }
  REQUIRE(a.orbits.size() == b.orbits.size());
  for (std::size_t i = 0; i < a.orbits.size(); ++i) {
    REQUIRE(a.orbits[i].label == b.orbits[i].label);
    REQUIRE(a.orbits[i].species == b.orbits[i].species);
    REQUIRE(a.orbits[i].representative == b.orbits[i].representative);
    REQUIRE(a.orbits[i].multiplicity == b.orbits[i].multiplicity);
  }
}

/// Two stores with the same structures, features and failures in the same order.
inline void require_same(const store::Reader& a, const store::Reader& b) {
  REQUIRE(a.size() == b.size());
  a.provenance().require_compatible(b.provenance(), "a", "b");
  b.provenance().require_compatible(a.provenance(), "b", "a");
  const auto crystals_a = a.crystals(0, a.size());
  const auto crystals_b = b.crystals(0, b.size());
  for (std::size_t i = 0; i < crystals_a.size(); ++i) {
    require_same(crystals_a[i], crystals_b[i]);
  }
  REQUIRE(a.facts(0, a.size()).formula == b.facts(0, b.size()).formula);
  for (const auto representation : a.provenance().representations) {
    for (int level = 0; level < 4; ++level) {
      if (a.provenance().levels.at(static_cast<std::size_t>(level))) {
        const auto rows_a = a.features(representation, level, 0, a.size());
        const auto rows_b = b.features(representation, level, 0, b.size());
        REQUIRE(rows_a.first == rows_b.first);
        REQUIRE(rows_a.multiplicity == rows_b.multiplicity);
        REQUIRE(rows_a.values == rows_b.values);
      }
    }
  }
  const auto failures_a = a.failures();
  const auto failures_b = b.failures();
  REQUIRE(failures_a.size() == failures_b.size());
  for (std::size_t i = 0; i < failures_a.size(); ++i) {
    REQUIRE(failures_a[i].source == failures_b[i].source);
    REQUIRE(failures_a[i].block == failures_b[i].block);
    REQUIRE(failures_a[i].code == failures_b[i].code);
    REQUIRE(failures_a[i].message == failures_b[i].message);
    REQUIRE(failures_a[i].line == failures_b[i].line);
  }
}

} // namespace ionsift::test
