// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include <catch2/catch.hpp>

using ionsift::parallel::owner_of;
using ionsift::parallel::slice_of;

TEST_CASE("slices cover all items in order, of lengths that differ by at most one") {
  const int size = GENERATE(1, 2, 7, 10000);
  for (const std::uint64_t n : {0, 1, 6, 7, 9999, 10000, 10001, 123457}) {
    std::uint64_t next = 0;
    for (int rank = 0; rank < size; ++rank) {
      const auto slice = slice_of(n, rank, size);
      REQUIRE(slice.first == next);
      REQUIRE(slice.size() >= n / static_cast<std::uint64_t>(size));
      REQUIRE(slice.size() <= n / static_cast<std::uint64_t>(size) + 1);
      if (slice.size() > 0) {
        REQUIRE(owner_of(slice.first, n, size) == rank);
        REQUIRE(owner_of(slice.last - 1, n, size) == rank);
      }
      next = slice.last;
    }
    REQUIRE(next == n);
  }
}

TEST_CASE("slices of numbers whose product would overflow") {
  const std::uint64_t n = ~std::uint64_t(0);
  const auto slice = slice_of(n, 9999, 10000);
  CHECK(slice.last == n);
  CHECK(owner_of(n - 1, n, 10000) == 9999);
}

TEST_CASE("slices and owners that do not exist are refused") {
  CHECK_THROWS_AS(slice_of(5, 2, 2), ionsift::Error);
  CHECK_THROWS_AS(slice_of(5, -1, 2), ionsift::Error);
  CHECK_THROWS_AS(slice_of(5, 0, 0), ionsift::Error);
  CHECK_THROWS_AS(owner_of(5, 5, 2), ionsift::Error);
}
