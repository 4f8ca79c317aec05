// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/screen/element_lists.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/crystal/chemistry/element.hpp"

#include <initializer_list>

namespace ionsift::screen {

namespace {

ElementSet set_of(std::initializer_list<std::string_view> symbols) {
  ElementSet set;
  for (const auto symbol : symbols) {
    set.insert(crystal::atomic_number_of(symbol).value());
  }
  return set;
}

void add_symbol(std::string& list, int atomic_number) {
  list += list.empty() ? "" : ",";
  list += crystal::element(atomic_number).symbol;
}

} // namespace

const ElementSet& anion_formers() {
  static const auto set = set_of({"H", "C", "N", "O", "F", "P", "S", "Cl", "As", "Se", "Br", "Te", "I"});
  return set;
}

const ElementSet& redox_metals() {
  static const auto set = set_of({"Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Nb", "Mo", "Tc", "Ru", "Rh",
                                  "W", "Re", "Os", "Ir", "Pt", "Au"});
  return set;
}

const ElementSet& radioactive_elements() {
  static const auto set = [] {
    auto found = set_of({"Tc", "Pm"});
    for (int z = crystal::atomic_number_of("Po").value(); z <= crystal::max_atomic_number; ++z) {
      found.insert(z);
    }
    return found;
  }();
  return set;
}

const ElementSet& toxic_elements() {
  static const auto set = set_of({"Be", "As", "Cd", "Hg", "Tl", "Pb"});
  return set;
}

const ElementSet& scarce_elements() {
  static const auto set =
      set_of({"Se", "Ru", "Rh", "Pd", "Ag", "Te", "Re", "Os", "Ir", "Pt", "Au", "Hg", "Bi"});
  return set;
}

ElementSet parse_elements(std::string_view text, std::string_view option) {
  ElementSet set;
  std::string symbol;
  const auto finish = [&] {
    if (symbol.empty()) {
      return;
    }
    const auto number = crystal::atomic_number_of(symbol);
    IONSIFT_VALIDATE(number, usage, fmt::format("{} cannot hold '{}'", option, symbol),
                     "it is not an element", "Give symbols, separated by commas: Fe,Mn.");
    set.insert(*number);
    symbol.clear();
  };
  for (const char c : text) {
    if (c == ',' || c == ' ') {
      finish();
    } else {
      symbol += c;
    }
  }
  finish();
  return set;
}

std::string found_in(const crystal::Composition& composition, const ElementSet& set) {
  std::string list;
  for (const auto& [element, amount] : composition.amounts()) {
    if (amount > 0 && set.contains(element)) {
      add_symbol(list, element);
    }
  }
  return list;
}

std::string missing_from(const crystal::Composition& composition, const ElementSet& set) {
  std::string list;
  for (const int element : set) {
    if (composition.amount(element) <= 0) {
      add_symbol(list, element);
    }
  }
  return list;
}

} // namespace ionsift::screen
