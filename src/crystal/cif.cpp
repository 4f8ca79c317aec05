#include "ionsift/crystal/cif.hpp"

#include "ionsift/base/text.hpp"
#include "ionsift/crystal/element.hpp"

#include "cif_block.hpp"
#include "raw_structure.hpp"
#include "species_symbol.hpp"

#include <algorithm>
#include <cmath>

namespace ionsift::crystal {

namespace {

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
    read_oxidation_numbers();
    read_atoms();
    return std::move(raw_);
  }

private:
  template <typename... Args>
  void warn(fmt::format_string<Args...> text, Args&&... args) {
    raw_.warnings.push_back(fmt::format(text, std::forward<Args>(args)...));
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
      if (!has_angle) {
        warn("missing_angle: {} is not given; taken as 90 degrees", angles[i]);
      }
    }
  }

  double cell_number(std::string_view tag) const {
    const std::string& text = *block_.find({tag});
    const auto number = parse_numeral(text);
    if (!number) {
      throw ReadError(Error(ErrorCode::data, fmt::format("{} is '{}'", tag, text), "that is no finite number",
                            "Correct the cell."),
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
      raw_.formula_units = static_cast<int>(parse_integer(*text).value_or(0));
    }
  }

  void read_symmetry() {
    if (const auto* hall = block_.find({"_symmetry_space_group_name_hall"})) {
      raw_.space_group.hall = *hall;
    }
    if (const auto* symbol = block_.find({"_space_group_name_h-m_alt", "_symmetry_space_group_name_h-m"})) {
      raw_.space_group.hermann_mauguin = *symbol;
    }
    if (const auto* number = block_.find({"_space_group_it_number", "_symmetry_int_tables_number"})) {
      raw_.space_group.number = static_cast<int>(parse_integer(*number).value_or(0));
    }
    if (block_.operations.empty()) {
      return;
    }
    try {
      std::vector<Operation> listed;
      for (const std::string& triplet : block_.operations) {
        listed.push_back(parse_operation(triplet));
      }
      OperationGroup group = generate_group(listed);
      accept_incomplete(group, listed.size());
      raw_.operations = std::move(group.operations);
    } catch (const Error& error) {
      throw ReadError(error, block_.operations_line);
    }
  }

  void accept_incomplete(const OperationGroup& group, std::size_t listed) {
    if (group.was_complete) {
      return;
    }
    IONSIFT_VALIDATE(options_.strictness == Strictness::tolerant, data,
                     fmt::format("the {} symmetry operators listed are no group", listed),
                     fmt::format("their products number {}", group.operations.size()),
                     "Complete the list, or read with the tolerant level.");
    warn("operators_completed: {} operators are listed, the group they generate has {}", listed,
         group.operations.size());
  }

  void read_oxidation_numbers() {
    for (std::size_t row = 0; row < block_.atom_types.rows; ++row) {
      const auto symbol = block_.atom_types.value("_atom_type_symbol", row);
      const auto number = block_.atom_types.value("_atom_type_oxidation_number", row);
      const auto parsed = number ? parse_numeral(*number) : std::nullopt;
      if (symbol && parsed) {
        oxidation_.emplace(*symbol, parsed->value);
      }
    }
  }

  void read_atoms() {
    const CifTable& atoms = block_.atoms;
    const bool has_coordinates =
        std::ranges::all_of(coordinate_tags, [&](auto tag) { return atoms.has(tag); });
    if (!has_coordinates) {
      throw ReadError(Error(ErrorCode::missing, "the atoms have no fractional coordinates",
                            atoms.has("_atom_site_cartn_x") ? "only Cartesian ones are given"
                                                            : "_atom_site_fract_x, _y and _z are needed",
                            "Convert the file with a crystallographic program."),
                      atoms.line);
    }
    for (std::size_t row = 0; row < atoms.rows; ++row) {
      read_atom(row);
    }
    report_skipped();
  }

  void read_atom(std::size_t row) {
    const CifTable& atoms = block_.atoms;
    RawAtom atom;
    atom.label =
        atoms.value("_atom_site_label", row)
            .value_or(atoms.value("_atom_site_type_symbol", row).value_or(fmt::format("{}", row + 1)));
    atom.line = atoms.line;
    const bool calculated_dummy =
        equal_ignoring_case(atoms.value("_atom_site_calc_flag", row).value_or(""), "dum");
    const ParsedSymbol symbol = calculated_dummy ? ParsedSymbol{} : read_symbol(atom.label, row);
    if (symbol.is_dummy()) {
      ++dummies_;
      return;
    }
    atom.atomic_number = symbol.atomic_number;
    atom.oxidation = oxidation_of(symbol, atom.label, row);
    implied_hydrogen_ += symbol.implies_hydrogen ? 1 : 0;
    if (!read_occupancy(atom, row) || !read_position(atom, row)) {
      return;
    }
    for (const auto tag : {"_atom_site_symmetry_multiplicity", "_atom_site_site_symmetry_multiplicity"}) {
      if (const auto multiplicity = atoms.value(tag, row)) {
        atom.declared_multiplicity = static_cast<int>(parse_integer(*multiplicity).value_or(0));
      }
    }
    raw_.atoms.push_back(std::move(atom));
  }

  ParsedSymbol read_symbol(const std::string& label, std::size_t row) const {
    const Composition* formula = raw_.formula ? &*raw_.formula : nullptr;
    const auto type = block_.atoms.value("_atom_site_type_symbol", row);
    auto symbol = type ? parse_type_symbol(*type) : std::nullopt;
    if (!symbol) {
      symbol = parse_label(label, formula);
    }
    // A label such as "Q7" makes a dummy only of an atom that has no type symbol.
    if (!symbol || (type && symbol->is_dummy() && !parse_type_symbol(*type))) {
      throw ReadError(Error(ErrorCode::data, fmt::format("atom {} is no known element", label),
                            type ? fmt::format("its type symbol is '{}'", *type) : "it has no type symbol",
                            "Give the atom a type symbol."),
                      block_.atoms.line);
    }
    return *symbol;
  }

  std::optional<double> oxidation_of(const ParsedSymbol& symbol, const std::string& label,
                                     std::size_t row) const {
    const auto type = block_.atoms.value("_atom_site_type_symbol", row);
    const auto found = oxidation_.find(type.value_or(label));
    return found != oxidation_.end() ? std::optional(found->second) : symbol.oxidation;
  }

  /// False where the atom is to be left out.
  bool read_occupancy(RawAtom& atom, std::size_t row) {
    const auto text = block_.atoms.value("_atom_site_occupancy", row);
    if (!text) {
      return true;
    }
    const auto number = parse_numeral(*text);
    if (!number || number->value < 0) {
      throw ReadError(Error(ErrorCode::data, fmt::format("the occupancy of {} is '{}'", atom.label, *text),
                            "it must be a number from 0 to 1", "Correct the occupancy."),
                      atom.line);
    }
    atom.occupancy = number->value;
    empty_ += number->value == 0 ? 1 : 0;
    return number->value > 0;
  }

  bool read_position(RawAtom& atom, std::size_t row) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const auto text = block_.atoms.value(coordinate_tags[axis], row);
      const auto number = text ? parse_numeral(*text) : std::nullopt;
      if (number) {
        atom.position[axis] = *number;
      } else if (!text && options_.strictness == Strictness::tolerant) {
        ++unplaced_;
        return false;
      } else {
        throw ReadError(Error(text ? ErrorCode::data : ErrorCode::missing,
                              fmt::format("a coordinate of {} is '{}'", atom.label, text.value_or("?")),
                              "that is no finite number",
                              "Correct the coordinate, or read with the tolerant level to leave out atoms "
                              "without coordinates."),
                        atom.line);
      }
    }
    return true;
  }

  void report_skipped() {
    if (dummies_ > 0) {
      warn("dummy_atoms: {} positions are dummies or vacancies and were left out", dummies_);
    }
    if (empty_ > 0) {
      warn("zero_occupancy: {} atoms with occupancy 0 were left out", empty_);
    }
    if (unplaced_ > 0) {
      warn("unplaced_atoms: {} atoms without coordinates were left out", unplaced_);
    }
    if (implied_hydrogen_ > 0) {
      warn("implied_hydrogen: {} atoms stand for OH or H2O; only their oxygen was read", implied_hydrogen_);
    }
  }

  static constexpr std::array<std::string_view, 3> coordinate_tags = {
      "_atom_site_fract_x", "_atom_site_fract_y", "_atom_site_fract_z"};
  const CifBlock& block_;
  const ReadOptions& options_;
  RawStructure raw_;
  std::map<std::string, double, std::less<>> oxidation_; ///< by type symbol
  std::size_t dummies_ = 0;
  std::size_t empty_ = 0;
  std::size_t unplaced_ = 0;
  std::size_t implied_hydrogen_ = 0;
};

ReadResult read_block(const CifBlock& block, const EntryName& name, bool name_by_block,
                      const ReadOptions& options) {
  try {
    Crystal crystal = assemble(BlockReader(block, options).read(), options);
    crystal.source = name.source;
    crystal.id = name_by_block ? block.name : name.id;
    return crystal;
  } catch (const Error& error) {
    return failure_of(error, name, block.name, block.line);
  }
}

} // namespace

std::vector<ReadResult> read_cif(std::string_view text, const EntryName& name, const ReadOptions& options) {
  const CifDocument document = parse_cif(text);
  std::vector<ReadResult> results;
  const bool several = document.blocks.size() > 1;
  for (const auto& block : document.blocks) {
    if (const auto* parsed = std::get_if<CifBlock>(&block)) {
      results.push_back(read_block(*parsed, name, several, options));
    } else {
      const auto& error = std::get<CifSyntaxError>(block);
      const Error problem(ErrorCode::format, fmt::format("line {} is no valid CIF", error.line),
                          error.message, "Correct the file at that line.");
      results.push_back(failure_of(problem, name, error.block, error.line));
    }
  }
  if (results.empty()) {
    const Error problem(ErrorCode::data, "the file holds no structure",
                        fmt::format("none of its {} data blocks lists atoms", document.blocks_without_atoms),
                        "Give a file with an atom site loop.");
    results.push_back(failure_of(problem, name, ""));
  }
  return results;
}

} // namespace ionsift::crystal
