#include "ionsift/screen/screening.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <limits>

using namespace ionsift::screen;

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

Candidate good() {
  Candidate row;
  row.id = "mp-1";
  row.probability = 0.9;
  row.band_gap = 3;
  return row;
}

ScreeningOptions with_gaps() {
  ScreeningOptions options;
  options.gaps = "gaps.csv";
  return options;
}

} // namespace

TEST_CASE("a row that fails nothing is kept") {
  CHECK_FALSE(first_failed(good(), with_gaps()));
}

TEST_CASE("the first filter that a row fails drops it") {
  auto row = good();
  row.known_as = "jqc";
  CHECK(first_failed(row, with_gaps()) == Filter::novelty);
  row.band_gap = 0.5;
  CHECK(first_failed(row, with_gaps()) == Filter::band_gap);
  row.intermetallic = true;
  CHECK(first_failed(row, with_gaps()) == Filter::intermetallic);
  row.probability = 0.4;
  CHECK(first_failed(row, with_gaps()) == Filter::probability);
  row.probability = unknown;
  CHECK(first_failed(row, with_gaps()) == Filter::features);
}

TEST_CASE("bounds belong to what is kept") {
  auto row = good();
  row.probability = 0.5;
  row.band_gap = 1.0;
  CHECK_FALSE(first_failed(row, with_gaps()));
  row.band_gap = 0.9999;
  CHECK(first_failed(row, with_gaps()) == Filter::band_gap);
  row.probability = 0.4999;
  CHECK(first_failed(row, with_gaps()) == Filter::probability);
}

TEST_CASE("an unknown gap drops a row only where gaps were asked for") {
  auto row = good();
  row.band_gap = unknown;
  CHECK(first_failed(row, with_gaps()) == Filter::band_gap);
  CHECK_FALSE(first_failed(row, ScreeningOptions{}));
}

TEST_CASE("kept rows are ranked by probability, equal ones by id") {
  std::vector<Candidate> rows(5, good());
  const std::vector<std::string> ids = {"d", "b", "a", "c", "e"};
  const std::vector<double> probabilities = {0.7, 0.9, 0.7, 0.95, 0.7};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].id = ids[i];
    rows[i].probability = probabilities[i];
  }
  rows[3].dropped_by = Filter::novelty;
  CHECK(rank_candidates(rows) == std::vector<std::size_t>{1, 2, 0, 4});
  CHECK(rank_candidates({}).empty());
}

TEST_CASE("filters have distinct names in their order") {
  std::vector<std::string> names;
  for (const auto filter : all_filters) {
    names.emplace_back(name_of(filter));
  }
  CHECK(names == std::vector<std::string>{"features", "probability", "intermetallic", "band_gap", "novelty"});
}
