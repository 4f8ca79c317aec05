// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/parallel/environment.hpp"

#include <omp.h>

#include <cstdlib>

namespace ionsift::parallel {
namespace {

int threads_of_environment() {
  const char* variable = std::getenv("OMP_NUM_THREADS");
  if (variable == nullptr || trim(variable).empty()) {
    return 1;
  }
  // OpenMP allows a list, one entry for each level of nesting.
  const auto threads = parse_integer(trim(split(variable, ',').front()));
  IONSIFT_VALIDATE(threads && *threads >= 1 && *threads <= 65536, usage,
                   fmt::format("OMP_NUM_THREADS is \"{}\"", variable),
                   "it must be a positive number of threads", "Set it to 1, or unset it.");
  return static_cast<int>(*threads);
}

} // namespace

int set_threads(int requested) {
  IONSIFT_VALIDATE(requested >= 0, usage, fmt::format("{} threads were requested", requested),
                   "a process needs at least one", "Give a positive number, or 0 for $OMP_NUM_THREADS.");
  const int threads = requested > 0 ? requested : threads_of_environment();
  omp_set_num_threads(threads);
  return threads;
}

} // namespace ionsift::parallel
