// SPDX-License-Identifier: BSD-3-Clause
// main() of every test program: Catch2 inside an MPI environment.
#define CATCH_CONFIG_RUNNER
// mpirun ends the peers of a failed rank with SIGTERM; Catch would report each of them as failed itself.
#define CATCH_CONFIG_NO_POSIX_SIGNALS
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/parallel/environment.hpp"
#include "ionsift/parallel/together.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <optional>
#include <stdexcept>

namespace {

constexpr int skipped = 77; // ctest shows this status as "skipped"

const ionsift::parallel::Communicator* the_world = nullptr;
std::optional<std::filesystem::path> the_scratch;

bool failed_among_ranks = false;
bool session_ran = false; // and did not just list its test cases
std::uint64_t cases_run = 0;

/// A failed assertion on one rank would leave the others waiting in a collective. Leaving the session here
/// (Catch itself catches what a listener throws) lets main end the run for all.
template <class Base>
struct StopAtFailure : Base {
  using Base::Base;
  bool failed = false;

  void note(const Catch::AssertionStats& stats) { failed = failed || !stats.assertionResult.isOk(); }
  static void count(const Catch::TestRunStats& stats) {
    session_ran = true;
    cases_run = static_cast<std::uint64_t>(stats.totals.testCases.total());
  }
  void stop(const std::string& test_case) {
    if (failed && the_world->size() > 1) {
      failed_among_ranks = true;
      throw std::runtime_error("test case \"" + test_case + "\" failed");
    }
  }
};

#ifdef IONSIFT_CATCH2_3
struct Listener : StopAtFailure<Catch::EventListenerBase> {
  using StopAtFailure::StopAtFailure;
  void assertionEnded(const Catch::AssertionStats& stats) override { note(stats); }
  void testCaseEnded(const Catch::TestCaseStats& stats) override { stop(stats.testInfo->name); }
  void testRunEnded(const Catch::TestRunStats& stats) override { count(stats); }
};
#else
struct Listener : StopAtFailure<Catch::TestEventListenerBase> {
  using StopAtFailure::StopAtFailure;
  bool assertionEnded(const Catch::AssertionStats& stats) override {
    note(stats);
    return true;
  }
  void testCaseEnded(const Catch::TestCaseStats& stats) override { stop(stats.testInfo.name); }
  void testRunEnded(const Catch::TestRunStats& stats) override { count(stats); }
};
#endif
CATCH_REGISTER_LISTENER(Listener)

bool take_flag(int& argc, char** argv, const std::string& flag) {
  for (int i = 1; i < argc; ++i) {
    if (argv[i] == flag) {
      std::copy(argv + i + 1, argv + argc, argv + i);
      --argc;
      return true;
    }
  }
  return false;
}

} // namespace

namespace ionsift::test {

const parallel::Communicator& world() {
  return *the_world;
}

std::filesystem::path data() {
  return find_data().value();
}

std::filesystem::path scratch(const std::string& name) {
  world().barrier(); // a slower rank may still be reading files of an earlier call with this name
  std::string folder;
  parallel::on_root(world(), [&] {
    if (!the_scratch) {
      std::string pattern = (std::filesystem::temp_directory_path() / "ionsift-test-XXXXXX").string();
      if (mkdtemp(pattern.data()) == nullptr) {
        throw std::runtime_error("cannot make a scratch folder");
      }
      the_scratch = pattern;
    }
    folder = *the_scratch / name;
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
  });
  return world().broadcast(folder);
}

} // namespace ionsift::test

int main(int argc, char** argv) {
  const bool needs_data = take_flag(argc, argv, "--needs-data");
  return ionsift::parallel::run_guarded(argc, argv, [&](const ionsift::parallel::Communicator& comm) {
    the_world = &comm;
    ionsift::log::configure(ionsift::log::Level::warning, comm.rank(), comm.size());
    if (needs_data && !ionsift::find_data()) {
      const char* ci = std::getenv("CI");
      const bool must = ci != nullptr && std::string(ci) == "true";
      std::cerr << "no real data (neither $IONSIFT_DATA nor ../shared exists): "
                << (must ? "CI=true needs them\n" : "skipped\n");
      return must ? 1 : skipped;
    }
    const int failed = Catch::Session().run(argc, argv);
    if (failed_among_ranks) {
      throw std::runtime_error("tests failed; the run ends for all ranks");
    }
    if (session_ran && cases_run == 0) {
      std::cerr << "no test case is of this name or tag\n";
      return 1;
    }
    comm.barrier();
    if (the_scratch) {
      std::filesystem::remove_all(*the_scratch);
    }
    return comm.all_reduce(std::int32_t(failed != 0), ionsift::parallel::Reduction::max);
  });
}
