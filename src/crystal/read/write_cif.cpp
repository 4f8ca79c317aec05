// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/cell/lattice_reduction.hpp"
#include "ionsift/crystal/chemistry/element.hpp"
#include "ionsift/crystal/read/cif.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string_view>
#include <utility>

namespace ionsift::crystal {

namespace {

/// "Fe2.5+", "Li1+", "O2-"; the element alone if the charge is unknown.
std::string type_symbol(const Species& species, bool charged) {
  const std::string symbol(element(species.atomic_number).symbol);
  if (!charged) {
    return symbol;
  }
  return fmt::format("{}{:.6g}{}", symbol, std::abs(species.oxidation), species.oxidation < 0 ? '-' : '+');
}

/// Characters of data block names that every program accepts.
std::string block_name(const std::string& id) {
  std::string name = id.empty() ? "structure" : id;
  std::ranges::replace_if(
      name, [](char c) { return c <= ' ' || c > '~'; }, '_');
  return name;
}

/// "Li1 O2", as the CIF dictionary has it.
std::string formula_sum(const Composition& composition) {
  std::string text;
  for (const auto& [atomic_number, amount] : composition.amounts()) {
    text += fmt::format("{}{}{:.6g}", text.empty() ? "" : " ", element(atomic_number).symbol, amount);
  }
  return text;
}

std::string cell_of(const Crystal& crystal) {
  const CellParameters cell = cell_parameters(crystal.lattice);
  std::string text;
  for (int i = 0; i < 3; ++i) {
    text += fmt::format("_cell_length_{} {:.10g}\n", "abc"[i], cell.lengths(i));
  }
  static constexpr std::array<std::string_view, 3> angles = {"alpha", "beta", "gamma"};
  for (int i = 0; i < 3; ++i) {
    text += fmt::format("_cell_angle_{} {:.10g}\n", angles[static_cast<std::size_t>(i)], cell.angles(i));
  }
  return text;
}

} // namespace

std::string write_cif(const Crystal& crystal, const std::vector<std::string>& comments) {
  const bool charged = crystal.oxidation_source != OxidationSource::neutral;
  std::string text;
  for (const std::string& comment : comments) {
    text += fmt::format("# {}\n", comment);
  }
  text += fmt::format("data_{}\n{}", block_name(crystal.id), cell_of(crystal));
  text += fmt::format("_chemical_formula_sum '{}'\n", formula_sum(crystal.composition()));
  text += "_space_group_name_H-M_alt 'P 1'\n_space_group_IT_number 1\nloop_\n"
          "_space_group_symop_operation_xyz\n'x, y, z'\n";

  std::map<std::string, double> types;
  std::string atoms;
  std::map<int, int> numbers;
  for (const Site& site : crystal.sites) {
    for (const Species& species : crystal.orbits[static_cast<std::size_t>(site.orbit)].species) {
      const std::string type = type_symbol(species, charged);
      types[type] = species.oxidation;
      const auto& x = site.fractional;
      atoms += fmt::format("{}{} {} {} {} {} {}\n", element(species.atomic_number).symbol,
                           ++numbers[species.atomic_number], type, x(0), x(1), x(2), species.occupancy);
    }
  }
  if (charged) {
    text += "loop_\n_atom_type_symbol\n_atom_type_oxidation_number\n";
    for (const auto& [type, oxidation] : types) {
      text += fmt::format("{} {:.6g}\n", type, oxidation);
    }
  }
  return text +
         "loop_\n_atom_site_label\n_atom_site_type_symbol\n_atom_site_fract_x\n_atom_site_fract_y\n"
         "_atom_site_fract_z\n_atom_site_occupancy\n" +
         atoms;
}

} // namespace ionsift::crystal
