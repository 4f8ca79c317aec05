// SPDX-License-Identifier: BSD-3-Clause
// Workbooks; what a spreadsheet reads in them is compared with the tables in tests/cli/workbook.py.
#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/report/workbook.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using Catch::Matchers::Contains;
using namespace ionsift;
using report::write_workbook;

namespace {

class Tables {
public:
  Tables() {
    std::ofstream out(folder_ / "ranking.csv");
    write_csv_row(out, {"rank", "id", "formula", "P_SI", "comment"});
    write_csv_row(out, {"1", "1e5", "Li6PS5Cl", "0.9312", "one; two, \"three\"\nfour"});
    write_csv_row(out, {"2", "mp-22", "LiN2", "0.5", ""});
    write_csv_row(out, {"", "mp-3", "LiF", "", std::string(40000, 'x')});
  }
  std::filesystem::path ranking() const { return folder_ / "ranking.csv"; }
  std::filesystem::path book() const { return folder_ / "ranking.xlsx"; }

private:
  std::filesystem::path folder_ = test::scratch("workbook");
};

} // namespace

TEST_CASE("the same tables give the same workbook, byte for byte") {
  if (!report::can_write_workbooks()) {
    WARN("built without libxlsxwriter");
    return;
  }
  const Tables tables;
  CHECK(write_workbook(tables.book(), {{"ranking", tables.ranking()}, {"again", tables.ranking()}}) ==
        std::vector<std::uint64_t>{0, 0});
  const auto first = read_file(tables.book());
  CHECK(first.starts_with("PK"));
  std::filesystem::remove(tables.book());
  write_workbook(tables.book(), {{"ranking", tables.ranking()}, {"again", tables.ranking()}});
  CHECK(read_file(tables.book()) == first);
}

TEST_CASE("rows beyond the limit of a sheet are left out and counted") {
  if (!report::can_write_workbooks()) {
    WARN("built without libxlsxwriter");
    return;
  }
  const Tables tables;
  CHECK(write_workbook(tables.book(), {{"ranking", tables.ranking()}}, 3) == std::vector<std::uint64_t>{1});
  CHECK(write_workbook(tables.book(), {{"ranking", tables.ranking()}}, 4) == std::vector<std::uint64_t>{0});
}

TEST_CASE("a workbook that cannot be written leaves nothing, and replaces nothing") {
  const Tables tables;
  std::ofstream(tables.book()) << "of before";
  const auto missing = tables.book().parent_path() / "none.csv";
  CHECK_THROWS_AS(write_workbook(tables.book(), {{"ranking", missing}}), Error);
  CHECK(read_file(tables.book()) == "of before");
  CHECK_FALSE(std::filesystem::exists(tables.book().string() + ".partial"));
  if (!report::can_write_workbooks()) {
    CHECK_THROWS_WITH(write_workbook(tables.book(), {{"ranking", tables.ranking()}}),
                      Contains("built without libxlsxwriter"));
  }
}
