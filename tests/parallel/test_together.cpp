// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/parallel/together.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <optional>
#include <stdexcept>

using ionsift::Error;
using ionsift::ErrorCode;
using ionsift::parallel::on_root;
using ionsift::parallel::together;
using ionsift::test::world;

namespace {

Error broken(int rank) {
  return {ErrorCode::format, "part " + std::to_string(rank) + " is broken", "it fell", "Glue it."};
}

/// The error that together() throws here when the ranks in `failing` throw, or nothing.
std::optional<Error> outcome(const std::vector<int>& failing) {
  try {
    together(world(), [&] {
      if (std::find(failing.begin(), failing.end(), world().rank()) != failing.end()) {
        throw broken(world().rank());
      }
    });
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

} // namespace

TEST_CASE("together only runs the section when no rank fails") {
  int calls = 0;
  together(world(), [&] { ++calls; });
  CHECK(calls == 1);
  CHECK_FALSE(outcome({}).has_value());
}

TEST_CASE("a failure of one rank is thrown on all ranks") {
  for (int failing = 0; failing < world().size(); ++failing) {
    const auto error = outcome({failing});
    REQUIRE(error.has_value());
    CHECK(error->code() == ErrorCode::format);
    CHECK(error->why() == "it fell");
    CHECK(error->suggestion() == "Glue it.");
    const std::string part = "part " + std::to_string(failing) + " is broken";
    CHECK(error->problem() ==
          (world().rank() == failing ? part : "on rank " + std::to_string(failing) + ": " + part));
  }
  world().barrier();
}

TEST_CASE("of several failures each rank throws its own, and the others the one of the lowest rank") {
  const int last = world().size() - 1;
  const auto error = outcome({last / 2, last});
  REQUIRE(error.has_value());
  const bool own = world().rank() == last || world().rank() == last / 2;
  const int heard = own ? world().rank() : last / 2;
  CHECK_THAT(error->problem(), Catch::EndsWith("part " + std::to_string(heard) + " is broken"));
  CHECK((error->problem().rfind("on rank", 0) == 0) == !own);
}

TEST_CASE("other exceptions keep their type on the rank that threw them") {
  const auto section = [] {
    if (world().is_root()) {
      throw std::out_of_range("beyond the end");
    }
  };
  if (world().is_root()) {
    CHECK_THROWS_AS(together(world(), section), std::out_of_range);
  } else {
    CHECK_THROWS_WITH(together(world(), section), Catch::StartsWith("on rank 0: beyond the end"));
  }
  const auto odd = [] { throw 7; };
  CHECK_THROWS_AS(together(world(), odd), int);
}

TEST_CASE("on_root runs on rank 0 alone and fails everywhere") {
  int calls = 0;
  on_root(world(), [&] { ++calls; });
  CHECK(calls == (world().is_root() ? 1 : 0));
  CHECK_THROWS_AS(on_root(world(), [] { throw broken(0); }), Error);
  world().barrier();
}
