// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/signal_watch.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <optional>

using namespace ionsift;

namespace {

int heard = 0;

void hear(int) {
  ++heard;
}

} // namespace

TEST_CASE("Signals are recorded, and have no other effect") {
  const SignalWatch watch;
  CHECK_FALSE(watch.ending());
  CHECK(watch.keeping() == 0);
  std::raise(SIGUSR1);
  std::raise(SIGUSR1);
  CHECK(watch.keeping() == 2);
  CHECK_FALSE(watch.ending());
  std::raise(SIGTERM);
  CHECK(watch.ending());
}

TEST_CASE("The first Ctrl-C is a request to stop") {
  const SignalWatch watch;
  CHECK_FALSE(watch.ending()); // signals of an earlier watch are forgotten
  std::raise(SIGINT);
  CHECK(watch.ending());
}

TEST_CASE("Nested watches share their signals; the outermost restores the handlers") {
  const auto before = std::signal(SIGUSR1, hear);
  {
    std::optional<SignalWatch> outer(std::in_place);
    std::raise(SIGUSR1);
    {
      const SignalWatch inner;
      CHECK(inner.keeping() == 1);
      std::raise(SIGTERM);
    }
    CHECK(outer->ending());
    std::raise(SIGUSR1);
    CHECK(outer->keeping() == 2);
    CHECK(heard == 0);
  }
  std::raise(SIGUSR1);
  CHECK(heard == 1);
  std::signal(SIGUSR1, before);
}
