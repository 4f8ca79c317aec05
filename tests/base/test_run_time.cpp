// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/run_record.hpp"
#include "ionsift/base/run_time.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <functional>

using namespace ionsift;

namespace {

/// The exit status of the child, or that a signal ended it.
int status_of_child(const std::function<void()>& body) {
  const auto child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    body();
    _exit(0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  return WEXITSTATUS(status);
}

void work_for_ever() {
  while (true) {
    usleep(1000);
  }
}

} // namespace

TEST_CASE("without a limit the time left is infinite") {
  CHECK(std::isinf(seconds_left()));
  CHECK(std::isinf(seconds_given()));
}

TEST_CASE("limits that are not positive, finite times are refused") {
  for (const double seconds : {0.0, -1.0, std::nan(""), 1e300}) {
    CHECK_THROWS_AS(limit_run_time(seconds), Error);
  }
}

TEST_CASE("work that exceeds the limit is ended, and its last words are complete") {
  const auto file = test::scratch("words") / "folder" / "run.json";
  const auto status = status_of_child([&] {
    limit_run_time(0.2);
    set_last_words({"", file, "the end"});
    work_for_ever();
  });
  CHECK(status == interrupted_status);
  CHECK(read_file(file) == "the end\n");
}

TEST_CASE("a run that has recorded its own end does not write its last words") {
  const auto file = test::scratch("own") / "run.json";
  const auto status = status_of_child([&] {
    limit_run_time(0.2);
    set_last_words({"", file, "the end"});
    forget_last_words();
    work_for_ever();
  });
  CHECK(status == interrupted_status);
  CHECK_FALSE(std::filesystem::exists(file));
}

TEST_CASE("the time that is left decreases") {
  const auto status = status_of_child([] {
    limit_run_time(1000);
    const double before = seconds_left();
    usleep(20'000);
    _exit(seconds_given() == 1000 && before <= 1000 && seconds_left() < before && seconds_left() > 900 ? 5
                                                                                                       : 6);
  });
  CHECK(status == 5);
}
