// The one file that sees gemmi's CIF grammar, which compiles slowly.
#include "ionsift/base/text.hpp"

#include "cif_block.hpp"
#include "numeral.hpp"

#include <gemmi/cif.hpp>

#include <algorithm>

namespace ionsift::crystal {

namespace {

namespace cif = gemmi::cif;

constexpr std::array<std::string_view, 24> single_tags = {
    "_cell_length_a",
    "_cell_length_b",
    "_cell_length_c",
    "_cell_angle_alpha",
    "_cell_angle_beta",
    "_cell_angle_gamma",
    "_cell_formula_units_z",
    "_chemical_formula_sum",
    "_symmetry_space_group_name_h-m",
    "_symmetry_space_group_name_hall",
    "_symmetry_int_tables_number",
    "_space_group_name_h-m_alt",
    "_space_group_name_h-m_ref",
    "_space_group_name_h-m_full",
    "_space_group_it_number",
    "_chemical_formula_structural",
    "_cell_volume",
    "_cell_modulation_dimension",
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
  if (!ends || !has("symop") || (!has("magn") && !has("_ssg_")) || (!is_centring && !has("operation"))) {
    return nullptr;
  }
  SpecialOperators& special = has("_ssg_") ? block.superspace : block.magnetic;
  return is_centring ? &special.centrings : &special.operations;
}

/// Newer dictionaries write "_cell.length_a"; all tags are compared in lower case.
std::string normalized_tag(const std::string& tag) {
  std::string lowered = to_lower(tag);
  std::ranges::replace(lowered, '.', '_');
  if (lowered == "_space_group_name_hall") {
    return "_symmetry_space_group_name_hall";
  }
  return lowered;
}

void add_column(CifTable& table, const std::string& tag, std::vector<std::string> values, long line) {
  // A second loop of another length, as in a malformed file, cannot be joined to the first.
  if (!table.columns.empty() && table.rows != values.size()) {
    return;
  }
  table.rows = values.size();
  table.line = line;
  table.columns.emplace(tag, std::move(values));
}

void add_values(CifBlock& block, const std::string& tag, std::vector<std::string> values, long line) {
  if (contains(atom_tags, tag)) {
    add_column(block.atoms, tag, std::move(values), line);
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

bool is_wanted(std::string_view tag) {
  static CifBlock none;
  return special_list(none, tag) != nullptr || contains(atom_tags, tag) || contains(single_tags, tag) ||
         contains(operation_tags, tag) || contains(atom_type_tags, tag);
}

void add_loop(CifBlock& block, const cif::Loop& loop, long line) {
  const std::size_t width = loop.tags.size();
  for (std::size_t column = 0; column < width; ++column) {
    const std::string tag = normalized_tag(loop.tags[column]);
    if (!is_wanted(tag)) {
      continue;
    }
    std::vector<std::string> values;
    values.reserve(loop.values.size() / width);
    for (std::size_t i = column; i < loop.values.size(); i += width) {
      values.push_back(cif::as_string(loop.values[i]));
    }
    add_values(block, tag, std::move(values), line);
  }
}

CifBlock convert(const cif::Block& source, long line_offset) {
  CifBlock block;
  block.name = source.name;
  for (const cif::Item& item : source.items) {
    const long line = item.line_number + line_offset;
    block.line = block.line == 0 ? line : block.line;
    if (item.type == cif::ItemType::Pair) {
      const std::string tag = normalized_tag(item.pair[0]);
      if (is_wanted(tag)) {
        add_values(block, tag, {cif::as_string(item.pair[1])}, line);
      }
    } else if (item.type == cif::ItemType::Loop) {
      add_loop(block, item.loop, line);
    }
  }
  return block;
}

void add_blocks(CifDocument& document, const cif::Document& source, long line_offset) {
  for (const cif::Block& block : source.blocks) {
    CifBlock converted = convert(block, line_offset);
    if (converted.atoms.columns.empty()) {
      ++document.blocks_without_atoms;
    } else {
      document.blocks.emplace_back(std::move(converted));
    }
  }
}

/// Parses without gemmi's check for duplicate tags: the first value counts, as in other readers.
cif::Document parse_strictly(std::string_view text) {
  cif::Document document;
  tao::pegtl::memory_input<> input(text.data(), text.size(), "cif");
  cif::parse_input(document, input);
  return document;
}

struct Part {
  std::string_view text;
  long first_line = 1;
};

bool starts_block(std::string_view line) {
  return equal_ignoring_case(line.substr(0, 5), "data_");
}

/// The text cut before every line that begins with "data_".
std::vector<Part> split_blocks(std::string_view text) {
  std::vector<Part> parts;
  std::size_t start = 0;
  long line = 1;
  long start_line = 1;
  bool inside = false;
  for (std::size_t position = 0; position < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', position), text.size());
    if (starts_block(text.substr(position, end - position))) {
      if (inside) {
        parts.push_back({text.substr(start, position - start), start_line});
      }
      start = position;
      start_line = line;
      inside = true;
    }
    position = end + 1;
  }
  if (inside) {
    parts.push_back({text.substr(start), start_line});
  }
  return parts;
}

// Upstream's gemmi brings PEGTL 2.8 along, Debian's uses PEGTL 3, which made functions of what was a member
// and a part of what().
template <typename ParseError>
const auto& place_of(const ParseError& error) {
  if constexpr (requires { error.positions(); }) {
    return error.positions().front();
  } else {
    return error.positions.front();
  }
}

template <typename ParseError>
std::string message_of(const ParseError& error) {
  if constexpr (requires { error.message(); }) {
    return std::string(error.message());
  } else {
    const std::string text = error.what();
    const std::string place = to_string(place_of(error)) + ": ";
    return text.starts_with(place) ? text.substr(place.size()) : text;
  }
}

CifSyntaxError syntax_error(const tao::pegtl::parse_error& error, std::string block, long line_offset) {
  const auto line = static_cast<long>(place_of(error).line);
  return {std::move(block), message_of(error), line + line_offset};
}

std::string heading(std::string_view part) {
  const auto end = part.find_first_of(" \t\r\n");
  return std::string(part.substr(5, end == std::string_view::npos ? end : end - 5));
}

} // namespace

std::optional<std::string> CifTable::value(std::string_view tag, std::size_t row) const {
  const auto column = columns.find(tag);
  if (column == columns.end() || is_unknown(column->second[row])) {
    return std::nullopt;
  }
  return column->second[row];
}

const std::string* CifBlock::find(std::initializer_list<std::string_view> tags) const {
  for (const std::string_view tag : tags) {
    const auto found = values.find(tag);
    if (found != values.end()) {
      return &found->second;
    }
  }
  return nullptr;
}

CifDocument parse_cif(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) {
    text.remove_prefix(byte_order_mark.size());
  }
  CifDocument document;
  try {
    add_blocks(document, parse_strictly(text), 0);
    return document;
  } catch (const tao::pegtl::parse_error& error) {
    document = {};
    const std::vector<Part> parts = split_blocks(text);
    if (parts.size() < 2) {
      document.blocks.emplace_back(syntax_error(error, parts.empty() ? "" : heading(parts.front().text), 0));
      return document;
    }
    for (const Part& part : parts) {
      try {
        add_blocks(document, parse_strictly(part.text), part.first_line - 1);
      } catch (const tao::pegtl::parse_error& inner) {
        document.blocks.emplace_back(syntax_error(inner, heading(part.text), part.first_line - 1));
      }
    }
  }
  return document;
}

} // namespace ionsift::crystal
