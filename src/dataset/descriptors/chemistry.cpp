// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/descriptors/chemistry.hpp"

#include "ionsift/crystal/chemistry/element.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace ionsift::dataset {

namespace {

constexpr int lithium = 3;

struct AnionClass {
  std::string_view name;
  std::vector<int> elements;
  bool one_cation = false; ///< whether all its cations count as one
  bool last_resort = false;
};

const std::vector<AnionClass>& anion_classes() {
  static const std::vector<AnionClass> classes = {
      {"O", {8}, false, false},         {"F", {9}, false, false}, {"Q", {16, 34, 52}, false, false},
      {"X", {17, 35, 53}, true, false}, {"N", {7}, true, false},  {"H", {1}, true, false},
      {"P", {15, 33, 51}, true, true},  {"C", {6}, true, true},
  };
  return classes;
}

double amount_of(const crystal::Composition& composition, const std::vector<int>& elements) {
  double sum = 0;
  for (const int element : elements) {
    sum += composition.amount(element);
  }
  return sum;
}

const AnionClass* majority_anion(const crystal::Composition& composition) {
  const AnionClass* found = nullptr;
  double most = 0;
  for (const bool last_resort : {false, true}) {
    for (const auto& one : anion_classes()) {
      const double amount = amount_of(composition, one.elements);
      if (one.last_resort == last_resort && amount > most) {
        most = amount;
        found = &one;
      }
    }
    if (found != nullptr) {
      break;
    }
  }
  return found;
}

/// Elements that are not cations beside this anion: oxygen and fluorine make cations of all but halogens.
bool is_cation(int element, const AnionClass& anion) {
  constexpr std::array halogens_and_oxygen = {8, 9, 17, 35, 53};
  constexpr std::array softer = {7, 16, 34, 52};
  const auto among = [element](const auto& list) {
    return std::ranges::any_of(list, [element](int one) { return one == element; });
  };
  const bool hard = anion.name == "O" || anion.name == "F";
  return element != lithium && !among(anion.elements) && !among(halogens_and_oxygen) &&
         (hard || !among(softer));
}

} // namespace

std::string anion_class_of(const crystal::Composition& composition) {
  const auto* anion = majority_anion(composition);
  return anion == nullptr ? "" : std::string(anion->name);
}

std::string chemistry_of(const crystal::Composition& composition) {
  const auto* anion = majority_anion(composition);
  if (anion == nullptr) {
    return "-";
  }
  std::string cation = "-";
  if (anion->one_cation) {
    cation = "*";
  } else {
    double most = 0;
    for (const auto& [element, amount] : composition.amounts()) {
      if (amount > most && is_cation(element, *anion)) {
        most = amount;
        cation = crystal::element(element).symbol;
      }
    }
  }
  return std::string(anion->name) + "-" + cation;
}

double rule_of_thumb(const crystal::Composition& composition) {
  const double soft = amount_of(composition, {9, 16, 17, 34, 35, 53});
  return (soft > composition.amount(8) ? 1 : 0) + composition.fraction(lithium);
}

} // namespace ionsift::dataset
