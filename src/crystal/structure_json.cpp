#include "structure_json.hpp"

#include "ionsift/base/json.hpp"
#include "ionsift/crystal/cif.hpp"

#include "json_split.hpp"
#include "raw_structure.hpp"
#include "species_symbol.hpp"

#include <nlohmann/json.hpp>

#include <Eigen/LU>
#include <algorithm>

namespace ionsift::crystal {

namespace {

using nlohmann::json;

const json& required(const json& object, const char* key) {
  const auto found = object.find(key);
  IONSIFT_VALIDATE(found != object.end(), missing, fmt::format("the structure has no \"{}\"", key),
                   "a structure as pymatgen writes it has a lattice and sites", "Check the document.");
  return *found;
}

void read_lattice(RawStructure& raw, const json& lattice) {
  if (const auto matrix = lattice.find("matrix"); matrix != lattice.end()) {
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t j = 0; j < 3; ++j) {
        raw.lattice(static_cast<int>(i), static_cast<int>(j)) = matrix->at(i).at(j).get<double>();
      }
    }
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

Eigen::Vector3d read_vector(const json& list) {
  return {list.at(0).get<double>(), list.at(1).get<double>(), list.at(2).get<double>()};
}

Eigen::Vector3d fractional_position(const json& site, const RawStructure& raw) {
  if (const auto fractional = site.find("abc"); fractional != site.end()) {
    return read_vector(*fractional);
  }
  IONSIFT_VALIDATE(site.contains("xyz") && raw.lengths[0] == 0, missing, "a site has no \"abc\"",
                   "its fractional coordinates are needed", "Check the document.");
  return raw.lattice.transpose().inverse() * read_vector(site.at("xyz"));
}

/// @return how many species were dummies
std::size_t read_site(RawStructure& raw, const json& site, std::size_t index) {
  const Eigen::Vector3d position = fractional_position(site, raw);
  std::size_t dummies = 0;
  for (const json& species : required(site, "species")) {
    const auto name = required(species, "element").get<std::string>();
    const auto symbol = parse_type_symbol(name);
    IONSIFT_VALIDATE(symbol.has_value(), data, fmt::format("site {} holds '{}'", index + 1, name),
                     "that is no known element", "Check the document.");
    if (symbol->is_dummy()) {
      ++dummies;
      continue;
    }
    RawAtom atom;
    atom.label =
        site.contains("label") && site["label"].is_string() ? site["label"].get<std::string>() : name;
    atom.atomic_number = symbol->atomic_number;
    atom.oxidation = symbol->oxidation;
    if (const auto state = species.find("oxidation_state"); state != species.end() && state->is_number()) {
      atom.oxidation = state->get<double>();
    }
    atom.occupancy = species.value("occu", 1.0);
    IONSIFT_VALIDATE(atom.occupancy > 0, data,
                     fmt::format("site {} has occupancy {}", index + 1, atom.occupancy),
                     "an occupancy must be positive", "Check the document.");
    for (std::size_t axis = 0; axis < 3; ++axis) {
      atom.position[axis].value = position[static_cast<int>(axis)];
    }
    raw.atoms.push_back(std::move(atom));
  }
  return dummies;
}

RawStructure read_structure(const json& structure) {
  RawStructure raw;
  raw.operations.push_back({}); // every site of the cell is listed
  read_lattice(raw, required(structure, "lattice"));
  std::size_t dummies = 0;
  const json& sites = required(structure, "sites");
  for (std::size_t i = 0; i < sites.size(); ++i) {
    dummies += read_site(raw, sites[i], i);
  }
  if (dummies > 0) {
    raw.warnings.push_back(
        fmt::format("dummy_atoms: {} positions are dummies or vacancies and were left out", dummies));
  }
  return raw;
}

/// The structure inside a document of fields, or a CIF as text.
const json& structure_in(const json& document) {
  if (document.is_object() && !document.contains("lattice")) {
    for (const char* key : {"structure", "cif"}) {
      if (const auto found = document.find(key); found != document.end() && !found->is_null()) {
        return *found;
      }
    }
  }
  return document;
}

std::vector<ReadResult> read_part(const JsonPart& part, const EntryName& name, const ReadOptions& options) {
  try {
    const json document = parse_json(part.text);
    const json& structure = structure_in(document);
    if (structure.is_string()) {
      return read_cif(structure.get_ref<const std::string&>(), name, options);
    }
    Crystal crystal = assemble(read_structure(structure), options);
    crystal.source = name.source;
    crystal.id = name.id;
    return {std::move(crystal)};
  } catch (const json::parse_error& error) {
    const auto end = part.text.begin() + static_cast<std::ptrdiff_t>(std::min(error.byte, part.text.size()));
    const long line = part.line + static_cast<long>(std::count(part.text.begin(), end, '\n'));
    const Error problem(ErrorCode::format, "the text is no JSON", error.what(),
                        "Correct the file at that line.");
    return {failure_of(problem, name, part.id, line)};
  } catch (const json::exception& error) {
    const Error problem(ErrorCode::data, "the document is no structure", error.what(),
                        "Give structures as pymatgen writes them.");
    return {failure_of(problem, name, part.id, part.line)};
  } catch (const Error& error) {
    return {failure_of(error, name, part.id, part.line)};
  }
}

} // namespace

std::vector<ReadResult> read_structure_json(std::string_view text, const EntryName& name,
                                            const ReadOptions& options) {
  const std::vector<JsonPart> parts = split_json(text);
  std::vector<ReadResult> results;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    EntryName part_name = name;
    if (parts.size() > 1) {
      part_name.id = parts[i].id.empty() ? fmt::format("{}-{}", name.id, i + 1) : parts[i].id;
    } else if (!parts[i].id.empty()) {
      part_name.id = parts[i].id;
    }
    std::ranges::move(read_part(parts[i], part_name, options), std::back_inserter(results));
  }
  return results;
}

} // namespace ionsift::crystal
