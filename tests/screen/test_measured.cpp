// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/chemistry/composition.hpp"
#include "ionsift/screen/measured.hpp"
#include "ionsift/screen/novelty.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

using Catch::Matchers::Contains;
using namespace ionsift::screen;
using ionsift::crystal::Composition;

namespace {

MeasuredCompounds measured() {
  return {{"lgps", {"Li10GeP2S12", 1.2e-2, false, true, "10.1038/nmat3066"}},
          {"lipon", {"Li3PO4", 1e-10, true, false, ""}},
          {"classed", {"Li3N", Candidate::unknown, false, true, ""}},
          {"bare", {"Li2S", Candidate::unknown, false, std::nullopt, ""}}};
}

Candidate row_of(const std::string& formula) {
  Candidate row;
  row.id = "mp-1";
  row.formula = formula;
  row.probability = 0.86;
  row.sd = 0.05;
  row.band_gap = 2.5;
  row.d_training = 0.1;
  row.nearest_composition = "lgps";
  row.next_compositions[0] = {"lipon", 1.0};
  set_element_values(row, Composition::parse(formula), {});
  return row;
}

std::string status(Candidate row, std::string_view filter) {
  if (!filter.empty()) {
    row.dropped_by = filter_named(filter);
  }
  return status_of(row, measured());
}

} // namespace

TEST_CASE("a measurement is described with its bound, its source, or as a class") {
  const auto known = measured();
  CHECK(describe(known.at("lgps")) == "1.2e-02 S/cm (10.1038/nmat3066)");
  CHECK(describe(known.at("lipon")) == "< 1.0e-10 S/cm");
  CHECK(describe(known.at("classed")) == "superionic");
  CHECK(describe(known.at("bare")) == "-");
}

TEST_CASE("every row has a status in plain words") {
  auto row = row_of("Li6PS5Cl");
  CHECK(status(row, "") == "candidate");
  CHECK(status(row, "features") == "not judged: no features that the ensemble needs");
  CHECK(status(row, "probability") == "probability too low: 0.86");
  CHECK(status(row_of("Na3PS4"), "no_lithium") == "no lithium");
  CHECK(status(row_of("Li2Te"), "scarce") == "scarce element: Te");
  CHECK(status(row, "element_count") == "too few elements: 4");
  row.band_gap = 0.2;
  CHECK(status(row, "band_gap") == "band gap too small: 0.20");
  row.band_gap = Candidate::unknown;
  CHECK(status(row, "band_gap_unknown") == "band gap unknown");

  row = row_of("Li10GeP2S12");
  row.known_as = "lgps";
  CHECK(status(row, "novelty") == "measured already: 1.2e-02 S/cm (10.1038/nmat3066)");
  // Also if another filter was first, and without the novelty filter.
  CHECK(status(row, "intermetallic") == "measured already: 1.2e-02 S/cm (10.1038/nmat3066)");
  CHECK(status(row, "") == "candidate: measured already: 1.2e-02 S/cm (10.1038/nmat3066)");
  CHECK(status(row, "features") == "not judged: no features that the ensemble needs");
  row = row_of("Li10Ge0.9Sn0.1P2S12");
  row.known_as = "lgps";
  CHECK(status(row, "novelty") == "composition known: like Li10GeP2S12, 1.2e-02 S/cm (10.1038/nmat3066)");
  row = row_of("Li2S");
  row.known_as = "bare";
  CHECK(status(row, "novelty") == "composition known");
  row.known_as = "of an ensemble of before";
  CHECK(status(row, "novelty") == "composition known: like of an ensemble of before");
}

TEST_CASE("the nearest measured compounds have their conductivities") {
  auto row = row_of("Li6PS5Cl");
  auto texts = nearest_measured(row, measured());
  CHECK(texts[0] == "Li10GeP2S12: 1.2e-02 S/cm (10.1038/nmat3066)");
  CHECK(texts[1] == "Li3PO4: < 1.0e-10 S/cm");
  CHECK(texts[2].empty());
  row.next_compositions[1] = {"gone", 2.0};
  CHECK(nearest_measured(row, measured())[2] == "gone: -");
}

TEST_CASE("a comment has probability, spread, nearest compound, distance and objections") {
  CommentScale scale;
  scale.usual_distance = 0.5;
  auto row = row_of("Li6PS5Cl");
  CHECK(comment_on(row, measured(), scale) ==
        "Likely (P_SI 0.86); members agree (SD 0.05). Resembles Li10GeP2S12: 1.2e-02 S/cm "
        "(10.1038/nmat3066); an interpolation (d_training 0.10; 95 % of the training structures are within "
        "0.50 of another). No active filter speaks against it.");
  row = row_of("Li2TiTeHO3");
  row.probability = 0.1;
  row.sd = 0.3;
  row.d_training = 0.6;
  row.band_gap = Candidate::unknown;
  row.hull = 0.25;
  row.nearest_composition = "lipon";
  const auto text = comment_on(row, measured(), scale);
  CHECK_THAT(text, Contains("Unlikely (P_SI 0.10); members disagree (SD 0.30)"));
  CHECK_THAT(text, Contains("an extrapolation (d_training 0.60"));
  CHECK_THAT(text,
             Contains("Against it: Li3PO4 is a poor conductor; Ti may conduct electrons; it has hydrogen; "
                      "Te is scarce; 0.25 eV/atom above the hull; the band gap is not known."));
  CHECK_THAT(comment_on(row, {}, {}), !Contains("polation") && Contains("Resembles lipon: -."));
}

TEST_CASE("the three nearest compositions are distinct, nearest first") {
  KnownCompositions known;
  known.add("far", Composition::parse("Li2O"));
  known.add("same", Composition::parse("Li3PS4"));
  known.add("same twice", Composition::parse("Li6P2S8"));
  known.add("near", Composition::parse("Li3PSe4"));
  known.add("next", Composition::parse("Li4P2S7"));
  const auto nearest = known.nearest(Composition::parse("Li3PS4"), 3);
  REQUIRE(nearest.size() == 3);
  CHECK(nearest[0].id == "same");
  CHECK(nearest[0].distance == Approx(0).margin(1e-12));
  CHECK(nearest[1].distance <= nearest[2].distance);
  for (const auto& one : nearest) {
    CHECK(one.id != "same twice");
    CHECK(one.id != "far");
  }
  CHECK(known.nearest(Composition::parse("Li3PS4")).id == "same");
  CHECK(known.nearest(Composition::parse("Li3PS4"), 10).size() == 4);
  CHECK(KnownCompositions().nearest(Composition::parse("Li3PS4"), 3).empty());
}
