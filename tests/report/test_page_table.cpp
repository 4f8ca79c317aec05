// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/crystal/read/cif.hpp"
#include "ionsift/report/figures.hpp"
#include "ionsift/report/page.hpp"
#include "ionsift/report/page_table.hpp"
#include "ionsift/screen/prediction_file.hpp"

#include "small_store.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>

using Catch::Matchers::Contains;
using namespace ionsift;
using nlohmann::json;
using screen::Candidate;

namespace {

const std::vector<test::SmallStructure>& structures() {
  static const std::vector<test::SmallStructure> all = {
      {"mp-1", "Li3PS4"}, {"mp-2", "Li2S"}, {"mp-3", "Li0.5Na0.5Cl"}, {"mp-4", "LiFeO2"}, {"mp-5", "Li3N"}};
  return all;
}

/// Rows of a screening: mp-3 before mp-1, mp-2 like mp-1, mp-4 dropped, mp-5 without a prediction.
std::vector<Candidate> rows() {
  std::vector<Candidate> all;
  for (const auto& structure : structures()) {
    const auto crystal = test::small_crystal(structure);
    Candidate row;
    row.id = crystal.id;
    row.formula = structure.formula;
    row.source = crystal.source;
    row.sha256 = crystal.sha256;
    row.ordered = crystal.is_ordered();
    row.verdicts.fill(screen::verdict_passed);
    row.verdicts[screen::all_filters.size() - 1] = screen::verdict_not_asked;
    all.push_back(row);
  }
  const std::vector<double> probability = {0.8, 0.7, 0.9123, 0.6, Candidate::unknown};
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].probability = probability[i];
    all[i].sd = 0.05;
    all[i].quantile = {0.5, 0.6, 0.7, 0.8, 0.95};
    all[i].band_gap = i == 0 ? 2.345 : Candidate::unknown;
    all[i].band_gap_source = i == 0 ? "predicted" : "unknown";
  }
  const auto redox = screen::filter_named("redox_metals");
  all[3].verdicts[static_cast<std::size_t>(redox)] = screen::verdict_failed;
  all[3].dropped_by = redox;
  all[1].dropped_by = screen::filter_named("novelty");
  all[4].dropped_by = screen::filter_named("features");
  return all;
}

/// A folder of `screen`, with the files that pages read.
std::filesystem::path write(const std::filesystem::path& folder, const std::string& formula = "Li3PS4") {
  const auto path = folder / "predictions.h5";
  const auto all = rows();
  store::TableWriter table(parallel::Communicator::local(), path, screen::columns_of({}));
  screen::write_attributes(table, "", "");
  table.append(all.size(), {0, 1, 2, 3, 4}, screen::columns_of(all));
  table.close();
  store::publish_table(path);
  std::ofstream ranking(folder / "ranking.csv");
  ranking
      << "rank,id,formula,P_SI,SD,status,nearest_measured_1,nearest_measured_2,nearest_measured_3,comment,"
         "source\n"
      << "1,mp-3,Li0.5Na0.5Cl,0.9123,0.05,candidate,Li6PS5Cl: 2.0e-03 S/cm (10.1000/x),LiF: < 1.0e-10 S/cm,,"
         "\"Likely.\nA second \"\"line\"\".\",made/up/mp-3.cif\n"
      << "2,mp-1," << formula
      << ",0.8,0.05,candidate,Li6PS5Cl: 2.0e-03 S/cm (10.1000/x),,,,made/up/mp-1.cif\n"
      << "3,mp-2,Li2S,0.7,0.05,measured already: 1.0e-08 S/cm,,,,,made/up/mp-2.cif\n"
      << "4,mp-4,LiFeO2,0.6,0.05,redox-active transition metal: Fe,,,,,made/up/mp-4.cif\n"
      << ",mp-5,Li3N,,,not judged: no features that the ensemble needs,,,,,made/up/mp-5.cif\n"
      << ",broken,,,,\"failed to read: no cell, no atoms\",,,,,made/up/broken.cif\n";
  return folder;
}

std::string word(const json& table, const char* column, std::size_t row) {
  return table[column]["values"][table[column]["of"][row].get<std::size_t>()];
}

} // namespace

TEST_CASE("the page has every structure with its fate, column by column") {
  const auto folder = write(test::scratch("page_table"));
  const auto table = report::read_page_table(folder, {});
  const auto& columns = table.columns;
  CHECK(columns["rows"] == 6);
  CHECK(columns["structures"] == 6);
  CHECK(columns["id"] == json({"mp-3", "mp-1", "mp-2", "mp-4", "mp-5", "broken"}));
  CHECK(columns["P_SI"][0].get<double>() / columns["scales"]["P_SI"].get<double>() == Approx(0.9123));
  CHECK(columns["P_SI"][4].is_null());
  CHECK(columns["P_SI"][5].is_null());
  CHECK(columns["band_gap_eV"][1].get<double>() / columns["scales"]["band_gap_eV"].get<double>() ==
        Approx(2.345));
  CHECK(columns["P_SI_05"][0].get<double>() / columns["scales"]["P_SI_05"].get<double>() == Approx(0.5));
  CHECK(columns["P_SI_95"][0].get<double>() / columns["scales"]["P_SI_95"].get<double>() == Approx(0.95));
  CHECK(columns["ordered"] == "01111-");
  CHECK(word(columns, "status", 0) == "candidate");
  CHECK(word(columns, "status", 2) == "measured already");
  CHECK(word(columns, "detail", 2) == "1.0e-08 S/cm");
  CHECK(word(columns, "status", 5) == "failed to read");
  CHECK(word(columns, "detail", 5) == "no cell, no atoms");
  CHECK_THAT(word(columns, "verdicts", 3), Contains("0"));
  CHECK(word(columns, "verdicts", 0).back() == '-');
  CHECK(word(columns, "verdicts", 5).empty());
  CHECK(columns["comments"] == json({{"0", "Likely.\nA second \"line\"."}}));
  // One pattern for all sources: the page inserts the id.
  CHECK(columns["source"]["values"].size() == 1);
  const auto& nearest = columns["nearest"];
  REQUIRE(nearest["values"].size() == 2); // each compound once
  CHECK(nearest["values"][nearest["of"][0][1].get<std::size_t>()] ==
        json({{"formula", "Li6PS5Cl"}, {"conductivity", "2.0e-03 S/cm"}, {"reference", "10.1000/x"}}));
  CHECK(nearest["values"][nearest["of"][1][0].get<std::size_t>()]["conductivity"] == "< 1.0e-10 S/cm");
  CHECK(nearest["of"][2][0] == -1);
  CHECK(columns["filters"].size() == screen::all_filters.size());
  CHECK(columns["element_lists"]["toxic"].size() > 3);
}

TEST_CASE("a page has the first rows and the number of all") {
  const auto folder = write(test::scratch("page_rows"));
  report::PageTableOptions options;
  options.rows = 2;
  const auto table = report::read_page_table(folder, options);
  CHECK(table.columns["rows"] == 2);
  CHECK(table.columns["structures"] == 6); // a line end inside quotes does not count
  CHECK(table.columns["id"] == json({"mp-3", "mp-1"}));
  options.rows = 0;
  CHECK(report::read_page_table(folder, options).columns["rows"] == 0);
  std::filesystem::remove(folder / "ranking.csv");
  CHECK_THROWS_WITH(report::read_page_table(folder, options),
                    Contains("ranking.csv") && Contains("screen again"));
}

TEST_CASE("pictures show the first candidates and the first of each list") {
  const auto folder = write(test::scratch("page_pictured"));
  const auto ids = [](const report::PageTable& table) {
    std::vector<std::string> list;
    for (const auto& one : table.pictured) {
      list.push_back(one.id);
    }
    return list;
  };
  report::PageTableOptions options;
  options.pictures = 1;
  CHECK(ids(report::read_page_table(folder, options)) == std::vector<std::string>{"mp-3"});
  CHECK(report::read_page_lists(folder).is_null());
  std::ofstream(folder / "lists.csv")
      << "list,rank,formula,id,P_SI\nnear,1,Li3PS4,mp-3,0.9\nfar,1,LiFeO2,mp-4,0.6\n"
         "far,2,Li2S,mp-2,0.5\n";
  CHECK(ids(report::read_page_table(folder, options)) == std::vector<std::string>{"mp-3", "mp-4"});
  CHECK(report::read_page_lists(folder)["rows"].size() == 3);
  options.pictures = 0;
  CHECK(report::read_page_table(folder, options).pictured.empty());
  options.marked = 1;
  CHECK(report::read_page_table(folder, options).candidates.size() == 1);
}

TEST_CASE("the data of a picture are those of the crystal in the store") {
  const auto folder = write(test::scratch("page_structures"));
  test::write_small_store(parallel::Communicator::local(), folder / "store.h5", structures());
  report::PageTableOptions options;
  auto pictured = report::read_page_table(folder, options).pictured;
  pictured.push_back({"mp-2", sha256("another"), 1}); // not the screened structure
  const auto documents = report::read_page_structures(folder / "store.h5", pictured);
  REQUIRE(documents.contains("mp-3"));
  CHECK_FALSE(documents.contains("mp-2"));
  const auto& document = documents["mp-3"];
  const auto crystal = test::small_crystal(structures()[2]);
  CHECK(document["count"] == crystal.sites.size());
  CHECK(document["sites"].size() == crystal.sites.size());
  CHECK(document["orbits"][0]["species"][0][0] == "Li");
  CHECK(document["orbits"][0]["species"][0][1] == Approx(0.5));
  CHECK(document["lattice"][0][0] == Approx(crystal.lattice(0, 0)));
  CHECK(document["symbol"].is_string());
  const auto again = crystal::read_cif(document["cif"].get<std::string>(), {"x", "x"});
  REQUIRE(again.size() == 1);
  CHECK(std::get<crystal::Crystal>(again[0]).composition().amount(3) == Approx(0.5));
}

TEST_CASE("predictions of each kind of member are read with the names of the kinds") {
  const auto folder = test::scratch("page_kinds");
  CHECK(report::read_page_kinds(folder).is_null());
  std::ofstream(folder / "kinds.csv") << "id,atomsets,trees\nmp-1,0.8,\n";
  const auto kinds = report::read_page_kinds(folder);
  CHECK(kinds["kinds"] == json({"atomsets", "trees"}));
  CHECK(kinds["of"]["mp-1"][0] == 0.8);
  CHECK(kinds["of"]["mp-1"][1].is_null());
}

TEST_CASE("the page is self-contained, and text in the data is never markup") {
  const auto folder = write(test::scratch("page"), "</script><b>Li");
  report::PageInputs inputs;
  inputs.title = "A </title> & more";
  inputs.table = report::read_page_table(folder, {}).columns;
  report::Figure figure;
  figure.name = "small";
  figure.title = "small";
  figure.series.emplace_back().add(1, 2, "</script>");
  inputs.figures = {figure};
  report::write_page(folder / "report.html", inputs);
  const auto page = read_file(folder / "report.html");
  CHECK_THAT(page, !Contains("</script><b>Li") && !Contains("A </title>"));
  const auto begin = page.find("id=\"data\">") + 10;
  const auto data = json::parse(page.substr(begin, page.find("</script>", begin) - begin));
  CHECK(data["table"]["formula"][1] == "</script><b>Li");
  CHECK(data["title"] == inputs.title);
  // Nothing is fetched: there is no address in an attribute or a style.
  CHECK_THAT(page,
             !Contains("src=\"http") && !Contains("<link") && !Contains("@import") && !Contains("url("));
  CHECK_THROWS_WITH(report::read_crossvalidation(folder), Contains("crossvalidation.json"));
}

TEST_CASE("a page has the scores of a cross-validation with those of shuffled labels") {
  const json document = {
      {"structures", 11},
      {"folds",
       {{{"controls", {{"shuffled", {{"mcc", {{"mean", 0.1}}}}}}}},
        {{"controls", {{"shuffled", {{"mcc", {{"mean", 0.3}}}}}}}}}},
      {"variants",
       {{{"name", "CAMNS:V1"}, {"share", 0.5}, {"pooled", {{"scores", {{"mcc", {{"value", 0.2}}}}}}}},
        {{"name", "CAMNS:V1"}, {"share", 1.0}, {"pooled", {{"scores", {{"mcc", {{"value", 0.6}}}}}}}}}}};
  const auto scores = report::crossvalidation_scores("by fold", document);
  REQUIRE(scores["variants"].size() == 1);
  CHECK(scores["variants"][0]["scores"]["mcc"]["value"] == 0.6);
  CHECK(scores["shuffled"]["mcc"] == Approx(0.2));
}
