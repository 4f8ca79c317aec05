// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/screen/novelty.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using ionsift::crystal::Composition;
using ionsift::screen::KnownCompositions;

namespace {

KnownCompositions known(const std::vector<std::string>& formulas, double tolerance = 0.05) {
  KnownCompositions result(tolerance);
  for (const auto& formula : formulas) {
    result.add(formula, Composition::parse(formula));
  }
  return result;
}

} // namespace

TEST_CASE("a composition within 0.05 in every fraction is known, inclusive") {
  const auto training = known({"Li400O600"});
  CHECK(training.match(Composition::parse("Li2O3")) == "Li400O600");
  CHECK(training.match(Composition::parse("Li450O550")) == "Li400O600");
  CHECK(training.match(Composition::parse("Li350O650")) == "Li400O600");
  CHECK_FALSE(training.match(Composition::parse("Li451O549")));
  CHECK_FALSE(training.match(Composition::parse("Li349O651")));
}

TEST_CASE("fractions are compared to three decimals") {
  const auto training = known({"Li400O600"});
  CHECK(training.match(Composition::parse("Li4504O5496")));       // 0.4504 counts as 0.450
  CHECK_FALSE(training.match(Composition::parse("Li4506O5494"))); // 0.4506 counts as 0.451
}

TEST_CASE("the elements must be the same") {
  const auto training = known({"Li6PS5Cl"});
  CHECK(training.match(Composition::parse("Li24P4S20Cl4")) == "Li6PS5Cl");
  CHECK_FALSE(training.match(Composition::parse("Li6PS5Br")));
  CHECK_FALSE(training.match(Composition::parse("Li6PS6")));
  CHECK_FALSE(training.match(Composition::parse("Li600P100S500Cl99Br1")));
  CHECK_FALSE(known({}).match(Composition::parse("Li2O")));
}

TEST_CASE("partial occupancies count by their amounts") {
  const auto training = known({"Li6.5La3Zr1.5Ta0.5O12"});
  CHECK(training.match(Composition::parse("Li6.7La3Zr1.7Ta0.3O12")));
  CHECK_FALSE(training.match(Composition::parse("Li4La3Zr1.5Ta0.5O12")));
}

TEST_CASE("the closest entry is named, the first of equally close ones") {
  const auto training = known({"Li40O60", "Li42O58", "Li44O56", "Li46O54"});
  CHECK(training.match(Composition::parse("Li45O55")) == "Li44O56");
  CHECK(training.match(Composition::parse("Li41O59")) == "Li40O60");
  CHECK(training.match(Composition::parse("Li42O58")) == "Li42O58");
}

TEST_CASE("the tolerance is an option") {
  CHECK(known({"Li400O600"}, 0.1).match(Composition::parse("Li500O500")));
  CHECK_FALSE(known({"Li400O600"}, 0.1).match(Composition::parse("Li501O499")));
  CHECK(known({"Li400O600"}, 0).match(Composition::parse("Li2O3")));
  CHECK_FALSE(known({"Li400O600"}, 0).match(Composition::parse("Li401O599")));
}

TEST_CASE("the nearest composition is that of the smallest element-mover distance, the first of equals") {
  const auto training = known({"Li6PS5Cl", "LiCoO2", "Li12P2S10Cl2"});
  const auto same = training.nearest(Composition::parse("Li6PS5Cl"));
  CHECK(same.id == "Li6PS5Cl");
  CHECK(same.distance == Approx(0).margin(1e-12));
  const auto near = training.nearest(Composition::parse("Li6PS5Br"));
  CHECK(near.id == "Li6PS5Cl");
  CHECK(near.distance > 0);
  CHECK(std::isnan(known({}).nearest(Composition::parse("Li2O")).distance));
}
