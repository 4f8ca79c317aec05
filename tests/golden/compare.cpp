// SPDX-License-Identifier: BSD-3-Clause
// compare TABLE EXPECTED TOLERANCE: two CSV tables, cell by cell; numbers may differ by TOLERANCE. Rows are
// matched by the column "id" if there is one, and "rank" is not compared, since near ties may change places.
#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iostream>

namespace {

bool same(const std::string& a, const std::string& b, double tolerance) {
  const auto x = ionsift::parse_number(a);
  const auto y = ionsift::parse_number(b);
  return x && y ? std::abs(*x - *y) <= tolerance : a == b;
}

/// The row of `table` that belongs to a row of `expected`; beyond the last if there is none.
std::size_t match(const ionsift::CsvTable& table, const ionsift::CsvTable& expected, std::size_t row) {
  if (!expected.has("id")) {
    return row;
  }
  const auto column = expected.column("id");
  std::size_t found = 0;
  while (found < table.size() && table.cell(found, column) != expected.cell(row, column)) {
    ++found;
  }
  return found;
}

int count_differences(const ionsift::CsvTable& table, const ionsift::CsvTable& expected, double tolerance) {
  if (table.header() != expected.header() || table.size() != expected.size()) {
    std::cerr << "columns or number of rows differ: " << table.size() << " and " << expected.size()
              << " rows\n";
    return 1;
  }
  int differences = 0;
  for (std::size_t row = 0; row < expected.size(); ++row) {
    const auto found = match(table, expected, row);
    if (found == table.size()) {
      std::cerr << "row " << row + 1 << " is missing\n";
      ++differences;
      continue;
    }
    for (std::size_t column = 0; column < table.header().size(); ++column) {
      const auto& name = table.header()[column];
      if (name != "rank" && !same(table.cell(found, column), expected.cell(row, column), tolerance)) {
        std::cerr << "row " << row + 1 << ", " << name << ": " << table.cell(found, column) << " instead of "
                  << expected.cell(row, column) << '\n';
        ++differences;
      }
    }
  }
  return differences;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: compare TABLE EXPECTED TOLERANCE\n";
    return 2;
  }
  try {
    if (std::getenv("IONSIFT_UPDATE_GOLDEN") != nullptr) {
      std::filesystem::copy_file(argv[1], argv[2], std::filesystem::copy_options::overwrite_existing);
    }
    const auto tolerance = ionsift::parse_number(argv[3]).value();
    return count_differences(ionsift::CsvTable::read(argv[1]), ionsift::CsvTable::read(argv[2]), tolerance) >
           0;
  } catch (const ionsift::Error& error) {
    std::cerr << error.what() << '\n';
    return 2;
  }
}
