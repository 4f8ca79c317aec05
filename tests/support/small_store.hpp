// SPDX-License-Identifier: BSD-3-Clause
// Stores of a few made-up structures, for the tests of stages that read stores.
#pragma once

#include "ionsift/base/random.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/crystal/chemistry/element.hpp"
#include "ionsift/store/read/reader.hpp"
#include "ionsift/store/write/writer.hpp"

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

namespace ionsift::test {

struct SmallStructure {
  std::string id;
  std::string formula; ///< of the cell; fractional amounts become partial occupancies
  float shift = 0;     ///< added to every feature, so that classes can be separated
  bool intermetallic = false;
  bool empty = false; ///< no row in any representation
};

/// Provenance of small stores: CAMNS, V1, the study's graph converter.
inline store::Provenance small_provenance() {
  store::Provenance provenance;
  provenance.program_version = "test";
  provenance.parent_name = "made up";
  provenance.parent_sha256 = sha256("made up");
  provenance.converter = megnet::GraphConverter::study();
  provenance.representations = {crystal::Representation::CAMNS};
  provenance.levels = {false, true, false, false};
  return provenance;
}

/// One orbit for each element, all sites in a row 2.2 A apart.
inline crystal::Crystal small_crystal(const SmallStructure& structure) {
  crystal::Crystal crystal;
  crystal.id = structure.id;
  crystal.source = "made/up/" + structure.id + ".cif";
  crystal.block = structure.id;
  crystal.sha256 = sha256(structure.id);
  crystal.oxidation_source =
      structure.intermetallic ? crystal::OxidationSource::neutral : crystal::OxidationSource::given;
  const auto composition = crystal::Composition::parse(structure.formula);
  for (const auto& [element, amount] : composition.amounts()) {
    crystal::Orbit orbit;
    orbit.label = crystal::element(element).symbol;
    orbit.representative = static_cast<int>(crystal.sites.size());
    orbit.multiplicity = static_cast<int>(std::ceil(amount - 1e-9));
    orbit.species = {{element, amount / orbit.multiplicity, 0.0}};
    for (int i = 0; i < orbit.multiplicity; ++i) {
      crystal.sites.push_back({Eigen::Vector3d::Zero(), static_cast<int>(crystal.orbits.size())});
    }
    crystal.orbits.push_back(orbit);
  }
  const auto sites = static_cast<double>(crystal.sites.size());
  for (std::size_t i = 0; i < crystal.sites.size(); ++i) {
    crystal.sites[i].fractional.x() = static_cast<double>(i) / sites;
  }
  crystal.lattice = Eigen::Vector3d(2.2 * sites, 4.0, 4.0).asDiagonal();
  return crystal;
}

/// Random features that depend only on the structure's id and the view: a row for each orbit, of Li
/// only if the representation has Li.
inline megnet::CrystalFeatures small_features(const SmallStructure& structure,
                                              const crystal::Crystal& crystal,
                                              const store::Provenance& provenance) {
  megnet::CrystalFeatures result;
  for (const auto representation : provenance.representations) {
    auto& features = result.representations.emplace_back();
    const auto shown = crystal::represent(crystal, representation);
    for (std::size_t orbit = 0; orbit < shown.size() && !structure.empty; ++orbit) {
      if (!shown[orbit].empty()) {
        features.orbit.push_back(static_cast<int>(orbit));
        features.multiplicity.push_back(crystal.orbits[orbit].multiplicity);
      }
    }
    for (std::size_t level = 0; level < provenance.levels.size(); ++level) {
      if (!provenance.levels[level]) {
        continue;
      }
      RandomStream random(1 + 4 * static_cast<std::uint64_t>(representation) + level,
                          std::hash<std::string>{}(structure.id));
      features.levels[level].resize(static_cast<Eigen::Index>(features.orbit.size()),
                                    static_cast<Eigen::Index>(store::level_columns[level]));
      for (auto& value : features.levels[level].reshaped<Eigen::RowMajor>()) {
        value = static_cast<float>(random.normal()) + structure.shift;
      }
    }
    features.cutoff = 5.0;
  }
  return result;
}

/// Writes a store of these structures, in this order; collective.
inline void write_small_store(const parallel::Communicator& comm, const std::filesystem::path& path,
                              const std::vector<SmallStructure>& structures,
                              const store::Provenance& provenance = small_provenance()) {
  store::Writer writer(comm, path, provenance, true);
  std::vector<store::StructureRecord> mine;
  for (std::size_t i = 0; i < structures.size(); ++i) {
    if (i % static_cast<std::size_t>(comm.size()) == static_cast<std::size_t>(comm.rank())) {
      auto crystal = small_crystal(structures[i]);
      auto features = small_features(structures[i], crystal, provenance);
      mine.push_back({i, 0, 0, std::move(crystal), std::move(features)});
    }
  }
  writer.append(std::move(mine), {});
  writer.close();
}

} // namespace ionsift::test
