// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/dataset/features/unlabelled.hpp"

#include "small_store.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace ionsift;
using namespace ionsift::dataset;

namespace {

std::vector<test::SmallStructure> many(int n) {
  std::vector<test::SmallStructure> structures;
  for (int i = 0; i < n; ++i) {
    structures.push_back({"c" + std::to_string(i), "Li" + std::to_string(1 + i) + "S1O7"});
  }
  return structures;
}

FeatureSet compositions_of(const std::string& name, const std::vector<test::SmallStructure>& structures,
                           std::size_t most = 1000) {
  const auto path = test::scratch(name) / "s.h5";
  test::write_small_store(test::world(), path, structures);
  return unlabelled_compositions(test::world(), store::Reader(path), most);
}

} // namespace

TEST_CASE("each composition of a store counts once, whatever its cell") {
  const auto set = compositions_of(
      "once", {{"a", "Li2O1"}, {"b", "Li6P1S5Cl1"}, {"c", "Li4O2"}, {"d", "Li1F1"}, {"e", "F2Li2"}});
  CHECK(std::set<std::string>(set.formula.begin(), set.formula.end()).size() == 3);
  CHECK(set.size() == 3);
  CHECK(set.id == set.formula);
  CHECK(set.label.empty());
  CHECK(set.views.empty());
  CHECK(set.descriptors.values.rows() == 3);
  // The number computed from a row of descriptors is that of the composition.
  const auto numbers = composition_numbers(set.descriptors);
  for (std::size_t i = 0; i < set.size(); ++i) {
    CHECK(numbers[i] == composition_number(crystal::Composition::parse(set.formula[i])));
  }
  CHECK(std::ranges::is_sorted(numbers));
}

TEST_CASE("numbers distinguish compositions, not formula units or sixth digits") {
  const auto number = [](const char* formula) {
    return composition_number(crystal::Composition::parse(formula));
  };
  CHECK(number("Li2O") == number("Li8O4"));
  CHECK(number("Li2O") == number("Li2.000001O1"));
  CHECK(number("Li2O") != number("LiO2"));
  CHECK(number("Li2O") != number("Li2S"));
  CHECK(number("LiF") != number("NaF"));
}

TEST_CASE("a sample is the same for any number of ranks and covers the whole store") {
  const auto structures = many(60);
  const auto all = compositions_of("all", structures);
  const auto some = compositions_of("some", structures, 20);
  REQUIRE(all.size() == 60);
  REQUIRE(some.size() == 20);
  CHECK(std::equal(some.formula.begin(), some.formula.end(), all.formula.begin()));
  // Not the first of the store: a random 20 of 60 reach from the beginning to the end.
  std::vector<int> lithium;
  for (const auto& formula : some.formula) {
    lithium.push_back(static_cast<int>(crystal::Composition::parse(formula).amounts().at(3)));
  }
  std::ranges::sort(lithium);
  CHECK(lithium.back() > 40);
  CHECK(lithium.front() < 20);
  // One rank alone, from the same file.
  const auto path = test::scratch("alone") / "s.h5";
  test::write_small_store(test::world(), path, structures);
  const auto alone = unlabelled_compositions(parallel::Communicator::local(), store::Reader(path), 20);
  CHECK(alone.formula == some.formula);
  CHECK(alone.descriptors.values == some.descriptors.values);
}
