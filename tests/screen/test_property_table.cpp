// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/screen/property_table.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using Catch::Matchers::Contains;
using namespace ionsift::screen;

namespace {

std::unordered_map<std::string, KnownValue> read_gaps(const std::filesystem::path& path,
                                                      const PropertyColumns& columns = {}) {
  return read_property(path, band_gap_property, columns);
}

std::filesystem::path write(const std::string& text) {
  const auto path = ionsift::test::scratch("gaps") / "gaps.csv";
  ionsift::parallel::on_root(ionsift::test::world(), [&] { std::ofstream(path) << text; });
  return path;
}

} // namespace

TEST_CASE("an empty gap is unknown and a gap of zero is a metal") {
  const auto gaps = read_gaps(write("id,band_gap_eV,band_gap_source\na,2.5,pbe\nb,,\nc,0,hse\n,1,pbe\n"));
  CHECK(gaps.size() == 2);
  CHECK(gaps.at("a").value == 2.5);
  CHECK(gaps.at("a").source == "pbe");
  CHECK(gaps.at("c").value == 0);
}

TEST_CASE("the source of a gap is the file, unless it has a column for it") {
  CHECK(read_gaps(write("id,band_gap\na,1\n")).at("a").source == "gaps.csv");
  CHECK(read_gaps(write("id,band_gap_eV,band_gap_source\na,1,\n")).at("a").source == "gaps.csv");
  CHECK(read_gaps(write("k,v,s\na,1,here\n"), {"k", "v", "s"}).at("a").source == "here");
}

TEST_CASE("impossible gaps are refused with the structure's name") {
  CHECK_THROWS_WITH(read_gaps(write("id,gap\nmp-1,wide\n")), Contains("mp-1"));
  CHECK_THROWS_WITH(read_gaps(write("id,gap\nmp-1,-0.1\n")), Contains("mp-1"));
  CHECK_THROWS_WITH(read_gaps(write("id,gap\nmp-1,1\nmp-1,2\n")), Contains("two band gaps"));
  CHECK(read_gaps(write("id,gap\nmp-1,1\nmp-1,1\n")).size() == 1);
  CHECK_THROWS_WITH(read_gaps(write("id,energy\nmp-1,1\n")), Contains("--gap-column"));
}

TEST_CASE("energies above the hull may be negative and are found by their usual names") {
  const auto hull = read_property(write("id,e_above_hull\na,-0.02\nb,0.1\nc,\n"), hull_property, {});
  CHECK(hull.size() == 2);
  CHECK(hull.at("a").value == -0.02);
  CHECK_THROWS_WITH(read_property(write("id,gap\na,1\n"), hull_property, {}), Contains("--hull-column"));
}

TEST_CASE("every rank finds the values of the table, and nothing else") {
  const auto path = ionsift::test::scratch("table") / "gaps.csv";
  if (ionsift::test::world().is_root()) {
    std::ofstream out(path);
    out << "id,gap,band_gap_source\n";
    for (int i = 0; i < 500; ++i) {
      out << "mp-" << i << ',' << 0.01 * i << ',' << (i % 2 == 0 ? "even" : "odd") << '\n';
    }
  }
  const auto table = PropertyTable::read(ionsift::test::world(), path, band_gap_property, {});
  CHECK(table.size() == 500);
  for (int i = 0; i < 500; ++i) {
    const auto known = table.find("mp-" + std::to_string(i));
    REQUIRE(known);
    CHECK(known->value == Approx(0.01 * i));
    CHECK(known->source == (i % 2 == 0 ? "even" : "odd"));
  }
  CHECK_FALSE(table.find("mp-500"));
  CHECK_FALSE(PropertyTable().find("mp-1"));
}

TEST_CASE("the candidates have 8,258 known gaps from two sources", "[data]") {
  const auto gaps = read_gaps(ionsift::test::data() / "data/candidates/materials-project-li.csv");
  CHECK(gaps.size() == 8258);
  CHECK(std::count_if(gaps.begin(), gaps.end(),
                      [](const auto& gap) { return gap.second.source == "ionnet"; }) == 4579);
  CHECK(gaps.at("mp-1001069").value == 2.2955);
}
