#include "cif_atoms.hpp"

#include "ionsift/base/text.hpp"

#include "species_symbol.hpp"

#include <algorithm>

namespace ionsift::crystal {

namespace {

/// Rows of the atom site loop to atoms.
class AtomReader {
public:
  AtomReader(const CifBlock& block, const ReadOptions& options, RawStructure& raw)
      : block_(block), options_(options), raw_(raw) {}

  void read() {
    read_oxidation_numbers();
    read_atoms();
    report_skipped();
  }

private:
  template <typename... Args>
  void warn(fmt::format_string<Args...> text, Args&&... args) {
    raw_.warnings.push_back(fmt::format(text, std::forward<Args>(args)...));
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
  RawStructure& raw_;
  std::map<std::string, double, std::less<>> oxidation_; ///< by type symbol
  std::size_t dummies_ = 0;
  std::size_t empty_ = 0;
  std::size_t unplaced_ = 0;
  std::size_t implied_hydrogen_ = 0;
};

} // namespace

void read_cif_atoms(const CifBlock& block, const ReadOptions& options, RawStructure& raw) {
  AtomReader(block, options, raw).read();
}

} // namespace ionsift::crystal
