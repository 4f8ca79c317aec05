// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/time_budget.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <thread>

using namespace ionsift;

TEST_CASE("a budget that is used up is an error of code limit with a remedy") {
  const TimeBudget spent(1e-9);
  try {
    for (int i = 0; i < 1'000'000; ++i) {
      spent.check();
    }
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::limit);
    CHECK(error.problem().find("1e-09 seconds") != std::string::npos);
    CHECK(error.suggestion().find("Raise") != std::string::npos);
  }
}

TEST_CASE("without a limit, or within it, no error is thrown") {
  const TimeBudget none, long_enough(1000);
  for (int i = 0; i < 100; ++i) {
    CHECK_NOTHROW(none.check());
    CHECK_NOTHROW(long_enough.check());
  }
  CHECK_NOTHROW(none.check_now());
}

TEST_CASE("time in which the thread does not run does not count") {
  const TimeBudget budget(0.2);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  CHECK_NOTHROW(budget.check_now());
}

TEST_CASE("a budget of no time is refused") {
  CHECK_THROWS_AS(TimeBudget(0), Error);
  CHECK_THROWS_AS(TimeBudget(-1), Error);
}
