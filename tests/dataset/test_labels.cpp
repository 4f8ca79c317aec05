#include "ionsift/base/error.hpp"
#include "ionsift/dataset/labels.hpp"

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

  const auto stricter = read("ID,Ionic conductivity (S cm-1)\nd,1e-3\n", {{}, {}, {}, 1e-2});
  CHECK(stricter.find("d")->positive == 0);
}

TEST_CASE("an upper bound is class 0 and known as a bound") {
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

TEST_CASE("repeated ids are fine as long as their classes agree") {
  const auto labels = read("id,conductivity S/cm\na,1e-3\nb,1e-9\na,2e-3\n");
  CHECK(labels.all().size() == 2);
  CHECK(labels.repeated() == 1);
  CHECK(labels.find("a")->conductivity == 1e-3);
  CHECK_THROWS_WITH(read("id,conductivity S/cm\na,1e-3\na,1e-5\n"),
                    Contains("structure a") && Contains("two classes"));
}

TEST_CASE("values that are no conductivities are refused with the structure's name") {
  for (const char* value : {"fast", "1e-3 S/cm", "nan", ">1e-3", "-4.2", "1e-3;2"}) {
    CHECK(code_of("id,conductivity S/cm\nquartz," + std::string(value) + "\n") == ErrorCode::data);
    CHECK_THROWS_WITH(read("id,conductivity S/cm\nquartz," + std::string(value) + "\n"), Contains("quartz"));
  }
}

TEST_CASE("columns are found by name") {
  CHECK(read("structure_id,conductivity_S_per_cm\na,1\n").find("a") != nullptr);
  CHECK(read("icsd,obelix_id,conductivity [S/cm]\n1,a,1\n").find("a") != nullptr);
  CHECK(read("ID,name_id,Ionic Conductivity (S cm-1)\na,b,1\n").find("a") != nullptr);
  CHECK(read("k,v\na,1\n", {"k", "v", {}, 1e-4}).find("a") != nullptr);

  CHECK(code_of("name,conductivity S/cm\na,1\n") == ErrorCode::missing);
  CHECK(code_of("one_id,two_id,conductivity S/cm\na,b,1\n") == ErrorCode::missing);
  CHECK(code_of("id,sigma\na,1\n") == ErrorCode::missing);
  CHECK(code_of("id,bulk conductivity S/cm,total conductivity S/cm\na,1,1\n") == ErrorCode::missing);
  CHECK_THROWS_WITH(read("id,conductivity (mS/cm)\na,1\n"), Contains("Convert the values to S/cm"));
  CHECK_THROWS_WITH(read("id,conductivity S/cm\na,1\n", {{}, "conductivty S/cm", {}, 1e-4}),
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
