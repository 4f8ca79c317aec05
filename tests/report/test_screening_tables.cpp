#include "ionsift/report/screening_tables.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/hdf5.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <sstream>

using Catch::Matchers::Contains;
using namespace ionsift;
using screen::Candidate;
using screen::Filter;

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

Candidate candidate(std::uint64_t index, const std::string& id, double probability) {
  Candidate row;
  row.index = index;
  row.id = id;
  row.formula = "Li6PS5Cl";
  row.source = "release.tar.gz/" + id + ".cif";
  row.probability = probability;
  row.sd = 0.0123456;
  row.d_training = 0.71828;
  row.nearest_id = "jqc";
  row.nearest_label = 1;
  row.band_gap = 2.34567;
  row.band_gap_source = "made up";
  row.predicted_gap = unknown;
  return row;
}

std::vector<Candidate> rows() {
  std::vector<Candidate> result = {candidate(0, "mp-1", 0.75), candidate(1, "mp-2", 0.2),
                                   candidate(2, "mp-3", unknown), candidate(3, "mp-4", 0.9)};
  result[1].dropped_by = Filter::probability;
  result[2].dropped_by = Filter::features;
  result[2].sd = result[2].d_training = unknown;
  result[2].nearest_id.clear();
  result[3].formula = "(Li,Na)3N \"x\"";
  result[3].ordered = false;
  result[3].predicted_gap = 2.0;
  return result;
}

screen::ScreeningResult result_of(const std::vector<Candidate>& rows) {
  screen::ScreeningResult result;
  result.rows = rows;
  result.funnel = {4, {1, 1, 0, 0, 0}, 2};
  result.gaps_known = 4;
  result.gaps_predicted = result.gaps_both = 1;
  result.gap_error = 0.34567;
  return result;
}

} // namespace

TEST_CASE("candidates.csv ranks the kept rows and leaves unknown numbers empty") {
  const auto path = test::scratch("report") / "candidates.csv";
  report::write_candidates(path, rows());
  const auto table = CsvTable::read(path);
  REQUIRE(table.size() == 2);
  const auto cell = [&](std::size_t row, const char* column) {
    return table.cell(row, table.column(column));
  };
  CHECK(cell(0, "rank") == "1");
  CHECK(cell(0, "id") == "mp-4");
  CHECK(cell(0, "formula") == "(Li,Na)3N \"x\"");
  CHECK(cell(0, "ordered") == "0");
  CHECK(cell(0, "predicted_band_gap_eV") == "2.000");
  CHECK(cell(1, "id") == "mp-1");
  CHECK(cell(1, "P_SI") == "0.7500");
  CHECK(cell(1, "SD") == "0.0123");
  CHECK(cell(1, "band_gap_eV") == "2.346");
  CHECK(cell(1, "band_gap_source") == "made up");
  CHECK(cell(1, "predicted_band_gap_eV").empty());
  CHECK(cell(1, "d_training") == "0.7183");
  CHECK(cell(1, "nearest_training_id") == "jqc");
  CHECK(cell(1, "nearest_training_class") == "1");
  CHECK(cell(1, "source") == "release.tar.gz/mp-1.cif");

  report::write_candidates(path, {});
  CHECK(CsvTable::read(path).size() == 0);
}

TEST_CASE("predictions.h5 keeps every row with what dropped it") {
  const auto path = test::scratch("report") / "predictions.h5";
  report::write_predictions(path, rows());
  CHECK_FALSE(std::filesystem::exists(path.string() + ".partial"));
  const auto file = h5::File::open(path);
  CHECK(file.dataset("id").read_text() == std::vector<std::string>{"mp-1", "mp-2", "mp-3", "mp-4"});
  CHECK(file.dataset("formula").read_text()[3] == "(Li,Na)3N \"x\"");
  CHECK(file.dataset("dropped_by").read_text() ==
        std::vector<std::string>{"", "probability", "features", ""});
  const auto probability = file.dataset("P_SI").read<double>();
  CHECK(probability[3] == 0.9);
  CHECK(std::isnan(probability[2]));
  CHECK(file.dataset("nearest_training_class").read<std::int32_t>() ==
        std::vector<std::int32_t>{1, 1, -1, 1});
  CHECK(file.dataset("ordered").read<std::uint8_t>() == std::vector<std::uint8_t>{1, 1, 1, 0});
  CHECK(file.dataset("known_as").read_text() == std::vector<std::string>(4));
  CHECK(file.text_attribute("/", "filters") == "features,probability,intermetallic,band_gap,novelty");

  report::write_predictions(path, {});
  CHECK(h5::File::open(path).dataset("P_SI").rows() == 0);
}

TEST_CASE("the summary says what every filter left") {
  screen::ScreeningOptions options;
  options.store = "c.h5";
  const auto summary = report::screening_summary(options, result_of(rows()));
  CHECK(summary["options"]["store"] == "c.h5");
  CHECK(summary["options"]["gaps"].is_null());
  CHECK(summary["options"]["component_scaling"] == "study-code");
  CHECK(summary["funnel"]["structures"] == 4);
  CHECK(summary["funnel"]["kept"] == 2);
  CHECK(summary["funnel"]["filters"][0]["left"] == 3);
  CHECK(summary["funnel"]["filters"][4]["left"] == 2);
  CHECK(summary["band_gaps"]["mean_absolute_error_eV"] == 0.34567);
  REQUIRE(summary["top"].size() == 2);
  CHECK(summary["top"][0]["id"] == "mp-4");
  CHECK(summary["top"][1]["predicted_band_gap_eV"].is_null());
  CHECK(nlohmann::json::parse(summary.dump()) == summary);
}

TEST_CASE("the printed table has the funnel and as many candidates as asked for") {
  std::ostringstream one, none;
  report::print_screening(one, result_of(rows()), 1);
  CHECK_THAT(one.str(), Contains("mp-4") && Contains("0.900") && Contains("0.35 eV against 1 known"));
  CHECK_THAT(one.str(), !Contains("mp-1"));
  report::print_screening(none, result_of(rows()), 0);
  CHECK_THAT(none.str(), Contains("probability too low") && !Contains("mp-4"));
}
