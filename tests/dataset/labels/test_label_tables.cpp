// SPDX-License-Identifier: BSD-3-Clause
// Labels of several tables, and their publications.
#include "ionsift/base/error.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/dataset/labels/labels.hpp"
#include "ionsift/dataset/labels/publications.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using Catch::Matchers::Contains;
using namespace ionsift;
using namespace ionsift::dataset;
using Paths = std::vector<std::filesystem::path>;

namespace {

std::filesystem::path write(const std::string& name, const std::string& text) {
  const auto path = test::scratch("label-tables-" + name) / (name + ".csv");
  std::ofstream(path) << text;
  return path;
}

ErrorCode code_of(const Paths& paths, const LabelOptions& options = {}) {
  try {
    Labels::read_tables(paths, options);
  } catch (const Error& error) {
    return error.code();
  }
  FAIL("no error");
  return ErrorCode::internal;
}

std::string remarks_of(const Labels& labels) {
  std::string all;
  for (const auto& remark : labels.remarks()) {
    all += remark.text + "\n";
  }
  return all;
}

} // namespace

TEST_CASE("each table has its own columns and unit, and each label its table and reference") {
  const auto first = write("units-a", "ID,True Composition,Ionic conductivity (S cm-1),DOI\n"
                                      "a,Li3PS4,2e-4,10.1000/a\nb,LiCl,1e-9,\n");
  const auto second =
      write("units-b", "entry_id,formula,sigma (mS/cm),source\nc,Li3N,0.4,book\nd,,x,\ne,LiI,,\n");
  LabelOptions options;
  options.composition_column = "True Composition";             // of the first table only
  CHECK(code_of({first, second}, options) == ErrorCode::data); // "x"
  const auto third = write("units-c", "entry_id,formula,sigma (mS/cm),source\nc,Li3N,0.4,book\ne,LiI,,\n");
  const auto labels = Labels::read_tables({first, third}, options);
  REQUIRE(labels.ids() == std::vector<std::string>{"a", "b", "c"});
  CHECK(labels.find("c")->conductivity == Approx(4e-4));
  CHECK(labels.find("c")->composition == "Li3N");
  CHECK(labels.find("c")->reference == "book");
  CHECK(labels.find("c")->table == 1);
  CHECK(labels.find("a")->reference == "10.1000/a");
  CHECK(labels.skipped() == 1);
  CHECK(labels.composition_column() == "True Composition");
  REQUIRE(labels.tables().size() == 2);
  CHECK(labels.tables()[1].unit.spelling == "mS/cm");
  CHECK(labels.tables()[1].composition_column == "formula");
  CHECK(labels.tables()[1].sha256 == sha256_of_file(third));
  CHECK(labels.tables()[1].labels == 1);
  CHECK(labels.tables()[1].skipped == 1);
  CHECK(labels.tables()[0].labels == 2);
  CHECK(labels.name() == first.string() + ", " + third.string());

  options.composition_column = "Komposition";
  CHECK(code_of({first, third}, options) == ErrorCode::missing);
}

TEST_CASE("the unit of the options applies to tables that do not name one") {
  const auto said = write("said", "id,sigma (S/cm)\na,2e-4\n");
  const auto unsaid = write("unsaid", "id,sigma\nb,3\n");
  LabelOptions options;
  CHECK(code_of({said, unsaid}, options) == ErrorCode::missing);
  options.conductivity_unit = "mS/cm";
  const auto labels = Labels::read_tables({said, unsaid}, options);
  CHECK(labels.find("a")->conductivity == 2e-4);
  CHECK(labels.find("b")->conductivity == Approx(3e-3));
  // A single table: as always, the option takes precedence over the name of the column.
  CHECK(Labels::read_tables({said}, options).find("a")->conductivity == Approx(2e-7));
}

TEST_CASE("an id is the same entry in all tables") {
  const auto first = write("ids-a", "id,composition,sigma (S/cm)\na,Li3PS4,2e-4\nb,LiCl,1e-9\n");
  const auto again = write("ids-b", "id,composition,sigma (S/cm)\nA.cif,Li3PS4,5e-4\nc,LiI,1e-7\n");
  const auto labels = Labels::read_tables({first, again}, {});
  CHECK(labels.all().size() == 3);
  CHECK(labels.find("a")->conductivity == 2e-4); // the first table counts
  CHECK(labels.tables()[1].known_before == 1);
  CHECK_THAT(remarks_of(labels), Contains("1 entries have the id of one in a table before, which counts: a"));

  const auto other_class = write("ids-c", "id,composition,sigma (S/cm)\nb,LiCl,1e-3\n");
  CHECK(code_of({first, other_class}) == ErrorCode::conflict);
  CHECK_THROWS_WITH(Labels::read_tables({first, other_class}, {}), Contains("b has 0.001 S/cm here"));
  const auto other_compound = write("ids-d", "id,composition,sigma (S/cm)\na,Li7La3Zr2O12,2e-4\n");
  CHECK_THROWS_WITH(Labels::read_tables({first, other_compound}, {}),
                    Contains("a is Li7La3Zr2O12 here and Li3PS4 in"));
  CHECK(code_of({first, first}) == ErrorCode::usage);
}

TEST_CASE("the same measurement in two tables counts once") {
  const auto first = write("same-a", "id,composition,sigma (S/cm),doi\n"
                                     "a,Li3PS4,2.00e-4,10.1000/x\nb,Li6PS5Cl,1.3e-3,10.1000/y\n"
                                     "c,LiCl,<1e-9,\nd,Li3N,4e-4,10.1000/n\n");
  const auto second = write("same-b", "id,composition,sigma (S/cm),doi\n"
                                      "p,Li6P2S8,2.03e-4,10.1000/review\n"              // value
                                      "q,Li12P2S10Cl2,3e-3,https://doi.org/10.1000/Y\n" // publication
                                      "r,LiCl,<1e-9,\n"                                 // bound
                                      "s,LiCl,1e-9,\n"                                  // value, not a bound
                                      "t,Li3N,1e-5,10.1000/n\n"                         // the other class
                                      "u,Li3PS4,3e-4,10.1000/z\n"                       // another measurement
                                      "v,nonsense!,2e-4,10.1000/x\n");
  const auto labels = Labels::read_tables({first, second}, {});
  CHECK(labels.ids() == std::vector<std::string>{"a", "b", "c", "d", "s", "t", "u", "v"});
  CHECK(labels.tables()[1].same_measurement == 3);
  CHECK(labels.tables()[1].contradicting == 1);
  CHECK(labels.tables()[1].labels == 4);
  CHECK_THAT(remarks_of(labels), Contains("3 entries have the composition of one in another table") &&
                                     Contains("p (a of") &&
                                     Contains("but the other class; all of them stay: t"));
  CHECK(labels.find("p") == nullptr);

  SECTION("the entry with a structure is kept") {
    const auto known = Labels::read_tables({first, second}, {}, {"p", "b", "q", "s"});
    CHECK(known.ids() == std::vector<std::string>{"b", "c", "d", "p", "q", "s", "t", "u", "v"});
    CHECK(known.tables()[0].same_measurement == 1); // a
    CHECK(known.tables()[0].labels == 3);
    CHECK(known.tables()[1].same_measurement == 1); // r
    CHECK_THAT(remarks_of(known), Contains("both of the pair have a structure: q (b of"));
  }
}

TEST_CASE("DOIs are found in all spellings") {
  using List = std::vector<std::string>;
  CHECK(dois_in("10.1039/c3ee41655k|10.1016/j.ssi.2007.05.020|10.1039/C3EE41655K") ==
        List{"10.1039/c3ee41655k", "10.1016/j.ssi.2007.05.020"});
  CHECK(dois_in("https://doi.org/10.1021/JA305709Z; doi:10.1038/nmat3066.") ==
        List{"10.1021/ja305709z", "10.1038/nmat3066"});
  CHECK(dois_in("10.1002/(SICI)1099-0682(199804)1998:4<519::AID-EJIC519>3.0.CO;2-#") ==
        List{"10.1002/(sici)1099-0682(199804)1998:4<519::aid-ejic519>3.0.co;2-#"});
  CHECK(dois_in("10.1016/0167-2738(86)90073-X, 10.1016/0025-5408(82)90005-2") ==
        List{"10.1016/0167-2738(86)90073-x", "10.1016/0025-5408(82)90005-2"});
  CHECK(dois_in("J. Solid State Chem. 10.1 (1990) 210.1016/7").empty());
  CHECK(dois_in("").empty());
  CHECK(share_a_doi({"10.1000/a", "10.1000/b"}, {"10.1000/b"}));
  CHECK_FALSE(share_a_doi({"10.1000/a"}, {"10.1000/b"}));
  CHECK_FALSE(share_a_doi({}, {}));
}

TEST_CASE("OBELiX beside the study's and Laskowski's tables", "[data]") {
  const auto folder = test::data() / "data";
  const auto labels = Labels::read_tables({folder / "obelix/labels.csv", folder / "labels/labels-open.csv"},
                                          {"", "", "True Composition", 1e-4, ""});
  // The second has the first's 599 rows, by the same ids, and 634 more.
  CHECK(labels.tables()[0].labels == 599);
  CHECK(labels.tables()[1].known_before == 599);
  CHECK(labels.tables()[1].labels + labels.tables()[1].same_measurement == 634);
  CHECK(labels.all().size() == 599 + labels.tables()[1].labels);
}
