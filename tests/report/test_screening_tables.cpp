// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/report/screening_tables.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <sstream>

using Catch::Matchers::Contains;
using namespace ionsift;
using screen::Candidate;

namespace {

Candidate candidate(std::uint64_t index, const std::string& id, double probability) {
  Candidate row;
  row.index = index;
  row.id = id;
  row.formula = "Li6PS5Cl";
  row.source = "release.tar.gz/" + id + ".cif";
  row.probability = probability;
  row.sd = 0.0123456;
  row.quantile = {0.1, 0.2, 0.3, 0.4, 0.55557};
  row.d_training = 0.71828;
  row.nearest_id = "jqc";
  row.nearest_formula = "Li7PS6";
  row.nearest_label = 1;
  row.band_gap = 2.34567;
  row.band_gap_source = "made up";
  row.known_gap = 2.34567;
  return row;
}

/// As `screen` orders them: leaders by falling P_SI, then the others.
std::vector<Candidate> kept() {
  std::vector<Candidate> result = {candidate(3, "mp-4", 0.9), candidate(0, "mp-1", 0.75),
                                   candidate(7, "mp-8", 0.8)};
  result[0].formula = "(Li,Na)3N \"x\"";
  result[0].ordered = false;
  result[0].predicted_gap = 2.0;
  result[0].group = result[2].group = "mp-4";
  result[0].group_size = result[2].group_size = 2;
  return result;
}

screen::ScreeningResult result_of(const std::vector<Candidate>& kept) {
  screen::ScreeningResult result;
  result.kept = kept;
  auto& reductions = result.reductions;
  for (const auto& row : kept) {
    reductions.add(row);
  }
  Candidate dropped;
  dropped.dropped_by = screen::filter_named("features");
  reductions.add(dropped);
  dropped.dropped_by = screen::filter_named("probability");
  dropped.probability = 0.1;
  reductions.add(dropped);
  result.grouped = 3;
  result.same_as_another = 1;
  return result;
}

} // namespace

TEST_CASE("candidates.csv numbers one row per structure and leaves unknown values empty") {
  const auto path = test::scratch("report") / "candidates.csv";
  report::write_candidates(path, kept());
  const auto table = CsvTable::read(path);
  REQUIRE(table.size() == 3);
  const auto cell = [&](std::size_t row, const char* column) {
    return table.cell(row, table.column(column));
  };
  CHECK(cell(0, "rank") == "1");
  CHECK(cell(0, "id") == "mp-4");
  CHECK(cell(0, "formula") == "(Li,Na)3N \"x\"");
  CHECK(cell(0, "ordered") == "0");
  CHECK(cell(0, "predicted_band_gap_eV") == "2.000");
  CHECK(cell(0, "group_size") == "2");
  CHECK(cell(1, "rank") == "2");
  CHECK(cell(1, "id") == "mp-1");
  CHECK(cell(1, "P_SI") == "0.7500");
  CHECK(cell(1, "P_SI_95") == "0.5556");
  CHECK(cell(1, "SD") == "0.0123");
  CHECK(cell(1, "band_gap_eV") == "2.346");
  CHECK(cell(1, "band_gap_source") == "made up");
  CHECK(cell(1, "predicted_band_gap_eV").empty());
  CHECK(cell(1, "d_training") == "0.7183");
  CHECK(cell(1, "nearest_training_id") == "jqc");
  CHECK(cell(1, "nearest_training_formula") == "Li7PS6");
  CHECK(cell(1, "nearest_training_class") == "1");
  CHECK(cell(1, "group").empty());
  CHECK(cell(1, "source") == "release.tar.gz/mp-1.cif");
  CHECK(cell(2, "rank").empty());
  CHECK(cell(2, "id") == "mp-8");
  CHECK(cell(2, "group") == "mp-4");

  report::write_candidates(path, {});
  CHECK(CsvTable::read(path).size() == 0);
}

TEST_CASE("training.csv has the components of the training set, unknown ones are empty") {
  const auto path = test::scratch("training") / "training.csv";
  report::write_training(path,
                         {{"a", "Li2S", 0, {1.23456789, -2}}, {"b", "Li3N", 1, {0.5, Candidate::unknown}}});
  const auto table = CsvTable::read(path);
  CHECK(table.header() == std::vector<std::string>{"id", "formula", "class", "PC1", "PC2"});
  REQUIRE(table.size() == 2);
  CHECK(table.row(0) == std::vector<std::string>{"a", "Li2S", "0", "1.234568", "-2.000000"});
  CHECK(table.row(1) == std::vector<std::string>{"b", "Li3N", "1", "0.500000", ""});
}

TEST_CASE("the summary has the number of rows after every filter") {
  screen::ScreeningOptions options;
  options.store = "c.h5";
  options.filters.excluded = screen::parse_elements("Fe", "");
  auto result = result_of(kept());
  result.explained = {0.75, 0.125};
  const auto summary = report::screening_summary(options, result);
  CHECK(summary["options"]["store"] == "c.h5");
  CHECK(summary["options"]["gaps"].is_null());
  CHECK(summary["options"]["component_scaling"] == "study-code");
  CHECK(summary["options"]["filters"]["exclude_elements"] == nlohmann::json{"Fe"});
  CHECK(summary["funnel"]["structures"] == 5);
  CHECK(summary["funnel"]["kept"] == 3);
  CHECK(summary["funnel"]["filters"].size() == screen::all_filters.size());
  CHECK(summary["funnel"]["filters"][0]["left"] == 4);
  const auto& last = summary["funnel"]["filters"].back();
  CHECK(last["filter"] == "band_gap");
  CHECK(last["reason"] == "band gap too small");
  CHECK(last["left"] == 3);
  CHECK(summary["candidates"]["cut"] == 0);
  CHECK(summary["principal_components"]["explained_variance"] == nlohmann::json{0.75, 0.125});
  CHECK(summary["band_gaps"]["both"] == 1);
  CHECK(summary["band_gaps"]["mean_absolute_error_eV"] == 0.34567);
  CHECK(summary["band_gaps"]["bias_eV"] == -0.34567);
  CHECK(summary["histograms"]["P_SI_disordered"]["counts"][45] == 1);
  CHECK(summary["histograms"]["P_SI_ordered"]["unknown"] == 1);
  REQUIRE(summary["top"].size() == 2);
  CHECK(summary["top"][0]["id"] == "mp-4");
  CHECK(summary["top"][1]["predicted_band_gap_eV"].is_null());
  CHECK(nlohmann::json::parse(summary.dump()) == summary);
}

TEST_CASE("the printed table has the funnel and the requested number of candidates") {
  std::ostringstream one, none, many;
  report::print_screening(one, result_of(kept()), 1);
  CHECK_THAT(one.str(), Contains("mp-4") && Contains("0.900") && Contains("0.35 eV, bias -0.35 eV"));
  CHECK_THAT(one.str(), !Contains("mp-1"));
  report::print_screening(many, result_of(kept()), 10);
  CHECK_THAT(many.str(), Contains("mp-1") && !Contains("mp-8"));
  CHECK_THAT(one.str(), Contains("expected superionic among this one: 0.9, the sum of P_SI"));
  CHECK_THAT(many.str(), Contains("expected superionic among these 2: 1.6, the sum of P_SI")); // 0.9 + 0.75
  // 80 columns, unless more are requested.
  auto long_names = result_of(kept());
  for (auto& row : long_names.kept) {
    row.formula = "Li10.08Ge1.03P1.97S12.00Cl0.01Br0.02I0.03";
    row.id = "a-very-long-name-of-a-file-of-somebody-with-much-time";
    row.group.clear();
  }
  std::ostringstream narrow, wide;
  report::print_screening(narrow, long_names, 10);
  report::print_screening(wide, long_names, 10, true);
  const auto widest = [](const std::string& text) {
    std::size_t most = 0;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      most = std::max(most, line.size() - 2 * static_cast<std::size_t>(std::ranges::count(line, '\xe2')));
    }
    return most;
  };
  CHECK(widest(narrow.str()) <= 80);
  CHECK(widest(wide.str()) > 100);
  CHECK_THAT(wide.str(), Contains("d_training") && Contains(long_names.kept.front().id));
  auto cut = result_of(kept());
  cut.kept.pop_back();
  report::print_screening(none, cut, 0);
  CHECK_THAT(none.str(), Contains("probability too low") && !Contains("mp-4") && Contains("1 more"));
}
