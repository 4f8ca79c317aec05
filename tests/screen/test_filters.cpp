// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/crystal/chemistry/element.hpp"
#include "ionsift/screen/candidate.hpp"
#include "ionsift/screen/filters.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

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
  options.min_probability = 0.5;
  return options;
}

/// The filter that drops a row, if any.
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

TEST_CASE("a row that passes all filters is kept, and its verdicts list the active filters") {
  auto row = good();
  CHECK(judge_without_gap(row, with_gaps()));
  judge_gap(row, with_gaps());
  CHECK_FALSE(row.dropped_by);
  const auto verdict = [&](Filter filter) {
    return static_cast<int>(row.verdicts[static_cast<std::size_t>(filter)]);
  };
  CHECK(verdict(filter_named("features")) == 1);
  CHECK(verdict(filter_named("probability")) == 1);
  CHECK(verdict(filter_named("band_gap")) == 1);
  CHECK(verdict(filter_named("toxic")) == -1);
  CHECK(verdict(filter_named("hull")) == -1);
}

TEST_CASE("the first failed filter drops a row; all other filters are judged, too") {
  auto row = good();
  row.band_gap = 0.5;
  CHECK(dropped(row, with_gaps()) == filter_named("band_gap"));
  row.known_as = "jqc";
  CHECK(dropped(row, with_gaps()) == filter_named("novelty"));
  row.intermetallic = true;
  CHECK(dropped(row, with_gaps()) == filter_named("intermetallic"));
  row.probability = 0.4;
  CHECK(dropped(row, with_gaps()) == filter_named("probability"));
  row.probability = Candidate::unknown;
  CHECK(dropped(row, with_gaps()) == filter_named("features"));
  CHECK_FALSE(judge_without_gap(row, with_gaps()));
  CHECK(row.verdicts[static_cast<std::size_t>(filter_named("novelty"))] == 0);
  CHECK(row.verdicts[static_cast<std::size_t>(filter_named("band_gap"))] == -1);
}

TEST_CASE("values at the bounds are kept") {
  auto row = good();
  row.probability = 0.5;
  row.band_gap = 1.0;
  CHECK_FALSE(dropped(row, with_gaps()));
  row.band_gap = 0.9999;
  CHECK(dropped(row, with_gaps()) == filter_named("band_gap"));
  row.probability = 0.4999;
  CHECK(dropped(row, with_gaps()) == filter_named("probability"));
}

TEST_CASE("an unknown gap drops a row only if a table of gaps is given") {
  auto row = good();
  row.band_gap = Candidate::unknown;
  CHECK(dropped(row, with_gaps()) == filter_named("band_gap_unknown"));
  CHECK_FALSE(dropped(row, FilterOptions{}));
}

TEST_CASE("an unknown gap and a small gap are two verdicts") {
  const auto verdicts = [](double gap, bool keep_unknown) {
    auto row = good();
    row.band_gap = gap;
    auto options = with_gaps();
    options.keep_unknown_gap = keep_unknown;
    if (judge_without_gap(row, options)) {
      judge_gap(row, options);
    }
    const auto of = [&](const char* name) {
      return static_cast<int>(row.verdicts[static_cast<std::size_t>(filter_named(name))]);
    };
    return std::array{of("band_gap_unknown"), of("band_gap"), row.dropped_by ? 1 : 0};
  };
  CHECK(verdicts(0.5, false) == std::array{1, 0, 1});
  CHECK(verdicts(2.5, false) == std::array{1, 1, 0});
  CHECK(verdicts(Candidate::unknown, false) == std::array{0, -1, 1});
  CHECK(verdicts(Candidate::unknown, true) == std::array{-1, -1, 0});
  CHECK(reason_of(filter_named("band_gap_unknown")) == "band gap unknown");
  CHECK(reason_of(filter_named("band_gap")) == "band gap too small");
  // Without the filter of gaps neither is active.
  auto options = with_gaps();
  choose_filters(options, "probability");
  auto row = good();
  row.band_gap = Candidate::unknown;
  CHECK_FALSE(judge_without_gap(row, options));
  CHECK_FALSE(row.dropped_by);
}

TEST_CASE("by default structures without lithium are dropped, and no row for its probability") {
  const auto options = FilterOptions();
  CHECK(dropped(of("Na6PS5Cl", options), options) == filter_named("no_lithium"));
  CHECK_FALSE(dropped(of("Li6PS5Cl", options), options));
  CHECK_FALSE(dropped(of("Li0.01Na2.99PS4", options), options));
  auto poor = good();
  poor.probability = 0;
  CHECK_FALSE(dropped(poor, options));
  poor.probability = Candidate::unknown;
  CHECK(dropped(poor, options) == filter_named("features"));
  const auto others = only("intermetallic,novelty");
  CHECK_FALSE(dropped(of("Na6PS5Cl", others), others));
}

TEST_CASE("an unknown energy above the hull is kept or dropped as requested") {
  auto row = good();
  auto options = with_gaps();
  options.max_hull = 0.1;
  CHECK_FALSE(dropped(row, options));
  options.keep_unknown_hull = false;
  CHECK(dropped(row, options) == filter_named("hull"));
  row.hull = 0.1;
  CHECK_FALSE(dropped(row, options));
  row.hull = 0.1001;
  CHECK(dropped(row, options) == filter_named("hull"));
  options.max_hull.reset();
  CHECK_FALSE(dropped(row, options));
}

TEST_CASE("filters by elements") {
  const auto drops = [](const std::string& formula, std::string_view list) {
    const auto options = only(list);
    return dropped(of(formula, options), options);
  };
  CHECK(drops("LiAl", "metallic") == filter_named("metallic"));
  CHECK(drops("Li22Si5", "metallic") == filter_named("metallic"));
  CHECK_FALSE(drops("Li2OHCl", "metallic"));
  CHECK(drops("Li2OHCl", "hydrogen") == filter_named("hydrogen"));
  CHECK(drops("Li2ODCl", "hydrogen") == filter_named("hydrogen"));
  CHECK(drops("LiFePO4", "redox_metals") == filter_named("redox_metals"));
  CHECK_FALSE(drops("Li7La3Zr2O12", "redox_metals"));
  CHECK_FALSE(drops("Li5La3Ta2O12", "redox_metals"));
  CHECK(drops("LiUO3", "radioactive") == filter_named("radioactive"));
  CHECK_FALSE(drops("LiBiO2", "radioactive"));
  CHECK(drops("Li3AsS4", "toxic") == filter_named("toxic"));
  CHECK(drops("Li2Te", "scarce") == filter_named("scarce"));
  CHECK_FALSE(drops("Li6PS5Cl", "metallic,hydrogen,redox_metals,radioactive,toxic,scarce"));
}

TEST_CASE("lists of elements and minimum numbers activate their filters") {
  FilterOptions options;
  options.excluded = parse_elements("Fe, Mn", "--exclude-elements");
  CHECK(of("LiMnFeO4", options).excluded == "Mn,Fe");
  CHECK(dropped(of("LiMnO2", options), options) == filter_named("excluded_elements"));
  CHECK_FALSE(dropped(of("LiCoO2", options), options));
  options = {};
  options.required = parse_elements("S P", "--require-elements");
  CHECK_FALSE(dropped(of("Li3PS4", options), options));
  CHECK(of("Li2S", options).lacking == "P");
  CHECK(dropped(of("Li2S", options), options) == filter_named("required_elements"));
  options = {};
  options.min_elements = 3;
  CHECK(dropped(of("Li2S", options), options) == filter_named("element_count"));
  CHECK_FALSE(dropped(of("Li3PS4", options), options));
  options = {};
  options.min_composition_distance = 4.5;
  CHECK(dropped(of("Li3PS4", options), options) == filter_named("composition_distance"));
}

TEST_CASE("unknown elements and filters are usage errors") {
  CHECK_THROWS_WITH(parse_elements("Fe,Xx", "--exclude-elements"),
                    Contains("--exclude-elements") && Contains("'Xx'"));
  CHECK(parse_elements("", "--x").empty());
  FilterOptions options;
  CHECK_THROWS_WITH(choose_filters(options, "probabilty"), Contains("Did you mean 'probability'?"));
  CHECK_THROWS_WITH(choose_filters(options, "hull"), Contains("--max-hull activates it"));
  choose_filters(options, "");
  CHECK_FALSE(options.asks(filter_named("probability")));
  CHECK(options.asks(filter_named("features")));
  choose_filters(options, " toxic, probability");
  CHECK(chosen_filters(options) == "probability,toxic");
}

TEST_CASE("filters have distinct names, in the order of their application") {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < all_filters.size(); ++i) {
    CHECK(static_cast<std::size_t>(all_filters[i]) == i);
    names.emplace_back(name_of(all_filters[i]));
    CHECK(filter_of(names.back()) == all_filters[i]);
  }
  CHECK(names.front() == "features");
  CHECK(names.back() == "band_gap");
  CHECK_THROWS_AS(filter_named("bandgap"), ionsift::Error);
  std::ranges::sort(names);
  CHECK(std::ranges::adjacent_find(names) == names.end());
}

TEST_CASE("every row of the registry is complete, and rows that need a gap come last") {
  bool gaps = false;
  for (const auto filter : all_filters) {
    const auto& row = row_of(filter);
    INFO(row.name);
    CHECK_FALSE(row.reason.empty());
    CHECK_FALSE(row.reads.empty());
    CHECK(row.judge != nullptr);
    CHECK((row.asked != nullptr) == !row.option.empty());
    CHECK((row.option.empty() || !row.by_default));
    CHECK((row.needs_gap || !gaps));
    gaps = gaps || row.needs_gap;
    if (row.option.empty()) {
      CHECK(only(row.name).asked[static_cast<std::size_t>(filter)]);
      CHECK_THAT(listed_filters(), Contains(std::string(row.name)));
    }
  }
  CHECK(chosen_filters({}) == "no_lithium,probability,intermetallic,novelty,band_gap");
}

TEST_CASE("docs/screening.md lists the registry: name, option and column of each filter, in order") {
  std::ifstream in(std::string(IONSIFT_SOURCE_FOLDER) + "/docs/screening.md");
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  std::size_t place = text.find("| filter |");
  REQUIRE(place != std::string::npos);
  for (const auto filter : all_filters) {
    const auto& row = row_of(filter);
    INFO(row.name);
    const auto line = text.find("\n| `" + std::string(row.name) + "` |", place);
    REQUIRE(line != std::string::npos);
    place = line + 1;
    const auto words = text.substr(place, text.find('\n', place) - place);
    CHECK_THAT(words, Contains("`" + std::string(row.reads) + "`"));
    const std::string by = row.option.empty()       ? "`--filters`"
                           : row.option == "always" ? "always"
                                                    : "`" + std::string(row.option) + "`";
    CHECK_THAT(words, Contains(by));
    CHECK((words.find("(default)") != std::string::npos) == row.by_default);
  }
}

TEST_CASE("redox-active metals are those of METHOD's rule, and W") {
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
