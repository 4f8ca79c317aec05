#include "ionsift/base/error.hpp"
#include "ionsift/crystal/element.hpp"
#include "ionsift/screen/candidate.hpp"
#include "ionsift/screen/filters.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using Catch::Matchers::Contains;
using namespace ionsift::screen;
using ionsift::crystal::Composition;

namespace {

Candidate good() {
  Candidate row;
  row.id = "mp-1";
  row.formula = "Li6PS5Cl";
  row.probability = 0.9;
  row.band_gap = 3;
  row.composition_distance = 4;
  set_element_values(row, Composition::parse(row.formula), {});
  return row;
}

FilterOptions with_gaps() {
  FilterOptions options;
  options.gaps_known = true;
  return options;
}

/// What drops a row in the end.
std::optional<Filter> dropped(Candidate row, const FilterOptions& options) {
  if (judge_without_gap(row, options)) {
    judge_gap(row, options);
  }
  return row.dropped_by;
}

Candidate of(const std::string& formula, const FilterOptions& options) {
  auto row = good();
  row.formula = formula;
  set_element_values(row, Composition::parse(formula), options);
  return row;
}

FilterOptions only(std::string_view list) {
  FilterOptions options;
  choose_filters(options, list);
  return options;
}

} // namespace

TEST_CASE("a row that fails nothing is kept, and its verdicts say what was asked") {
  auto row = good();
  CHECK(judge_without_gap(row, with_gaps()));
  judge_gap(row, with_gaps());
  CHECK_FALSE(row.dropped_by);
  const auto verdict = [&](Filter filter) {
    return static_cast<int>(row.verdicts[static_cast<std::size_t>(filter)]);
  };
  CHECK(verdict(Filter::features) == 1);
  CHECK(verdict(Filter::probability) == 1);
  CHECK(verdict(Filter::band_gap) == 1);
  CHECK(verdict(Filter::toxic) == -1);
  CHECK(verdict(Filter::hull) == -1);
}

TEST_CASE("the first filter that a row fails drops it; all others are judged all the same") {
  auto row = good();
  row.band_gap = 0.5;
  CHECK(dropped(row, with_gaps()) == Filter::band_gap);
  row.known_as = "jqc";
  CHECK(dropped(row, with_gaps()) == Filter::novelty);
  row.intermetallic = true;
  CHECK(dropped(row, with_gaps()) == Filter::intermetallic);
  row.probability = 0.4;
  CHECK(dropped(row, with_gaps()) == Filter::probability);
  row.probability = Candidate::unknown;
  CHECK(dropped(row, with_gaps()) == Filter::features);
  CHECK_FALSE(judge_without_gap(row, with_gaps()));
  CHECK(row.verdicts[static_cast<std::size_t>(Filter::novelty)] == 0);
  CHECK(row.verdicts[static_cast<std::size_t>(Filter::band_gap)] == -1);
}

TEST_CASE("bounds belong to what is kept") {
  auto row = good();
  row.probability = 0.5;
  row.band_gap = 1.0;
  CHECK_FALSE(dropped(row, with_gaps()));
  row.band_gap = 0.9999;
  CHECK(dropped(row, with_gaps()) == Filter::band_gap);
  row.probability = 0.4999;
  CHECK(dropped(row, with_gaps()) == Filter::probability);
}

TEST_CASE("an unknown gap drops a row only where gaps are known at all") {
  auto row = good();
  row.band_gap = Candidate::unknown;
  CHECK(dropped(row, with_gaps()) == Filter::band_gap);
  CHECK_FALSE(dropped(row, FilterOptions{}));
}

TEST_CASE("an unknown energy above the hull is kept or dropped as the options say") {
  auto row = good();
  auto options = with_gaps();
  options.max_hull = 0.1;
  CHECK_FALSE(dropped(row, options));
  options.keep_unknown_hull = false;
  CHECK(dropped(row, options) == Filter::hull);
  row.hull = 0.1;
  CHECK_FALSE(dropped(row, options));
  row.hull = 0.1001;
  CHECK(dropped(row, options) == Filter::hull);
  options.max_hull.reset();
  CHECK_FALSE(dropped(row, options));
}

TEST_CASE("filters by elements") {
  const auto drops = [](const std::string& formula, std::string_view list) {
    const auto options = only(list);
    return dropped(of(formula, options), options);
  };
  CHECK(drops("LiAl", "metallic") == Filter::metallic);
  CHECK(drops("Li22Si5", "metallic") == Filter::metallic);
  CHECK_FALSE(drops("Li2OHCl", "metallic"));
  CHECK(drops("Li2OHCl", "hydrogen") == Filter::hydrogen);
  CHECK(drops("Li2ODCl", "hydrogen") == Filter::hydrogen);
  CHECK(drops("LiFePO4", "redox_metals") == Filter::redox_metals);
  CHECK_FALSE(drops("Li7La3Zr2O12", "redox_metals"));
  CHECK_FALSE(drops("Li5La3Ta2O12", "redox_metals"));
  CHECK(drops("LiUO3", "radioactive") == Filter::radioactive);
  CHECK_FALSE(drops("LiBiO2", "radioactive"));
  CHECK(drops("Li3AsS4", "toxic") == Filter::toxic);
  CHECK(drops("Li2Te", "scarce") == Filter::scarce);
  CHECK_FALSE(drops("Li6PS5Cl", "metallic,hydrogen,redox_metals,radioactive,toxic,scarce"));
}

TEST_CASE("lists of the user and the number of elements ask for themselves") {
  FilterOptions options;
  options.excluded = parse_elements("Fe, Mn", "--exclude-elements");
  CHECK(of("LiMnFeO4", options).excluded == "Mn,Fe");
  CHECK(dropped(of("LiMnO2", options), options) == Filter::excluded_elements);
  CHECK_FALSE(dropped(of("LiCoO2", options), options));
  options = {};
  options.required = parse_elements("S P", "--require-elements");
  CHECK_FALSE(dropped(of("Li3PS4", options), options));
  CHECK(of("Li2S", options).lacking == "P");
  CHECK(dropped(of("Li2S", options), options) == Filter::required_elements);
  options = {};
  options.min_elements = 3;
  CHECK(dropped(of("Li2S", options), options) == Filter::element_count);
  CHECK_FALSE(dropped(of("Li3PS4", options), options));
  options = {};
  options.min_composition_distance = 4.5;
  CHECK(dropped(of("Li3PS4", options), options) == Filter::composition_distance);
}

TEST_CASE("what is no element and what is no filter is wrong usage") {
  CHECK_THROWS_WITH(parse_elements("Fe,Xx", "--exclude-elements"),
                    Contains("--exclude-elements") && Contains("'Xx'"));
  CHECK(parse_elements("", "--x").empty());
  FilterOptions options;
  CHECK_THROWS_WITH(choose_filters(options, "probabilty"), Contains("Did you mean 'probability'?"));
  CHECK_THROWS_WITH(choose_filters(options, "hull"), Contains("its bound or list asks for it"));
  choose_filters(options, "");
  CHECK_FALSE(options.asks(Filter::probability));
  CHECK(options.asks(Filter::features));
  choose_filters(options, " toxic, probability");
  CHECK(chosen_filters(options) == "probability,toxic");
}

TEST_CASE("filters have distinct names in the order in which they are asked") {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < all_filters.size(); ++i) {
    CHECK(static_cast<std::size_t>(all_filters[i]) == i);
    names.emplace_back(name_of(all_filters[i]));
    CHECK(filter_of(names.back()) == all_filters[i]);
  }
  CHECK(names.front() == "features");
  CHECK(names.back() == "band_gap");
  std::ranges::sort(names);
  CHECK(std::ranges::adjacent_find(names) == names.end());
}

TEST_CASE("redox-active metals are those of the rule, and W") {
  ElementSet by_rule;
  for (const int first : {22, 40, 72}) {
    for (int z = first; z < first + 8; ++z) {
      double ions = 0;
      int common = 0;
      for (const auto& state : ionsift::crystal::element(z).oxidation_states) {
        ions += state.value > 0 ? state.occurrences : 0;
      }
      for (const auto& state : ionsift::crystal::element(z).oxidation_states) {
        common += state.value > 0 && state.occurrences >= 0.1 * ions ? 1 : 0;
      }
      if (common >= 2) {
        by_rule.insert(z);
      }
    }
  }
  constexpr int tungsten = 74;
  CHECK(by_rule.insert(tungsten).second);
  CHECK(redox_metals() == by_rule);
}
