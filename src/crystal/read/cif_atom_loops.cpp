// SPDX-License-Identifier: BSD-3-Clause
#include "cif_atom_loops.hpp"

#include "raw_structure.hpp"

#include <utility>

namespace ionsift::crystal {

namespace {

constexpr std::string_view label_tag = "_atom_site_label";

[[noreturn]] void fail(const std::string& why, long line) {
  throw ReadError(Error(ErrorCode::data, "the atoms are listed in several loops that cannot be joined", why,
                        "Put all columns of the atoms into one loop."),
                  line);
}

/// The row of each label. @throws ReadError if one occurs twice or is missing
std::map<std::string, std::size_t> rows_by_label(const CifTable& table) {
  if (!table.has(label_tag)) {
    fail(fmt::format("the loop of line {} has no {}", table.line, label_tag), table.line);
  }
  std::map<std::string, std::size_t> rows;
  for (std::size_t row = 0; row < table.rows; ++row) {
    const auto label = table.value(label_tag, row);
    if (!label || !rows.emplace(*label, row).second) {
      fail(fmt::format("the loop of line {} has {}", table.line,
                       label ? fmt::format("the label '{}' twice", *label) : "an atom without a label"),
           table.line);
    }
  }
  return rows;
}

void join(CifTable& atoms, const std::map<std::string, std::size_t>& rows, const CifTable& other) {
  const auto other_rows = rows_by_label(other);
  for (const auto& [label, row] : other_rows) {
    if (!rows.contains(label)) {
      fail(fmt::format("the atom '{}' of line {} is not in the loop of line {}", label, other.line,
                       atoms.line),
           other.line);
    }
  }
  for (const auto& [tag, values] : other.columns) {
    if (tag == label_tag) {
      continue;
    }
    std::vector<std::string> joined(atoms.rows, "?");
    for (const auto& [label, row] : other_rows) {
      joined[rows.at(label)] = values[row];
    }
    const auto known = atoms.columns.find(tag);
    if (known != atoms.columns.end() && known->second != joined) {
      fail(fmt::format("both have {}, with different values", tag), other.line);
    }
    atoms.columns.emplace(tag, std::move(joined));
  }
}

} // namespace

CifTable join_atom_loops(const CifBlock& block) {
  CifTable atoms = block.atoms;
  if (block.more_atoms.empty()) {
    return atoms;
  }
  const auto rows = rows_by_label(atoms);
  for (const CifTable& other : block.more_atoms) {
    join(atoms, rows, other);
  }
  return atoms;
}

} // namespace ionsift::crystal
