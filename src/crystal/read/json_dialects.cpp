// SPDX-License-Identifier: BSD-3-Clause
#include "json_dialects.hpp"

#include "chemistry/species_symbol.hpp"

#include <nlohmann/json.hpp>

#include <Eigen/LU>
#include <map>

namespace ionsift::crystal {

namespace {

using nlohmann::json;

/// An array, also one of numpy as monty writes it: {"@class": "array", "dtype": ..., "data": [...]}.
const json& plain(const json& value) {
  if (value.is_object()) {
    const auto data = value.find("data");
    const auto type = value.find("@class");
    if (data != value.end() && type != value.end() && *type == "array") {
      return *data;
    }
  }
  return value;
}

const json& required(const json& object, const char* key) {
  const auto found = object.find(key);
  IONSIFT_VALIDATE(found != object.end(), missing, fmt::format("the structure has no \"{}\"", key),
                   "a structure has a lattice and sites", "Check the document.");
  return *found;
}

Eigen::Vector3d read_vector(const json& value) {
  const json& list = plain(value);
  return {list.at(0).get<double>(), list.at(1).get<double>(), list.at(2).get<double>()};
}

void read_matrix(RawStructure& raw, const json& value) {
  const json& rows = plain(value);
  for (std::size_t i = 0; i < 3; ++i) {
    raw.lattice.row(static_cast<int>(i)) = read_vector(rows.at(i)).transpose();
  }
}

void read_lattice(RawStructure& raw, const json& lattice) {
  if (const auto matrix = lattice.find("matrix"); matrix != lattice.end()) {
    read_matrix(raw, *matrix);
    return;
  }
  static constexpr std::array lengths = {"a", "b", "c"};
  static constexpr std::array angles = {"alpha", "beta", "gamma"};
  for (std::size_t i = 0; i < 3; ++i) {
    raw.lengths[i] = required(lattice, lengths[i]).get<double>();
    IONSIFT_VALIDATE(raw.lengths[i] != 0, data, fmt::format("cell length {} is 0", lengths[i]),
                     "a length must be positive", "Correct the cell.");
    raw.angles[i] = required(lattice, angles[i]).get<double>();
  }
}

Eigen::Vector3d fractional(const RawStructure& raw, const Eigen::Vector3d& cartesian) {
  return raw.lattice.transpose().inverse() * cartesian;
}

/// Counts of entries in the lists of atoms that are not atoms.
struct LeftOut {
  std::size_t dummies = 0;
  std::size_t empty = 0;

  void report(RawStructure& raw) const {
    if (dummies > 0) {
      raw.warnings.push_back(
          fmt::format("dummy_atoms: {} positions are dummies or vacancies and were left out", dummies));
    }
    if (empty > 0) {
      raw.warnings.push_back(fmt::format("zero_occupancy: {} atoms with occupancy 0 were left out", empty));
    }
  }
};

/// One kind of atom at a position, as the document names it.
struct NamedSpecies {
  std::string symbol;
  double occupancy = 1;
  std::optional<double> oxidation;
};

void add_atom(RawStructure& raw, LeftOut& left_out, const NamedSpecies& species, const std::string& label,
              const Eigen::Vector3d& position, std::size_t site) {
  const auto symbol = parse_type_symbol(species.symbol);
  IONSIFT_VALIDATE(symbol.has_value(), data, fmt::format("site {} holds '{}'", site + 1, species.symbol),
                   "that is not a known element", "Check the document.");
  if (symbol->is_dummy()) {
    ++left_out.dummies;
    return;
  }
  IONSIFT_VALIDATE(species.occupancy >= 0, data,
                   fmt::format("site {} has occupancy {}", site + 1, species.occupancy),
                   "an occupancy cannot be negative", "Check the document.");
  if (species.occupancy == 0) {
    ++left_out.empty;
    return;
  }
  RawAtom atom;
  atom.label = label.empty() ? species.symbol : label;
  atom.atomic_number = symbol->atomic_number;
  atom.oxidation = species.oxidation ? species.oxidation : symbol->oxidation;
  atom.occupancy = species.occupancy;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    atom.position[axis].value = position[static_cast<int>(axis)];
  }
  raw.atoms.push_back(std::move(atom));
}

std::string text_in(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

Eigen::Vector3d position_of(const json& site, const RawStructure& raw) {
  if (const auto given = site.find("abc"); given != site.end()) {
    return read_vector(*given);
  }
  IONSIFT_VALIDATE(site.contains("xyz") && raw.lengths[0] == 0, missing, "a site has no \"abc\"",
                   "its fractional coordinates are needed", "Check the document.");
  return fractional(raw, read_vector(site.at("xyz")));
}

RawStructure read_pymatgen(const json& structure) {
  RawStructure raw;
  read_lattice(raw, required(structure, "lattice"));
  LeftOut left_out;
  const json& sites = required(structure, "sites");
  for (std::size_t i = 0; i < sites.size(); ++i) {
    const Eigen::Vector3d position = position_of(sites[i], raw);
    const json& all = required(sites[i], "species");
    left_out.dummies += all.empty() ? 1 : 0;
    for (const json& species : all) {
      NamedSpecies named{required(species, "element").get<std::string>(), species.value("occu", 1.0), {}};
      if (const auto state = species.find("oxidation_state"); state != species.end() && state->is_number()) {
        named.oxidation = state->get<double>();
      }
      add_atom(raw, left_out, named, text_in(sites[i], "label"), position, i);
    }
  }
  left_out.report(raw);
  return raw;
}

/// OPTIMADE 1.x: species by name, each with chemical symbols and concentrations.
RawStructure read_optimade(const json& structure) {
  RawStructure raw;
  read_matrix(raw, structure.at("lattice_vectors"));
  if (const auto features = structure.find("structure_features"); features != structure.end()) {
    for (const json& feature : *features) {
      const bool harmless =
          feature == "disorder" || feature == "site_attachments" || feature == "unknown_positions";
      IONSIFT_VALIDATE(harmless, data, fmt::format("the structure has {}", feature.dump()),
                       "not all of its atoms are in the list of sites", "Leave the structure out.");
    }
  }
  std::map<std::string, const json*> known;
  if (const auto species = structure.find("species"); species != structure.end()) {
    for (const json& one : *species) {
      known.emplace(required(one, "name").get<std::string>(), &one);
    }
  }
  const json& positions = plain(required(structure, "cartesian_site_positions"));
  const json& names = required(structure, "species_at_sites");
  IONSIFT_VALIDATE(positions.size() == names.size(), data,
                   fmt::format("{} positions have {} species", positions.size(), names.size()),
                   "every site has one of both", "Check the document.");
  LeftOut left_out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto name = names[i].get<std::string>();
    const Eigen::Vector3d position = fractional(raw, read_vector(positions[i]));
    const auto found = known.find(name);
    if (found == known.end()) {
      add_atom(raw, left_out, {name, 1, {}}, "", position, i);
      continue;
    }
    const json& symbols = required(*found->second, "chemical_symbols");
    const json& amounts = required(*found->second, "concentration");
    IONSIFT_VALIDATE(symbols.size() == amounts.size(), data,
                     fmt::format("the species {} has {} symbols and {} concentrations", name, symbols.size(),
                                 amounts.size()),
                     "every symbol has a concentration", "Check the document.");
    for (std::size_t k = 0; k < symbols.size(); ++k) {
      const auto symbol = symbols[k].get<std::string>();
      if (symbol == "vacancy") {
        continue;
      }
      add_atom(raw, left_out, {symbol, amounts[k].get<double>(), {}}, name, position, i);
    }
  }
  left_out.report(raw);
  return raw;
}

/// JARVIS: {"lattice_mat", "coords", "elements", "cartesian"}.
RawStructure read_jarvis(const json& structure) {
  RawStructure raw;
  read_matrix(raw, structure.at("lattice_mat"));
  const json& positions = plain(required(structure, "coords"));
  const json& elements = required(structure, "elements");
  IONSIFT_VALIDATE(positions.size() == elements.size(), data,
                   fmt::format("{} positions have {} elements", positions.size(), elements.size()),
                   "every atom has one of both", "Check the document.");
  const bool cartesian = structure.value("cartesian", false);
  LeftOut left_out;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const Eigen::Vector3d given = read_vector(positions[i]);
    add_atom(raw, left_out, {elements[i].get<std::string>(), 1, {}}, "",
             cartesian ? fractional(raw, given) : given, i);
  }
  left_out.report(raw);
  return raw;
}

} // namespace

RawStructure read_structure(const json& structure) {
  RawStructure raw = structure.contains("lattice_vectors") ? read_optimade(structure)
                     : structure.contains("lattice_mat")   ? read_jarvis(structure)
                                                           : read_pymatgen(structure);
  raw.operations.push_back({}); // every site of the cell is listed
  return raw;
}

} // namespace ionsift::crystal
