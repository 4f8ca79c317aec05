// SPDX-License-Identifier: BSD-3-Clause
#include "cif_tags.hpp"

#include "ionsift/base/text.hpp"

#include "cif_characters.hpp"
#include "numeral.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ionsift::crystal {

namespace {

constexpr std::array<std::string_view, 25> single_tags = {
    "_cell_length_a",
    "_cell_length_b",
    "_cell_length_c",
    "_cell_angle_alpha",
    "_cell_angle_beta",
    "_cell_angle_gamma",
    "_cell_formula_units_z",
    "_chemical_formula_sum",
    "_chemical_formula_structural",
    "_symmetry_space_group_name_h-m",
    "_symmetry_space_group_name_hall",
    "_symmetry_int_tables_number",
    "_space_group_name_h-m_alt",
    "_space_group_name_h-m_ref",
    "_space_group_name_h-m_full",
    "_space_group_it_number",
    "_cell_volume",
    "_cell_modulation_dimension",
    "_cell_wave_vector_x",
    "_space_group_ssg_name",
    "_space_group_magn_name_bns",
    "_space_group_magn_name_og",
    "_space_group_magn_ssg_name_bns",
    "_magnetic_space_group_name_bns",
    "_space_group_magn_number_bns",
};
constexpr std::array<std::string_view, 12> atom_tags = {
    "_atom_site_label",
    "_atom_site_type_symbol",
    "_atom_site_fract_x",
    "_atom_site_fract_y",
    "_atom_site_fract_z",
    "_atom_site_occupancy",
    "_atom_site_symmetry_multiplicity",
    "_atom_site_site_symmetry_multiplicity",
    "_atom_site_site_symmetry_order",
    "_atom_site_attached_hydrogens",
    "_atom_site_calc_flag",
    "_atom_site_cartn_x",
};
constexpr std::array<std::string_view, 2> atom_type_tags = {"_atom_type_symbol",
                                                            "_atom_type_oxidation_number"};
constexpr std::array<std::string_view, 2> operation_tags = {"_symmetry_equiv_pos_as_xyz",
                                                            "_space_group_symop_operation_xyz"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& tags, std::string_view tag) {
  return std::ranges::find(tags, tag) != tags.end();
}

/// "_space_group_symop_magn_operation.xyz", "_space_group_symop.magn_centering_xyz",
/// "_magnetic_space_group_symop_operation_xyz", "_space_group_symop_ssg_operation_algebraic",
/// "_space_group_symop_magn_ssg_centering_algebraic": operators that also turn moments round, or also act on
/// the phase of a modulation.
OperatorList* special_list(CifBlock& block, std::string_view tag) {
  const auto has = [&](std::string_view word) { return tag.find(word) != std::string_view::npos; };
  const bool ends = tag.ends_with("_xyz") || tag.ends_with("_algebraic");
  const bool is_centring = has("centering") || has("centring");
  if (!tag.starts_with("_space_group") && !tag.starts_with("_magnetic_space_group")) {
    return nullptr;
  }
  if (!ends || !has("symop") || (!has("magn") && !has("_ssg_"))) {
    return nullptr;
  }
  SpecialOperators& special = has("_ssg_") ? block.superspace : block.magnetic;
  return is_centring ? &special.centrings : &special.operations;
}

void add_column(CifTable& table, std::string tag, std::vector<std::string> values, long line) {
  // A second loop of another length cannot be joined to the first.
  if (!table.columns.empty() && table.rows != values.size()) {
    return;
  }
  table.rows = values.size();
  table.line = line;
  table.columns.emplace(std::move(tag), std::move(values));
}

/// Single values of atoms, as a file with one atom may give them, are one row; every loop is a table of its
/// own, since rows of two loops need not follow one another in the same order.
void add_atoms(CifBlock& block, CifTable table, bool is_loop) {
  if (block.atoms.columns.empty()) {
    block.atoms = std::move(table);
  } else if (!is_loop && block.atoms.rows == 1) {
    block.atoms.columns.merge(table.columns);
  } else {
    block.more_atoms.push_back(std::move(table));
  }
}

void mend_characters(CifBlock& block, CifColumns& columns, long line) {
  for (auto& [tag, values] : columns) {
    for (std::string& value : values) {
      if (const auto mended = replace_typography(value); !mended.empty()) {
        note_flaw(block, line, fmt::format("{} holds {}", tag, mended));
      }
    }
  }
}

/// Empty rows: no label, no type symbol, no position.
bool is_placeholder(const CifTable& atoms, std::size_t row) {
  constexpr std::array<std::string_view, 6> telling = {"_atom_site_label",   "_atom_site_type_symbol",
                                                       "_atom_site_fract_x", "_atom_site_fract_y",
                                                       "_atom_site_fract_z", "_atom_site_cartn_x"};
  return std::ranges::none_of(telling,
                              [&](std::string_view tag) { return atoms.value(tag, row).has_value(); });
}

} // namespace

std::string normalized_tag(std::string_view tag) {
  std::string lowered = to_lower(tag);
  std::ranges::replace(lowered, '.', '_');
  if (lowered == "_space_group_name_hall") {
    return "_symmetry_space_group_name_hall";
  }
  return lowered;
}

bool is_wanted(std::string_view tag) {
  static CifBlock none;
  return special_list(none, tag) != nullptr || contains(atom_tags, tag) || contains(single_tags, tag) ||
         contains(operation_tags, tag) || contains(atom_type_tags, tag);
}

bool is_operation_tag(std::string_view tag) {
  static CifBlock none;
  return contains(operation_tags, tag) || special_list(none, tag) != nullptr;
}

bool is_text_tag(std::string_view tag) {
  const bool is_symbol =
      tag.find("_space_group") != std::string_view::npos && tag.find("name") != std::string_view::npos;
  return is_symbol || tag.starts_with("_chemical_formula_");
}

bool is_only_compared(std::string_view tag) {
  return tag == "_cell_volume";
}

void add_columns(CifBlock& block, CifColumns columns, long line, bool is_loop) {
  mend_characters(block, columns, line);
  CifTable atoms;
  for (auto& [tag, values] : columns) {
    if (contains(atom_tags, tag)) {
      add_column(atoms, tag, std::move(values), line);
    } else if (contains(atom_type_tags, tag)) {
      add_column(block.atom_types, tag, std::move(values), line);
    } else if (contains(operation_tags, tag)) {
      if (block.operations.empty()) {
        std::erase_if(values, is_unknown);
        block.operations = std::move(values);
        block.operations_line = line;
      }
    } else if (OperatorList* list = special_list(block, tag)) {
      if (list->triplets.empty()) {
        std::erase_if(values, is_unknown);
        *list = {std::move(values), line};
      }
    } else if (contains(single_tags, tag) && !values.empty() && !is_unknown(values.front())) {
      block.values.emplace(tag, values.front());
      block.lines.emplace(tag, line);
    }
  }
  if (!atoms.columns.empty()) {
    add_atoms(block, std::move(atoms), is_loop);
  }
}

bool looks_like_operation(std::string_view value) {
  const auto parts = split(value, ',');
  return parts.size() >= 3 &&
         std::ranges::none_of(parts, [](const std::string& part) { return trim(part).empty(); });
}

void drop_placeholders(CifBlock& block) {
  CifTable& atoms = block.atoms;
  std::size_t kept = 0;
  for (std::size_t row = 0; row < atoms.rows; ++row) {
    if (is_placeholder(atoms, row)) {
      continue;
    }
    if (kept != row) {
      for (auto& [tag, values] : atoms.columns) {
        values[kept] = std::move(values[row]);
      }
    }
    ++kept;
  }
  if (kept > 0 && kept < atoms.rows) {
    note_flaw(block, atoms.line,
              fmt::format("{} rows of the atom list say nothing and were left out", atoms.rows - kept));
  }
  atoms.rows = kept;
  for (auto& [tag, values] : atoms.columns) {
    values.resize(kept);
  }
  if (kept == 0) {
    atoms.columns.clear();
  }
}

} // namespace ionsift::crystal
