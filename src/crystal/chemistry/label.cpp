// SPDX-License-Identifier: BSD-3-Clause
// Elements from atom labels, for atoms without a type symbol.
#include "ionsift/base/text.hpp"
#include "ionsift/crystal/chemistry/element.hpp"

#include "species_symbol.hpp"
#include "symbol_words.hpp"

#include <algorithm>

namespace ionsift::crystal {

namespace {

/// Heavier elements occur in no database of crystals; "NO1" and "MD2" mean something else.
constexpr int last_common_element = 96;

/// Kinds of sites, which begin with an element's symbol by chance.
bool names_kind_of_site(std::string_view letters) {
  return is_one_of(letters, {"REE", "Ln",    "M",   "Me",      "Met", "Metal",  "Cat", "Cation",
                             "An",  "Anion", "Hal", "Halogen", "Alk", "Alkali", "Tet", "Oct",
                             "Ch",  "Pn",    "A",   "L",       "R",   "Z",      "E"});
}

/// "Fe/Ni1", "Li1/Na1", "Mo,W": two elements in unknown amounts.
bool joins_elements(std::string_view rest) {
  rest = rest.substr(std::min(rest.find_first_not_of("0123456789()"), rest.size()));
  if (rest.empty() || std::string_view(",/&+;|:").find(rest.front()) == std::string_view::npos) {
    return false;
  }
  const std::string_view second = leading_letters(trim(rest.substr(1)));
  return !second.empty() && (atomic_number_of(second.substr(0, 1)) || atomic_number_of(second.substr(0, 2)));
}

/// 0 if the letters are not such an element.
int common_element(std::string_view symbol) {
  const int atomic_number = atomic_number_of(symbol).value_or(0);
  return atomic_number <= last_common_element ? atomic_number : 0;
}

bool holds(const Composition* formula, int atomic_number) {
  return formula != nullptr && atomic_number != 0 && formula->amount(atomic_number) > 0;
}

/// Whether another element follows the one that was read: "FeNi1", "Si-Al", "NaK". Single
/// letters are more often marks ("Li1A", "FeB"), except these four. Oxygen is followed by what it binds:
/// "OSi1".
bool spells_another(std::string_view rest, int chosen, const Composition* formula) {
  constexpr int oxygen = 8;
  for (std::size_t i = 0; i < rest.size() && chosen != oxygen; ++i) {
    if (!is_upper(rest[i]) || (i > 0 && is_letter(rest[i - 1]))) {
      continue;
    }
    const std::string_view letters = leading_letters(rest.substr(i));
    const bool word = letters.size() > 2 && is_lower(letters[2]); // "LiTet" is not a telluride
    const bool two = letters.size() > 1 && is_lower(letters[1]) && !word;
    const bool names_one = i == 0 && letters.size() == 1 && is_one_of(letters, {"K", "U", "W", "Y"});
    const int second = two ? common_element(letters.substr(0, 2)) : names_one ? common_element(letters) : 0;
    if (second != 0 && second != chosen && (!holds(formula, chosen) || holds(formula, second))) {
      return true;
    }
  }
  return false;
}

/// "O1W", "O2w", "O_w1": the oxygen of water, whose hydrogen has labels of its own where it is listed.
bool names_water_oxygen(std::string_view label) {
  if (label.empty() || (label.front() != 'O' && label.front() != 'o')) {
    return false;
  }
  const std::size_t mark = std::min(label.find_first_not_of("0123456789_-(", 1), label.size());
  const std::string_view letters = leading_letters(label.substr(mark));
  return mark > 1 && !letters.empty() && (letters.front() == 'W' || letters.front() == 'w') &&
         (letters.size() == 1 || is_upper(letters[1]));
}

struct Spelling {
  std::string_view letters;
  int one = 0;            ///< element of the first letter, 0 if there is none
  int two = 0;            ///< element of the first two letters, 0 if there is none
  std::size_t length = 0; ///< length of the chosen symbol
};

/// "CA1", "LI2", "OA1", "ca1": capitals alone, or none.
std::optional<LabelReading> read_capitals(Spelling& spelling, const Composition* formula) {
  const auto choose = [&](int atomic_number, std::size_t length, int alternative, bool doubtful) {
    spelling.length = length;
    return LabelReading{{atomic_number, std::nullopt, false}, alternative, doubtful};
  };
  const bool has_one = holds(formula, spelling.one);
  const bool has_two = holds(formula, spelling.two);
  if (spelling.two == 0) {
    return spelling.one != 0 ? std::optional(choose(spelling.one, 1, 0, !has_one)) : std::nullopt;
  }
  if (spelling.one == 0) {
    // "RE1" and "TM1" are rare earths and transition metals as often as these two elements.
    const bool names_kind = is_one_of(spelling.letters, {"RE", "TM"});
    return names_kind && !has_two ? std::nullopt : std::optional(choose(spelling.two, 2, 0, false));
  }
  if (has_one && !has_two) {
    return choose(spelling.one, 1, spelling.two, false);
  }
  return choose(spelling.two, 2, spelling.one, !has_two);
}

/// "Se1", "LiA", "Ox2", "OSi1".
std::optional<LabelReading> read_mixed_case(Spelling& spelling, const Composition* formula) {
  const std::string_view letters = spelling.letters;
  const bool two_spelled = letters.size() > 1 && is_lower(letters[1]) && spelling.two != 0;
  const int chosen = two_spelled ? spelling.two : spelling.one;
  if (chosen == 0) {
    return std::nullopt;
  }
  spelling.length = two_spelled ? 2 : 1;
  // Further lower-case letters: "Ox1", "Clb2".
  const bool goes_on = letters.size() > spelling.length && is_lower(letters[spelling.length]);
  return LabelReading{{chosen, std::nullopt, false}, 0, goes_on && !holds(formula, chosen)};
}

std::optional<LabelReading> read_letters(Spelling& spelling, const Composition* formula) {
  const std::string_view letters = spelling.letters;
  const bool capitals = letters.size() > 1 && std::ranges::all_of(letters, is_upper);
  const bool small = std::ranges::all_of(letters, is_lower);
  if (letters.size() == 1 && spelling.one != 0) {
    spelling.length = 1;
    return LabelReading{{spelling.one, std::nullopt, false}, 0, false};
  }
  return capitals || small ? read_capitals(spelling, formula) : read_mixed_case(spelling, formula);
}

/// "Wat1", "Ow(2)", "OH", "OHA", "H2O1", "O1W".
std::optional<LabelReading> read_group(std::string_view label, std::string_view letters) {
  const auto group = leading_hydrogen_group(label);
  const std::string lowered = to_lower(letters);
  const bool starts = lowered.starts_with("wat") ||
                      (letters.size() <= 3 && (lowered.starts_with("ow") || lowered.starts_with("oh")));
  if (!group && !starts && !names_water_oxygen(label)) {
    return std::nullopt;
  }
  LabelReading reading{{group ? group->atomic_number : 8, std::nullopt, true}};
  const bool counts_hydrogen = label.starts_with("OH2") || label.starts_with("OH3");
  reading.is_oxygen_alone = lowered.starts_with('o') && !counts_hydrogen;
  return reading;
}

} // namespace

std::optional<LabelReading> parse_label(std::string_view label, const Composition* formula,
                                        bool has_tritium) {
  label = trim(label);
  const std::string_view letters = leading_letters(label);
  if (letters.empty()) {
    return std::nullopt;
  }
  if (auto group = read_group(label, letters)) {
    return group;
  }
  const std::string_view rest_of_letters = label.substr(letters.size());
  const bool tritium = letters == "T" && has_tritium;
  if (joins_elements(rest_of_letters) || names_kind_of_site(letters) || (letters == "T" && !tritium)) {
    return std::nullopt;
  }
  const bool first_is_t = letters.front() == 'T' || letters.front() == 't';
  Spelling spelling{letters, first_is_t && !tritium ? 0 : common_element(letters.substr(0, 1)),
                    letters.size() > 1 ? common_element(letters.substr(0, 2)) : 0};
  if (letters.size() > 1 && (letters.front() == 'D' || letters.front() == 'd') && spelling.two != 0) {
    spelling.one = 0; // dysprosium; deuterium has no second letter
  }
  auto reading = read_letters(spelling, formula);
  // "Vac1" begins with vanadium and "Du1" with deuterium; a formula settles it only for real elements. "CG1"
  // is a carbon atom, "Cg1" the centre of a ring.
  if (names_dummy(letters) && letters != "CG" &&
      (!reading || !holds(formula, reading->symbol.atomic_number))) {
    return LabelReading{};
  }
  if (!reading) {
    return std::nullopt;
  }
  const std::string_view rest = label.substr(spelling.length);
  const bool capitals = std::ranges::all_of(letters, is_upper) && letters.size() > 1;
  if (!capitals && spells_another(rest, reading->symbol.atomic_number, formula)) {
    reading->doubtful = true;
  }
  if (!rest.empty() && is_digit(rest.front())) {
    reading->symbol.oxidation = parse_charge(rest);
  }
  return reading;
}

} // namespace ionsift::crystal
