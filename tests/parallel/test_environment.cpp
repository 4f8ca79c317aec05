// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/parallel/environment.hpp"

#include <catch2/catch.hpp>
#include <omp.h>

#include <cstdlib>

using ionsift::parallel::Environment;
using ionsift::parallel::set_threads;

TEST_CASE("only one environment can exist") {
  int argc = 0;
  char** argv = nullptr;
  CHECK_THROWS_WITH(Environment(argc, argv), Catch::Contains("has been initialised before"));
  // The failed attempt must not have closed the one that the tests run in.
  ionsift::parallel::Communicator::world().barrier();
}

TEST_CASE("the description of MPI is one line") {
  const auto text = ionsift::parallel::mpi_description();
  CHECK_FALSE(text.empty());
  CHECK(text.find('\n') == std::string::npos);
}

TEST_CASE("the number of threads is the requested one, else OMP_NUM_THREADS, else one") {
  CHECK(set_threads(3) == 3);
  CHECK(omp_get_max_threads() == 3);
  setenv("OMP_NUM_THREADS", " 2,4 ", 1);
  CHECK(set_threads() == 2);
  CHECK(omp_get_max_threads() == 2);
  CHECK(set_threads(1) == 1);
  unsetenv("OMP_NUM_THREADS");
  CHECK(set_threads() == 1);
  CHECK(omp_get_max_threads() == 1);
}

TEST_CASE("invalid numbers of threads are refused") {
  const auto value = GENERATE("many", "0", "-2", "1.5", ",");
  setenv("OMP_NUM_THREADS", value, 1);
  CHECK_THROWS_WITH(set_threads(), Catch::StartsWith("OMP_NUM_THREADS is"));
  unsetenv("OMP_NUM_THREADS");
  CHECK_THROWS_AS(set_threads(-1), ionsift::Error);
}
