// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/dataset/labels/written_number.hpp"

#include <catch2/catch.hpp>

using namespace ionsift;
using namespace ionsift::dataset;
using Catch::Matchers::Contains;

namespace {

double value(const std::string& text, DecimalMark mark = DecimalMark::unclear) {
  const auto cell = read_number(text, mark);
  INFO(text << ": " << cell.complaint);
  REQUIRE(cell.number);
  return cell.number->value;
}

bool is_refused(const std::string& text, DecimalMark mark = DecimalMark::unclear) {
  return !read_number(text, mark).complaint.empty();
}

std::vector<std::optional<double>> column(const std::string& text) {
  const auto table = CsvTable::parse(text, "t.csv");
  const NumberColumn numbers(table, table.column("x"));
  std::vector<std::optional<double>> values;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const auto cell = numbers.read(row);
    values.push_back(cell.number ? std::optional(cell.number->value) : std::nullopt);
  }
  return values;
}

} // namespace

TEST_CASE("a number keeps its uncertainty, its bound and its unit") {
  const auto digits = read_number("1.25(3)e-4").number;
  REQUIRE(digits);
  CHECK(digits->value == Approx(1.25e-4));
  CHECK(digits->uncertainty == Approx(0.03e-4));
  const auto interval = read_number("(1.2 ± 0.3) × 10⁻⁴ mS/cm").number;
  REQUIRE(interval);
  CHECK(interval->value == Approx(1.2e-4));
  CHECK(interval->uncertainty == Approx(0.3e-4));
  CHECK(interval->unit == "mS/cm");
  CHECK(read_number("≤ 1e-10").number->kind == WrittenNumber::Kind::upper_bound);
  CHECK(read_number(">=1e-3").number->kind == WrittenNumber::Kind::lower_bound);
  CHECK(read_number("≈2e-5").number->approximate);
  CHECK(value("-5.2") == -5.2);
  CHECK(value("−5.2") == -5.2);
  CHECK(value("10^-4") == Approx(1e-4));
  CHECK(value("10") == 10);
  CHECK(value("1.3 E-3") == Approx(1.3e-3));
}

TEST_CASE("decimal commas are distinguished from separators of thousands") {
  CHECK(value("1,3E-3") == Approx(1.3e-3));
  CHECK(value("0,380") == Approx(0.38));
  CHECK(value("1,234.5") == Approx(1234.5));
  CHECK(value("1.234,5") == Approx(1234.5));
  CHECK(value("1.300") == Approx(1.3));
  CHECK(is_refused("1,300"));
  CHECK(value("1,300", DecimalMark::comma) == Approx(1.3));
  CHECK(value("1,300", DecimalMark::point) == Approx(1300));
  CHECK(is_refused("1.300", DecimalMark::comma));
  CHECK(value("1,300,000") == Approx(1.3e6));

  CHECK(column("id;x\na;1,300\nb;2\n") == std::vector<std::optional<double>>{1.3, 2});
  CHECK(column("id;x\na;1.234\nb;2\n") == std::vector<std::optional<double>>{1.234, 2});
  CHECK(column("id;x\na;1.300\nb;2,5\n") == std::vector<std::optional<double>>{std::nullopt, 2.5});
  CHECK(column("id,x\na,\"1,300\"\nb,2.5\n") == std::vector<std::optional<double>>{1300, 2.5});
  CHECK(column("id,x\na,\"1,300\"\nb,2\n") == std::vector<std::optional<double>>{std::nullopt, 2});
}

TEST_CASE("text that is not a number is a complaint, placeholders are unknown values") {
  for (const char* text : {"fast", "1.2.3", "1,2,3", "1e", "x10", "03.01.2021", "3-Jan", "1. Mrz", "Jan 98",
                           "#VALUE!", "(1.2", "2 x 5", "1.2 +- ", "e-3", "1,"}) {
    INFO(text);
    const auto cell = read_number(text);
    CHECK((!cell.complaint.empty() || (cell.number && !cell.number->unit.empty())));
  }
  for (const char* text :
       {"", " ", "-", "--", "–", "?", "N/A", "n/a", "#N/A", "NaN", "None", "unknown", "n.d.", "\xC2\xA0"}) {
    INFO(text);
    CHECK(read_number(text).is_unknown());
  }
}

TEST_CASE("placeholders are not formulas, but elements are") {
  for (const char* text : {"", "-", "?", "0", "NaN", "N/A", "none", "nan", "NA"}) {
    CHECK(is_placeholder_formula(text));
  }
  for (const char* text : {"Na", "Nd", "NaN3", "Li3N"}) {
    CHECK_FALSE(is_placeholder_formula(text));
  }
}

TEST_CASE("one message names all bad cells") {
  BadCells bad;
  bad.require_none("t.csv", "numbers", "Correct them.");
  bad.add(0, "a", "x", "is not a number");
  bad.add(3, "b", "y", "is a date");
  CHECK_THROWS_WITH(bad.require_none("t.csv", "numbers", "Correct them."),
                    Contains("2 cells") && Contains("row 2, structure a: \"x\"") &&
                        Contains("row 5, structure b: \"y\""));
}
