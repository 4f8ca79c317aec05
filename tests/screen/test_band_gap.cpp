#include "ionsift/screen/band_gap.hpp"

#include "ionsift/base/error.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using Catch::Matchers::Contains;
using ionsift::screen::read_gaps;

namespace {

std::filesystem::path write(const std::string& text) {
  const auto path = ionsift::test::scratch("gaps") / "gaps.csv";
  std::ofstream(path) << text;
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

TEST_CASE("the source of a gap is the file where it has no column for it") {
  CHECK(read_gaps(write("id,band_gap\na,1\n")).at("a").source == "gaps.csv");
  CHECK(read_gaps(write("id,band_gap_eV,band_gap_source\na,1,\n")).at("a").source == "gaps.csv");
  CHECK(read_gaps(write("k,v,s\na,1,here\n"), {"k", "v", "s"}).at("a").source == "here");
}

TEST_CASE("gaps that cannot be are refused with the structure's name") {
  CHECK_THROWS_WITH(read_gaps(write("id,gap\nmp-1,wide\n")), Contains("mp-1"));
  CHECK_THROWS_WITH(read_gaps(write("id,gap\nmp-1,-0.1\n")), Contains("mp-1"));
  CHECK_THROWS_WITH(read_gaps(write("id,gap\nmp-1,1\nmp-1,2\n")), Contains("two band gaps"));
  CHECK(read_gaps(write("id,gap\nmp-1,1\nmp-1,1\n")).size() == 1);
  CHECK_THROWS_WITH(read_gaps(write("id,energy\nmp-1,1\n")), Contains("--gap-column"));
}

TEST_CASE("the candidates have 8,258 known gaps from two sources", "[data]") {
  const auto gaps = read_gaps(ionsift::test::data() / "data/candidates/materials-project-li.csv");
  CHECK(gaps.size() == 8258);
  CHECK(std::count_if(gaps.begin(), gaps.end(),
                      [](const auto& gap) { return gap.second.source == "ionnet"; }) == 4579);
  CHECK(gaps.at("mp-1001069").value == 2.2955);
}
