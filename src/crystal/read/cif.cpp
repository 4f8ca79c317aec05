// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/read/cif.hpp"

#include "ionsift/base/text.hpp"

#include "cif_atom_loops.hpp"
#include "cif_atoms.hpp"
#include "cif_block.hpp"
#include "interpret_cif.hpp"
#include "special_operators.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace ionsift::crystal {

namespace {

/// Limits of a readable cell.
constexpr double most_formula_units = 1e6;

/// Turns one block's text into numbers and species.
class BlockReader {
public:
  BlockReader(const CifBlock& block, const ReadOptions& options) : block_(block), options_(options) {}

  RawStructure read() {
    raw_.block = block_.name;
    raw_.line = block_.line;
    read_cell();
    read_formula();
    read_symmetry();
    read_cif_atoms(block_, options_, raw_);
    report_flaws();
    return std::move(raw_);
  }

private:
  template <typename... Args>
  void warn(fmt::format_string<Args...> text, Args&&... args) {
    raw_.warnings.push_back(fmt::format(text, std::forward<Args>(args)...));
  }

  void report_flaws() {
    const auto& flaws = block_.flaws;
    if (!flaws.empty()) {
      warn("syntax_flaw: {}{}", flaws.front(),
           flaws.size() > 1 ? fmt::format(" (and {} more)", flaws.size() - 1) : "");
    }
  }

  void read_cell() {
    static constexpr std::array<std::string_view, 3> lengths = {"_cell_length_a", "_cell_length_b",
                                                                "_cell_length_c"};
    static constexpr std::array<std::string_view, 3> angles = {"_cell_angle_alpha", "_cell_angle_beta",
                                                               "_cell_angle_gamma"};
    for (std::size_t i = 0; i < 3; ++i) {
      IONSIFT_VALIDATE(block_.find({lengths[i]}) != nullptr, missing,
                       fmt::format("{} is missing", lengths[i]), "without a cell there is no crystal",
                       "Add the cell to the file.");
      raw_.lengths[i] = cell_number(lengths[i]);
      IONSIFT_VALIDATE(raw_.lengths[i] != 0, data, fmt::format("{} is 0", lengths[i]),
                       "a length must be positive", "Correct the cell.");
      const bool has_angle = block_.find({angles[i]}) != nullptr;
      raw_.angles[i] = has_angle ? cell_number(angles[i]) : 90.0;
      raw_.missing_angles[i] = !has_angle;
    }
    if (const std::string* volume = block_.find({"_cell_volume"})) {
      const auto number = parse_numeral(*volume);
      raw_.declared_volume = number ? number->value : 0;
    }
  }

  double cell_number(std::string_view tag) const {
    const std::string& text = *block_.find({tag});
    const auto number = parse_numeral(text);
    if (!number) {
      throw ReadError(Error(ErrorCode::data, fmt::format("{} is '{}'", tag, text),
                            "that is not a finite number", "Correct the cell."),
                      block_.lines.find(tag)->second);
    }
    return number->value;
  }

  void read_formula() {
    if (const std::string* text = block_.find({"_chemical_formula_sum"})) {
      try {
        raw_.formula = Composition::parse(*text);
      } catch (const Error& error) {
        warn("formula_unreadable: _chemical_formula_sum: {}", error.what());
      }
    }
    if (const std::string* text = block_.find({"_cell_formula_units_z"})) {
      const auto number = parse_numeral(*text); // also "4.0" and "4(1)"
      const bool is_whole = number && number->value >= 1 && number->value <= most_formula_units &&
                            number->value == std::round(number->value);
      raw_.formula_units = is_whole ? static_cast<int>(number->value) : 0;
    }
    if (is_formula_of_cell()) {
      raw_.formula_units = 1;
    }
  }

  /// pymatgen writes the content of the cell as the sum, and one unit as the structural formula.
  bool is_formula_of_cell() const {
    const std::string* structural = block_.find({"_chemical_formula_structural"});
    if (structural == nullptr || !raw_.formula || raw_.formula_units <= 1) {
      return false;
    }
    try {
      const Composition unit = Composition::parse(*structural);
      constexpr double tolerance = 0.005;
      return std::ranges::all_of(raw_.formula->amounts(), [&](const auto& part) {
        const double declared = unit.amount(part.first) * raw_.formula_units;
        return std::abs(declared - part.second) <= tolerance * part.second;
      });
    } catch (const Error&) {
      return false; // a structural formula may hold free text
    }
  }

  void read_symmetry() {
    if (const auto* hall = block_.find({"_symmetry_space_group_name_hall"})) {
      raw_.space_group.hall = *hall;
    }
    if (const auto* symbol = block_.find({"_space_group_name_h-m_alt", "_symmetry_space_group_name_h-m",
                                          "_space_group_name_h-m_ref", "_space_group_name_h-m_full"})) {
      raw_.space_group.hermann_mauguin = *symbol;
    }
    if (const auto* number = block_.find({"_space_group_it_number", "_symmetry_int_tables_number"})) {
      raw_.space_group.number = static_cast<int>(parse_integer(*number).value_or(0));
    }
    read_special_names();
    if (!block_.magnetic.operations.triplets.empty()) {
      read_operations(block_.magnetic.operations, [&] { return spatial_group(block_.magnetic); });
      warn("magnetic_symmetry: {} operators and {} centrings of a magnetic group; time reversal was dropped",
           block_.magnetic.operations.triplets.size(), block_.magnetic.centrings.triplets.size());
    } else if (!block_.operations.empty()) {
      read_operations({block_.operations, block_.operations_line},
                      [&] { return group_of_triplets(block_.operations); });
    } else if (!block_.superspace.operations.triplets.empty()) {
      read_operations(block_.superspace.operations, [&] { return spatial_group(block_.superspace); });
    }
  }

  void read_operations(const OperatorList& list, const std::function<OperationGroup()>& make) {
    try {
      OperationGroup group = make();
      raw_.incomplete_list = group.was_complete ? 0 : list.triplets.size();
      raw_.operations_line = list.line;
      raw_.operations = std::move(group.operations);
    } catch (const Error& error) {
      throw ReadError(error, list.line);
    }
  }

  /// Names of magnetic and superspace groups count where nothing else names or lists the symmetry.
  void read_special_names() {
    const std::string* dimension = block_.find({"_cell_modulation_dimension"});
    const std::string* superspace = block_.find({"_space_group_ssg_name", "_space_group_magn_ssg_name_bns"});
    const bool is_modulated = (dimension != nullptr && parse_integer(*dimension).value_or(1) > 0) ||
                              superspace != nullptr || block_.find({"_cell_wave_vector_x"}) != nullptr ||
                              !block_.superspace.operations.triplets.empty();
    if (is_modulated) {
      warn("modulated_structure: the modulation is left out, what is read is the average structure");
    }
    if (!raw_.space_group.empty() || !block_.operations.empty()) {
      return;
    }
    const bool lists_special =
        !block_.magnetic.operations.triplets.empty() || !block_.superspace.operations.triplets.empty();
    const std::string* magnetic =
        block_.find({"_space_group_magn_name_bns", "_space_group_magn_name_og",
                     "_magnetic_space_group_name_bns", "_space_group_magn_number_bns"});
    if (!lists_special && superspace != nullptr) {
      raw_.space_group.hermann_mauguin = *superspace;
    } else if (!lists_special && magnetic != nullptr) {
      raw_.space_group.hermann_mauguin = spatial_name(*magnetic).value_or(*magnetic);
    }
  }

  const CifBlock& block_;
  const ReadOptions& options_;
  RawStructure raw_;
};

ReadResult read_block(const CifBlock& block, const EntryName& name, bool name_by_block,
                      const ReadOptions& options) {
  try {
    Crystal crystal = assemble(interpret_cif(block, options), options);
    crystal.source = name.source;
    crystal.id = name_by_block ? block.name : name.id;
    return crystal;
  } catch (const Error& error) {
    return failure_of(error, name, block.name, block.line);
  }
}

const std::string& name_of_block(const std::variant<CifBlock, CifSyntaxError>& block) {
  const auto* parsed = std::get_if<CifBlock>(&block);
  return parsed != nullptr ? parsed->name : std::get<CifSyntaxError>(block).block;
}

} // namespace

RawStructure interpret_cif(const CifBlock& block, const ReadOptions& options) {
  if (block.more_atoms.empty()) {
    return BlockReader(block, options).read();
  }
  CifBlock joined = block;
  joined.atoms = join_atom_loops(block);
  joined.more_atoms.clear();
  return BlockReader(joined, options).read();
}

std::vector<ReadResult> read_cif(std::string_view text, const EntryName& name, const ReadOptions& options) {
  const CifDocument document = parse_cif(text, name.first_line);
  std::vector<ReadResult> results;
  const bool several = document.blocks.size() > 1;
  for (const auto& block : document.blocks) {
    if (!name.block.empty() && name_of_block(block) != name.block) {
      continue;
    }
    if (const auto* parsed = std::get_if<CifBlock>(&block)) {
      results.emplace_back(read_block(*parsed, name, several, options));
    } else {
      const auto& error = std::get<CifSyntaxError>(block);
      const Error problem(ErrorCode::format, fmt::format("line {} is not valid CIF", error.line),
                          error.message, "Correct the file at that line.");
      results.emplace_back(failure_of(problem, name, error.block, error.line));
    }
  }
  if (results.empty() && !name.block.empty()) {
    const Error problem(ErrorCode::missing, fmt::format("there is no block '{}'", name.block),
                        "no other with atoms has that name", "Check the name of the block.");
    results.emplace_back(failure_of(problem, name, name.block));
  } else if (results.empty()) {
    const Error problem(
        ErrorCode::data, "the file holds no structure",
        fmt::format("there are no atoms in its {} data blocks", document.blocks_without_atoms),
        "Give a file with an atom site loop.");
    results.emplace_back(failure_of(problem, name, ""));
  }
  return results;
}

} // namespace ionsift::crystal
