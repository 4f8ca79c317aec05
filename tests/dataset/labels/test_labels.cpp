// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/dataset/labels/labels.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using Catch::Matchers::Contains;
using ionsift::Error;
using ionsift::ErrorCode;
using ionsift::dataset::Labels;

namespace {

std::filesystem::path write(const std::string& text) {
  const auto path = ionsift::test::scratch("labels") / "labels.csv";
  std::ofstream(path) << text;
  return path;
}

Labels read(const std::string& text, const ionsift::dataset::LabelOptions& options = {}) {
  return Labels::read(write(text), options);
}

ErrorCode code_of(const std::string& text, const ionsift::dataset::LabelOptions& options = {}) {
  try {
    read(text, options);
  } catch (const Error& error) {
    return error.code();
  }
  FAIL("no error for: " << text);
  return ErrorCode::internal;
}

} // namespace

TEST_CASE("a compound is superionic strictly above the threshold") {
  const auto labels = read("ID,Ionic conductivity (S cm-1)\na,1e-4\nb,1.0001e-4\nc,0\nd, 1.0e-3 \n");
  REQUIRE(labels.all().size() == 4);
  CHECK(labels.find("a")->positive == 0);
  CHECK(labels.find("b")->positive == 1);
  CHECK(labels.find("c")->positive == 0);
  CHECK(labels.find("d")->positive == 1);
  CHECK(labels.find("d")->conductivity == 1e-3);
  CHECK(labels.find("e") == nullptr);

  const auto stricter = read("ID,Ionic conductivity (S cm-1)\nd,1e-3\n", {{}, {}, {}, 1e-2, {}});
  CHECK(stricter.find("d")->positive == 0);
}

TEST_CASE("an upper bound is class 0 and marked as a bound") {
  const auto labels = read("id,conductivity S/cm\na,<1E-10\nb, < 1e-8\nc,1e-10\n");
  CHECK(labels.find("a")->upper_bound);
  CHECK(labels.find("a")->positive == 0);
  CHECK(labels.find("a")->conductivity == 1e-10);
  CHECK(labels.find("b")->upper_bound);
  CHECK_FALSE(labels.find("c")->upper_bound);
  CHECK(code_of("id,conductivity S/cm\na,<1e-3\n") == ErrorCode::data);
}

TEST_CASE("rows without an id or a value are skipped and counted") {
  const auto labels = read("id,conductivity S/cm\na,\n,1e-3\nb,1e-3\nc,  \n");
  CHECK(labels.all().size() == 1);
  CHECK(labels.skipped() == 3);
}

TEST_CASE("repeated ids are accepted if their classes agree") {
  const auto labels = read("id,conductivity S/cm\na,1e-3\nb,1e-9\na,2e-3\n");
  CHECK(labels.all().size() == 2);
  CHECK(labels.repeated() == 1);
  CHECK(labels.find("a")->conductivity == 1e-3);
  CHECK_THROWS_WITH(read("id,conductivity S/cm\na,1e-3\na,1e-5\n"),
                    Contains("structure a") && Contains("two classes"));
}

TEST_CASE("values that are not conductivities are refused with the structure's name") {
  for (const char* value : {"fast", ">1e-5", "-4.2", "1e-3;2", "1e-3 - 2e-3", "1e-3 V", "03.01.2021",
                            "Mrz 98", "#DIV/0!", "1e12"}) {
    CHECK(code_of("id,conductivity S/cm\nquartz," + std::string(value) + "\n") == ErrorCode::data);
    CHECK_THROWS_WITH(read("id,conductivity S/cm\nquartz," + std::string(value) + "\n"), Contains("quartz"));
  }
}

TEST_CASE("one message names all cells that cannot be used") {
  CHECK_THROWS_WITH(read("id,conductivity S/cm\na,fast\nb,1e-3\nc,-4\nb,1e-9\nd,<1\n"),
                    Contains("4 cells") && Contains("row 2, structure a") && Contains("row 4, structure c") &&
                        Contains("row 5, structure b") && Contains("two classes") &&
                        Contains("row 6, structure d"));
}

TEST_CASE("numbers are read as people write them") {
  const auto value = [](const std::string& cell) {
    const auto labels = read("id\tconductivity S/cm\na\t" + cell + "\n");
    REQUIRE(labels.all().size() == 1);
    return labels.all().front().conductivity;
  };
  for (const char* cell :
       {"1.2e-4", "1,2e-4", "~1.2e-4", "1.2(3)e-4", "1.2 \xC2\xB1 0.3e-4", "(1.2 +/- 0.3) x 10^-4",
        "1.2e\xE2\x88\x92"
        "4",
        "1.2\xC3\x97"
        "10\xE2\x81\xBB\xE2\x81\xB4",
        "1.2*10-4", "'1.2E-4", "1.2e-4 S/cm", "ca. 1.2E-04",
        "\xC2\xA0"
        "1.2e-4",
        "1.2 \xC2\xB7 10^-4 S cm-1", "+1.2d-4"}) {
    INFO(cell);
    CHECK(value(cell) == Approx(1.2e-4));
  }
  CHECK(value("10^-4") == Approx(1e-4));
  CHECK(value(">1e-3") == Approx(1e-3));
  CHECK(read("id,conductivity S/cm\na,>1e-3\n").find("a")->positive == 1);
}

TEST_CASE("values that mean unknown are skipped, counted and reported") {
  for (const char* cell : {"nan", "N/A", "-", "?", "\xE2\x80\x93", "n.d.", "none", "#N/A", " "}) {
    const auto labels = read("id,conductivity S/cm\na," + std::string(cell) + "\nb,1e-3\n");
    CHECK(labels.all().size() == 1);
    CHECK(labels.skipped() == 1);
    REQUIRE(labels.remarks().size() == 1);
    CHECK_THAT(labels.remarks().front().text, Contains("1 rows are skipped"));
  }
}

TEST_CASE("conductivities in other units are converted with a remark") {
  const auto one = [](const std::string& heading, const std::string& cell) {
    const auto labels = read("id,\"" + heading + "\"\na,\"" + cell + "\"\n");
    REQUIRE_FALSE(labels.remarks().empty());
    CHECK_THAT(labels.remarks().front().text, Contains("so S/cm is"));
    return labels.find("a")->conductivity;
  };
  CHECK(one("conductivity (mS/cm)", "2") == Approx(2e-3));
  CHECK(one("conductivity (\xC2\xB5S/cm)", "2") == Approx(2e-6));
  CHECK(one("conductivity (\xCE\xBCS/cm)", "2") == Approx(2e-6));
  CHECK(one("conductivity (10^-3 S/cm)", "2") == Approx(2e-3));
  CHECK(one("conductivity (S/m)", "2") == Approx(2e-2));
  CHECK(one("log10 conductivity (S/cm)", "-2") == Approx(1e-2));
  CHECK(one("-log10(sigma / S cm-1)", "2") == Approx(1e-2));

  // By option, for a column that is found or named.
  const ionsift::dataset::LabelOptions in_mS = {{}, "sigma", {}, 1e-4, "mS/cm"};
  CHECK(read("id,sigma\na,2\n", in_mS).find("a")->conductivity == Approx(2e-3));
  const ionsift::dataset::LabelOptions named = {{}, "sigma (mS/cm)", {}, 1e-4, {}};
  CHECK(read("id,sigma (mS/cm)\na,2\n", named).find("a")->conductivity == Approx(2e-3));
  const ionsift::dataset::LabelOptions other = {{}, {}, {}, 1e-4, "S/cm"};
  const auto overridden = read("id,sigma (mS/cm)\na,2e-3\n", other);
  CHECK(overridden.find("a")->conductivity == Approx(2e-3));
  REQUIRE_FALSE(overridden.remarks().empty());
  CHECK(overridden.remarks().front().is_warning);
  CHECK_THAT(overridden.remarks().front().text, Contains("comes before mS/cm"));
  CHECK(code_of("id,sigma\na,2\n", {{}, {}, {}, 1e-4, "parsec"}) == ErrorCode::usage);

  // From the cells, if the heading has no unit; not if it has a different one.
  CHECK(read("id,sigma\na,2 mS/cm\nb,3 uS/cm\n").find("b")->conductivity == Approx(3e-6));
  CHECK(code_of("id,sigma\na,2 mS/cm\nb,3\n") == ErrorCode::data);
  CHECK(code_of("id,sigma (S/cm)\na,2 mS/cm\n") == ErrorCode::data);
}

TEST_CASE("values that are implausible at room temperature give a warning") {
  const auto warning = [](const std::string& text) {
    std::string warnings;
    const auto labels = read(text);
    for (const auto& remark : labels.remarks()) {
      warnings += remark.is_warning ? remark.text + "\n" : "";
    }
    return warnings;
  };
  CHECK_THAT(warning("id,conductivity (S/cm)\na,120\nb,1e-5\n"), Contains("a (120 S/cm)"));
  CHECK_THAT(warning("id,conductivity (S/cm) at 300 C\na,1e-3\n"), Contains("573.15 K"));
  CHECK_THAT(warning("id,conductivity (S/cm)\na,0\n"), Contains("are 0"));
  CHECK_THAT(warning("id,conductivity (S/cm)\na,1e-5\na,1e-6\n"), Contains("repeat an id"));
  CHECK(warning("id,conductivity (S/cm) at 25 C\na,1e-5\n").empty());
}

TEST_CASE("columns are found by name") {
  CHECK(read("structure_id,conductivity_S_per_cm\na,1\n").find("a") != nullptr);
  CHECK(read("icsd,obelix_id,conductivity [S/cm]\n1,a,1\n").find("a") != nullptr);
  CHECK(read("ID,name_id,Ionic Conductivity (S cm-1)\na,b,1\n").find("a") != nullptr);
  CHECK(read("k,v (S/cm)\na,1\n", {"k", "v (S/cm)", {}, 1e-4, {}}).find("a") != nullptr);
  CHECK(read("Sample,conductivity S/cm\na,1\n").find("a") != nullptr);
  CHECK(read("id,sigma(RT)(S cm-1)\na,1\n").find("a") != nullptr);
  CHECK(read("id,conductivity_doi,conductivity_siemens_per_cm\na,x,1\n").find("a") != nullptr);
  CHECK(read("id,log10 conductivity (S/cm),conductivity (S/cm)\na,-3,1e-3\n").find("a") != nullptr);

  CHECK(code_of("k,v\na,1\n", {"k", "v", {}, 1e-4, {}}) == ErrorCode::missing);
  CHECK(code_of("one_id,two_id,conductivity S/cm\na,b,1\n") == ErrorCode::missing);
  CHECK(code_of("id,sigma\na,1\n") == ErrorCode::missing);
  CHECK(code_of("id,bulk conductivity S/cm,total conductivity S/cm\na,1,1\n") == ErrorCode::missing);
  CHECK_THROWS_WITH(read("id,sigma x 10^3 (S/cm)\na,1\n"), Contains("power of ten"));
  CHECK_THROWS_WITH(read("id,conductivity S/cm\na,1\n", {{}, "conductivty S/cm", {}, 1e-4, {}}),
                    Contains("conductivity S/cm"));
}

TEST_CASE("OBELiX: 599 conductivities, 37 of them upper bounds", "[data]") {
  const auto labels = Labels::read(ionsift::test::data() / "data/obelix/labels.csv");
  CHECK(labels.all().size() == 599);
  CHECK(labels.skipped() == 0);
  CHECK(std::count_if(labels.all().begin(), labels.all().end(),
                      [](const auto& label) { return label.upper_bound; }) == 37);
  REQUIRE(labels.find("jqc") != nullptr);
  CHECK(labels.find("jqc")->conductivity == 1.58489e-06);
}
