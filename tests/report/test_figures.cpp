// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/report/figures.hpp"
#include "ionsift/report/screening_tables.hpp"
#include "ionsift/screen/prediction_file.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <regex>
#include <set>

using Catch::Matchers::Contains;
using namespace ionsift;
using report::Figure;
using screen::Candidate;

namespace {

std::vector<Candidate> some_rows() {
  std::vector<Candidate> rows;
  for (std::uint64_t i = 0; i < 200; ++i) {
    Candidate row;
    row.id = fmt::format("mp-{}", i);
    row.formula = "Li3N";
    row.sha256 = sha256(row.id);
    row.probability = static_cast<double>(i) / 200;
    row.sd = 0.1;
    row.d_training = 0.01 * static_cast<double>(i);
    row.component = {static_cast<double>(i), -static_cast<double>(i)};
    row.verdicts.fill(1);
    row.verdicts[screen::all_filters.size() - 1] = screen::verdict_not_asked;
    rows.push_back(row);
  }
  rows[7].d_training = Candidate::unknown;
  return rows;
}

/// A folder of `screen`, with the files that figures of structures read.
std::filesystem::path write(const std::filesystem::path& folder, const std::vector<Candidate>& rows,
                            std::string_view schema = screen::predictions_schema) {
  const auto path = folder / "predictions.h5";
  store::TableWriter table(parallel::Communicator::local(), path, screen::columns_of({}));
  screen::write_attributes(table, "", "");
  table.set_attribute("schema", schema);
  std::vector<std::uint64_t> indices;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    indices.push_back(i);
  }
  table.append(rows.size(), indices, screen::columns_of(rows));
  table.close();
  store::publish_table(path);
  report::write_training(folder / "training.csv", {{"t1", "Li2S", 0, {1.5, 2}}, {"t2", "Li3N", 1, {-1, 0}}});
  return folder;
}

std::set<std::string> labels_of(const report::Series& series) {
  return {series.label.begin(), series.label.end()};
}

Figure small_figure() {
  Figure figure;
  figure.name = "small";
  figure.title = "A \"title\"";
  figure.x = {"x", false, 0.0, {}};
  figure.y = {"y", true, {}, {}};
  report::Series series;
  series.name = "one, with a comma";
  series.add(1, 10, "first");
  series.add(2, std::numeric_limits<double>::quiet_NaN(), "second");
  figure.series = {series, report::Series::guide("guide", {0, 1}, {2, 1})};
  return figure;
}

} // namespace

TEST_CASE("a figure without points of its own is empty") {
  auto figure = small_figure();
  CHECK_FALSE(figure.empty());
  figure.series.erase(figure.series.begin());
  CHECK(figure.empty());
  CHECK(report::scaling_figure({}).empty());
  for (const auto& none : report::evaluation_figures(nlohmann::json::object())) {
    CHECK(none.empty());
  }
  for (const auto& none : report::crossvalidation_figures({})) {
    CHECK(none.empty());
  }
}

TEST_CASE("a figure's numbers are the same in its document and its table") {
  const auto figure = small_figure();
  const auto document = report::figure_document(figure);
  CHECK(document["series"][0]["y"][0] == 10);
  CHECK(document["series"][0]["y"][1].is_null());
  CHECK(document["series"][1]["dashed"] == true);
  CHECK(document["y"]["logarithmic"] == true);
  CHECK(document["x"]["low"] == 0);

  const auto folder = test::scratch("figure");
  report::write_figure_files(folder, figure);
  const auto table = CsvTable::read(folder / "small.csv");
  REQUIRE(table.size() == 4);
  CHECK(table.cell(0, table.column("series")) == "one, with a comma");
  CHECK(table.cell(0, table.column("y")) == "10");
  CHECK(table.cell(1, table.column("y")) == "NaN");
  CHECK(table.cell(1, table.column("label")) == "second");
  const auto script = read_file(folder / "small.gp");
  CHECK_THAT(script, Contains("set title \"A \\\"title\\\"\""));
  CHECK_THAT(script, Contains("set logscale y") && Contains("set xrange [0:*]"));
}

TEST_CASE("gnuplot draws every figure, including insets and bars") {
  const auto folder = test::scratch("drawn");
  auto first = small_figure();
  first.inset_from = 0.5;
  auto second = small_figure();
  second.name = "bars";
  second.categories = {"a", "b", "c"};
  second.series[0].mark = report::Mark::bars;
  second.series[0].x = {0, 1};
  second.series[0].y = {3, 4};
  auto third = small_figure();
  third.name = "coloured";
  third.value = "SD";
  third.series[0].value = {0.1, 0.2};
  const std::vector<Figure> figures = {first, second, third};
  for (const auto& figure : figures) {
    report::write_figure_files(folder, figure);
  }
  const auto reason = report::draw_figures(folder, figures);
  INFO(reason.value_or(""));
  REQUIRE_FALSE(reason);
  for (const auto& figure : figures) {
    CHECK(read_file(folder / (figure.name + ".svg")).find("</svg>") != std::string::npos);
    CHECK(read_file(folder / (figure.name + ".png")).substr(1, 3) == "PNG");
    CHECK(read_file(folder / (figure.name + ".pdf")).substr(0, 4) == "%PDF");
  }
  std::ofstream(folder / "bars.gp") << "plot 'nothing.csv'\n";
  CHECK(report::draw_figures(folder, figures));
}

TEST_CASE("more series than colours still differ") {
  const auto folder = test::scratch("many");
  auto figure = small_figure();
  figure.series = std::vector<report::Series>(20, report::Series(figure.series.front()));
  for (std::size_t i = 0; i < figure.series.size(); ++i) {
    figure.series[i].name = fmt::format("series {}", i);
  }
  report::write_figure_files(folder, figure);
  const auto script = read_file(folder / (figure.name + ".gp"));
  static const std::regex look("with points (pt [0-9]+) ps [0-9.]+ lc rgb '(#[0-9a-fA-F]+)'");
  std::set<std::string> looks;
  std::size_t plots = 0;
  for (std::sregex_iterator match(script.begin(), script.end(), look), end; match != end; ++match, ++plots) {
    looks.insert(match->str(1) + match->str(2));
  }
  CHECK(plots == 3 * figure.series.size()); // SVG, PNG and PDF
  CHECK(looks.size() == figure.series.size());
}

TEST_CASE("a series has one colour in all figures, and whiskers that of their points") {
  auto figure = small_figure();
  const auto one = [](const std::string& name, const std::string& like = "") {
    report::Series series;
    series.name = name;
    series.coloured_as = like;
    series.add(0, 1);
    return series;
  };
  figure.series = {one("by cluster"), one("by cluster, ± SD", "by cluster"), one("by fold")};
  const auto looks = figure.looks();
  CHECK(looks[0].colour == looks[1].colour);
  CHECK(looks[0].colour != looks[2].colour);
  figure.series = {one("by fold"), one("disordered")};
  CHECK(figure.looks()[0].colour == looks[2].colour);
  // Names that are not in a table have their own colour, whatever series come before them.
  figure.series = {one("CAMNS V1")};
  const auto alone = figure.looks().front().colour;
  figure.series = {report::Series::guide("chance", {0, 0}, {1, 1}), one("CAMNS V1"), one("CAN V3")};
  CHECK(figure.looks()[1].colour == alone);
  CHECK(report::figure_document(figure)["series"][1]["colour"] == alone);
}

TEST_CASE("precision, recall and enrichment are computed by falling P_SI, and mark the cut") {
  const auto row = [](double probability, int label) {
    return nlohmann::json{
        {"id", "x"}, {"P_SI", probability}, {"label", label}, {"conductivity", 1e-5}, {"SD", 0.1}};
  };
  const nlohmann::json document = {
      {"predictions", {row(0.2, 0), row(0.9, 1), row(0.6, 0), row(0.6, 1), row(0.4, 1), row(0.1, 0)}}};
  const auto figures = report::evaluation_figures(document);
  const auto named = [&](const std::string& name) {
    return *std::ranges::find(figures, name, &Figure::name);
  };
  const auto precision = named("precision-recall");
  REQUIRE(precision.series.size() == 3);
  const auto& curve = precision.series[0];
  REQUIRE(curve.x.size() == 5); // the two structures of P_SI 0.6 are one step
  CHECK(curve.y[1] == Approx(2.0 / 3));
  CHECK(curve.x[1] == Approx(2.0 / 3));
  CHECK(precision.series[1].y[0] == Approx(0.5));
  CHECK(precision.series[2].x == std::vector<double>{curve.x[1]});
  const auto enrichment = named("enrichment");
  CHECK(enrichment.series[0].x[1] == Approx(100.0 / 6));
  CHECK(enrichment.series[0].y[1] == Approx(100.0 / 3));
  CHECK(enrichment.series[0].y.back() == Approx(100));
  CHECK(enrichment.series[2].x[1] == Approx(50)); // perfect
  // Without superionic structures there is no curve.
  const nlohmann::json poor = {{"predictions", {row(0.2, 0)}}};
  CHECK(report::evaluation_figures(poor)[1].empty());
}

TEST_CASE("text in names is drawn, never executed") {
  const auto folder = test::scratch("commands");
  const auto marker = folder / "started";
  auto figure = small_figure();
  const std::vector<std::string> commands = {fmt::format("`touch {}`", marker.string()),
                                             fmt::format("\\`touch {}`", marker.string()),
                                             fmt::format("a\"; system(\"touch {}\"); \"", marker.string()),
                                             fmt::format("\n!touch {}\n", marker.string()),
                                             fmt::format("'.system('touch {}').'", marker.string()),
                                             fmt::format("$(touch {})", marker.string())};
  for (const auto& command : commands) {
    figure.title = figure.x.title = figure.y.title = figure.value = command;
    figure.categories = {command, command, command};
    for (auto& series : figure.series) {
      series.name = command;
      series.label.assign(series.x.size(), command);
    }
    report::write_figure_files(folder, figure);
    const auto reason = report::draw_figures(folder, {figure});
    INFO(command << " " << reason.value_or(""));
    CHECK_FALSE(reason);
    CHECK_FALSE(std::filesystem::exists(marker));
  }
}

TEST_CASE("the sample of structures is the same in any order, and has all listed ones") {
  const auto folder = test::scratch("sample");
  auto rows = some_rows();
  const std::vector<std::string> listed = {"mp-3", "mp-150", "mp-7"};
  const auto nothing = nlohmann::json::object();
  const auto figure = report::structure_figures(write(folder / "a", rows), nothing, listed, 20).front();
  std::ranges::reverse(rows);
  const auto reversed = report::structure_figures(write(folder / "b", rows), nothing, listed, 20).front();
  REQUIRE(figure.series.size() == 2);
  CHECK(figure.series[0].x.size() == 20);
  CHECK(labels_of(figure.series[0]) == labels_of(reversed.series[0]));
  // mp-7 has no distance and cannot be drawn.
  CHECK(labels_of(figure.series[1]) == std::set<std::string>{"Li3N (mp-3)", "Li3N (mp-150)"});
  CHECK(figure.series[1].row.size() == 2);
  for (const auto& label : labels_of(figure.series[1])) {
    CHECK_FALSE(labels_of(figure.series[0]).contains(label));
  }
  CHECK(report::structure_figures(folder / "a", nothing, listed, 0).front().series[0].x.empty());
  CHECK(report::structure_figures(folder / "a", nothing, listed, 1000).front().series[0].x.size() == 197);
}

TEST_CASE("principal components show training set, candidates and a sample of the others") {
  const auto folder = test::scratch("components");
  const nlohmann::json summary = {{"principal_components", {{"explained_variance", {0.625, 0.25}}}}};
  const auto figures = report::structure_figures(write(folder, some_rows()), summary, {"mp-3", "mp-150"}, 20);
  REQUIRE(figures.size() == 2);
  const auto& figure = figures[1];
  CHECK(figure.name == "principal-components");
  CHECK_THAT(figure.x.title, Contains("first") && Contains("62 %"));
  CHECK_THAT(figure.y.title, Contains("second") && Contains("25 %"));
  REQUIRE(figure.series.size() == 4);
  CHECK(figure.series[0].background);
  CHECK(figure.series[0].x.size() == 20);
  CHECK(labels_of(figure.series[1]) == std::set<std::string>{"Li2S (t1)"});
  CHECK(figure.series[1].y == std::vector<double>{2});
  CHECK(labels_of(figure.series[2]) == std::set<std::string>{"Li3N (t2)"});
  CHECK(figure.series[3].x == std::vector<double>{3, 150});
  CHECK(figure.series[3].y == std::vector<double>{-3, -150});
  CHECK(figure.series[3].row == std::vector<std::string>{"mp-3", "mp-150"});
  CHECK(report::figure_document(figure)["series"][0]["background"] == true);

  // Earlier screenings are reported without it.
  CHECK(report::structure_figures(write(folder / "old", some_rows(), "2"), summary, {"mp-3"}, 20).size() ==
        1);
  std::filesystem::remove(folder / "training.csv");
  CHECK(report::structure_figures(folder, summary, {"mp-3"}, 20).size() == 1);
}

TEST_CASE("conductivities are grouped by space group and decade, upper bounds separately") {
  const auto folder = test::scratch("conductivity");
  std::ofstream(folder / "labels.csv")
      << "id,composition,conductivity (S/cm),space_group\n"
         "a,Li3N,2e-3,191\nb,LiF,<1E-10,225\nc,LiI,5e-7,\nd,Li2S,1e-12,225\n";
  const auto labels = dataset::Labels::read(folder / "labels.csv");
  const auto figures = report::conductivity_figures(labels, {folder / "labels.csv"});
  REQUIRE(figures.size() == 2);
  CHECK(figures[0].series[0].x == std::vector<double>{191, 225});
  CHECK(figures[0].series[0].y[0] == Approx(std::log10(2e-3)));
  CHECK(figures[0].series[1].label == std::vector<std::string>{"LiF (b)"});
  const auto& histogram = figures[1];
  CHECK(histogram.categories.front() == "-12");
  CHECK(histogram.categories.back() == "-3");
  CHECK(histogram.series[0].y.back() == 1);
  double entries = 0;
  for (const auto& series : histogram.series) {
    for (const double count : series.y) {
      entries += count;
    }
  }
  CHECK(entries == 4);
}
