// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/screen/reductions.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

using namespace ionsift;
using namespace ionsift::screen;

namespace {

/// A made-up row; many have the same probability.
Candidate row_at(std::uint64_t i) {
  Candidate row;
  row.index = i;
  row.id = fmt::format("c{}", (i * 7919) % 1000);
  row.ordered = i % 3 != 0;
  row.probability = i % 17 == 0 ? Candidate::unknown : static_cast<double>((i * 31) % 97) / 96.0;
  row.d_training = 0.01 * static_cast<double>(i);
  row.known_gap = i % 2 == 0 ? 2.0 : Candidate::unknown;
  row.predicted_gap = i % 5 == 0 ? 2.0 + (i % 10 == 0 ? 0.3 : -0.1) : Candidate::unknown;
  row.band_gap = i % 2 == 0 ? row.known_gap : row.predicted_gap;
  if (std::isnan(row.probability)) {
    row.dropped_by = filter_named("features");
  }
  return row;
}

bool is_mine(std::uint64_t i) {
  const auto& comm = test::world();
  return (i * i) % static_cast<std::uint64_t>(comm.size()) == static_cast<std::uint64_t>(comm.rank());
}

} // namespace

TEST_CASE("histograms count every value once, and quantiles are accurate to half a bin") {
  Histogram histogram(0, 1, 100);
  for (int i = 0; i <= 1000; ++i) {
    histogram.add(i / 1000.0);
  }
  histogram.add(-0.1);
  histogram.add(1.5);
  histogram.add(Candidate::unknown);
  CHECK(histogram.known() == 1003);
  CHECK(histogram.below() == 1);
  CHECK(histogram.above() == 1);
  CHECK(histogram.unknown() == 1);
  CHECK(histogram.count(99) == 11); // 0.990 .. 1.000
  for (const double share : {0.05, 0.25, 0.5, 0.9}) {
    CHECK(std::abs(histogram.quantile(share) - share) <= 0.0051 + 0.001);
  }
  CHECK(histogram.quantile(1) == 1);
  const auto coarse = histogram.coarser(10);
  CHECK(coarse.known() == histogram.known());
  CHECK(coarse.count(9) == 101);
  CHECK(std::isnan(Histogram(0, 1, 10).quantile(0.5)));
  CHECK_THROWS(histogram.coarser(7));
}

TEST_CASE("any number of ranks gives the same sums and the same best rows in the same order") {
  const auto& comm = test::world();
  for (const std::uint64_t most : {1U, 10U, 100U, 5000U}) {
    Reductions together, alone;
    TopRows top(most), all(most);
    for (std::uint64_t i = 0; i < 3000; ++i) {
      const auto row = row_at(i);
      alone.add(row);
      if (!row.dropped_by) {
        all.add({row.probability, row.id, i});
      }
      if (is_mine(i)) {
        together.add(row);
        if (!row.dropped_by) {
          top.add({row.probability, row.id, i});
        }
      }
    }
    together.sum(comm);
    // i * i does not reach every rank, and reaches each row once.
    CHECK(together.funnel.structures == alone.funnel.structures);
    CHECK(together.funnel.dropped == alone.funnel.dropped);
    CHECK(together.funnel.kept == alone.funnel.kept);
    CHECK(together.gap_errors.mean_absolute() == alone.gap_errors.mean_absolute());
    CHECK(together.gap_errors.bias() == alone.gap_errors.bias());
    CHECK(together.gap_errors.count() == 300);
    CHECK(together.gap_errors.bias() == Approx(0.3));
    for (std::size_t bin = 0; bin < alone.ordered.bins(); ++bin) {
      REQUIRE(together.ordered.count(bin) == alone.ordered.count(bin));
      REQUIRE(together.d_training.count(bin) == alone.d_training.count(bin));
    }
    CHECK(together.d_training.above() == 999);
    const auto best = top.merge(comm);
    if (!comm.is_root()) {
      CHECK(best.empty());
      continue;
    }
    const auto expected = all.merge(parallel::Communicator::local());
    REQUIRE(best.size() == std::min<std::uint64_t>(most, alone.funnel.kept));
    REQUIRE(best.size() == expected.size());
    CHECK(std::is_sorted(best.begin(), best.end()));
    for (std::size_t i = 0; i < best.size(); ++i) {
      CHECK(best[i].index == expected[i].index);
      CHECK(best[i].id == expected[i].id);
    }
  }
}

TEST_CASE("rows are ordered by probability, then by id, then by position") {
  const Rank first{0.9, "b", 5}, second{0.8, "a", 1}, third{0.8, "b", 0}, fourth{0.8, "b", 2};
  CHECK(first < second);
  CHECK(second < third);
  CHECK(third < fourth);
  CHECK_FALSE(fourth < third);
}
