// SPDX-License-Identifier: BSD-3-Clause
#include "cif_atoms.hpp"

#include "ionsift/base/text.hpp"
#include "ionsift/crystal/chemistry/element.hpp"

#include "chemistry/species_symbol.hpp"
#include "chemistry/symbol_words.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace ionsift::crystal {

namespace {

/// "T2 O", but not "Ti O2".
bool names_tritium(std::string_view formula) {
  for (std::size_t i = 0; i < formula.size(); ++i) {
    if (formula[i] == 'T' && (i + 1 == formula.size() || !is_lower(formula[i + 1]))) {
      return true;
    }
  }
  return false;
}

/// Rows of the atom site loop to atoms.
class AtomReader {
public:
  AtomReader(const CifBlock& block, const ReadOptions& options, RawStructure& raw)
      : block_(block), options_(options), raw_(raw) {}

  void read() {
    if (const std::string* declared = block_.find({"_chemical_formula_sum"})) {
      has_tritium_ = names_tritium(*declared);
    }
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
    const std::vector<MixturePart> species =
        calculated_dummy ? std::vector<MixturePart>{} : read_species(atom, row);
    if (species.empty()) {
      ++dummies_;
      return;
    }
    if (!read_occupancy(atom, row) || !read_position(atom, row)) {
      return;
    }
    for (const auto tag : {"_atom_site_symmetry_multiplicity", "_atom_site_site_symmetry_multiplicity"}) {
      if (const auto multiplicity = integer_of(tag, row)) {
        atom.declared_multiplicity = *multiplicity;
      }
    }
    atom.declared_order = integer_of("_atom_site_site_symmetry_order", row).value_or(0);
    if (const auto attached = atoms.value("_atom_site_attached_hydrogens", row)) {
      const auto number = parse_numeral(*attached); // an average where sites are shared
      attached_hydrogen_ += number ? std::clamp(number->value, 0.0, largest_attached) : 0;
    }
    for (const MixturePart& part : species) {
      RawAtom one = atom;
      one.atomic_number = part.symbol.atomic_number;
      one.oxidation = part.symbol.oxidation;
      one.occupancy *= part.amount;
      implied_hydrogen_ += part.symbol.implies_hydrogen ? 1 : 0;
      raw_.atoms.push_back(std::move(one));
    }
  }

  std::optional<int> integer_of(std::string_view tag, std::size_t row) const {
    const auto text = block_.atoms.value(tag, row);
    const auto number = text ? parse_integer(*text) : std::nullopt;
    return number && *number >= 0 && *number <= std::numeric_limits<int>::max()
               ? std::optional(static_cast<int>(*number))
               : std::nullopt;
  }

  /// The species of an atom and their shares; empty for a dummy.
  std::vector<MixturePart> read_species(RawAtom& atom, std::size_t row) {
    const auto type = block_.atoms.value("_atom_site_type_symbol", row);
    std::vector<MixturePart> species;
    if (!type) {
      species = read_label(atom, false);
    } else if (*type == atom.label && may_be_group(*type)) {
      species = read_label(atom, true);
    } else if (const auto symbol = parse_type_symbol(*type)) {
      species = {{checked(*symbol, *type, atom), 1}};
    } else if (auto mixture = parse_mixture(*type)) {
      species = std::move(*mixture);
    } else if (*type == atom.label) {
      species = read_label(atom, true);
    } else {
      refuse_symbol(atom, fmt::format("its type symbol '{}' is not understood", *type), true);
      species = read_label(atom, true);
      note_doubt(atom, fmt::format("'{}' was read as", *type), species);
    }
    if (species.size() == 1 && species.front().amount == 1) {
      const auto given = oxidation_.find(type.value_or(atom.label));
      if (given != oxidation_.end()) {
        species.front().symbol.oxidation = given->second;
      }
    }
    std::erase_if(species, [](const MixturePart& part) { return part.symbol.is_dummy(); });
    return species;
  }

  /// Checks a type symbol that is understood but may contradict the label or the formula.
  ParsedSymbol checked(const ParsedSymbol& symbol, const std::string& type, const RawAtom& atom) {
    const std::string_view letters = leading_letters(type);
    const auto doubt = [&](std::string_view why) {
      refuse_symbol(atom, fmt::format("its type symbol '{}' {}", type, why), true);
      note_doubt(atom, fmt::format("'{}' was read as", type), {{symbol, 1}});
    };
    if (letters == "T" && !has_tritium_ && !is_saline_hydride()) {
      doubt("may stand for a tetrahedral site");
    }
    // All in capitals these are rare earths and transition metals as often as rhenium and thulium.
    if ((letters == "RE" || letters == "TM") &&
        (formula() == nullptr || formula()->amount(symbol.atomic_number) == 0)) {
      doubt("may stand for a kind of elements");
    }
    if (may_be_group(type) && (formula() == nullptr || formula()->amount(symbol.atomic_number) == 0)) {
      doubt("may stand for a group of atoms");
    }
    if (symbol.is_dummy() && (type == "X" || type == "Q") && spells_element(atom.label)) {
      doubt("stands for no element, its label for one");
    }
    return symbol;
  }

  /// Whether all atoms but those called T are alkali or alkaline earth metals: none of their sites is
  /// tetrahedral by name, and the missing element is hydrogen of a hydride.
  bool is_saline_hydride() const {
    constexpr std::array metals = {3, 4, 11, 12, 19, 20, 37, 38, 55, 56};
    bool any = false;
    for (std::size_t row = 0; row < block_.atoms.rows; ++row) {
      const auto type = block_.atoms.value("_atom_site_type_symbol", row).value_or("?");
      if (leading_letters(type) == "T") {
        continue;
      }
      const auto symbol = parse_type_symbol(type);
      if (!symbol || std::ranges::find(metals, symbol->atomic_number) == metals.end()) {
        return false;
      }
      any = true;
    }
    return any;
  }

  /// Whether the label of an atom declared as a dummy spells out an element.
  bool spells_element(const std::string& label) const {
    const auto reading = parse_label(label, formula());
    return reading && !reading->symbol.is_dummy() && !reading->doubtful;
  }

  std::vector<MixturePart> read_label(RawAtom& atom, bool has_type) {
    if (auto mixture = parse_mixture(atom.label); mixture && mixture->size() > 1) {
      return std::move(*mixture);
    }
    const auto reading = parse_label(atom.label, formula(), has_tritium_);
    if (!reading || (has_type && reading->symbol.is_dummy() && !parse_type_symbol(atom.label))) {
      refuse_symbol(atom, has_type ? "its type symbol does not help" : "it has no type symbol", false);
    }
    std::vector<MixturePart> species = {{reading->symbol, 1}};
    atom.alternative = reading->alternative;
    oxygen_of_groups_ += reading->is_oxygen_alone ? 1 : 0;
    if (reading->doubtful) {
      note_doubt(atom, fmt::format("'{}' was read as", atom.label), species);
    }
    return species;
  }

  const Composition* formula() const { return raw_.formula ? &*raw_.formula : nullptr; }

  /// Throws unless the level is tolerant.
  void refuse_symbol(const RawAtom& atom, const std::string& why, bool tolerable) const {
    if (tolerable && options_.strictness == Strictness::tolerant) {
      return;
    }
    throw ReadError(Error(ErrorCode::data, fmt::format("atom {} is not a known element", atom.label), why,
                          "Give the atom the symbol of its element, or a mixture such as '0.8Nb + 0.2Zr'."),
                    atom.line);
  }

  void note_doubt(const RawAtom& atom, const std::string& what, const std::vector<MixturePart>& species) {
    if (++doubtful_ == 1) {
      const bool known = !species.empty() && !species.front().symbol.is_dummy();
      first_doubt_ = fmt::format("of atom {}, {} {}", atom.label, what,
                                 known ? element(species.front().symbol.atomic_number).symbol : "a dummy");
    }
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
                              "that is not a finite number",
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
    if (doubtful_ > 0) {
      warn("doubtful_symbol: {} atoms are of doubtful kind: {}", doubtful_, first_doubt_);
    }
    const bool lists_hydrogen =
        std::ranges::any_of(raw_.atoms, [](const RawAtom& atom) { return atom.atomic_number == 1; });
    if (implied_hydrogen_ > (lists_hydrogen ? oxygen_of_groups_ : 0)) {
      raw_.implied_hydrogen = fmt::format(
          "{} atoms stand for groups such as OH or H2O; their hydrogen is not listed", implied_hydrogen_);
    } else if (attached_hydrogen_ > 0) {
      raw_.implied_hydrogen =
          fmt::format("{:.3g} hydrogen atoms are given as a number, without positions, and were left out",
                      attached_hydrogen_);
    }
  }

  static constexpr double largest_attached = 100; ///< largest number of hydrogen atoms attached to one atom
  static constexpr std::array<std::string_view, 3> coordinate_tags = {
      "_atom_site_fract_x", "_atom_site_fract_y", "_atom_site_fract_z"};
  const CifBlock& block_;
  const ReadOptions& options_;
  RawStructure& raw_;
  std::map<std::string, double, std::less<>> oxidation_; ///< oxidation states by type symbol
  std::size_t dummies_ = 0;
  std::size_t empty_ = 0;
  std::size_t unplaced_ = 0;
  std::size_t implied_hydrogen_ = 0;
  std::size_t oxygen_of_groups_ = 0; ///< of these, oxygen whose hydrogen may have labels of its own
  double attached_hydrogen_ = 0;
  std::size_t doubtful_ = 0;
  std::string first_doubt_;
  bool has_tritium_ = false; ///< the declared formula names it
};

} // namespace

void read_cif_atoms(const CifBlock& block, const ReadOptions& options, RawStructure& raw) {
  AtomReader(block, options, raw).read();
}

} // namespace ionsift::crystal
