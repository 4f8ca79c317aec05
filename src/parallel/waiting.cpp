// SPDX-License-Identifier: BSD-3-Clause
#include "waiting.hpp"

#include "counter_host.hpp"
#include "mpi_status.hpp"

#include <sched.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace ionsift::parallel {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;

// An answer from a rank that polls takes some 10 us on one host and 50 us between two; a pause costs more.
constexpr microseconds awake(50);
constexpr microseconds longest_pause(2000);

} // namespace

void wait_until(const std::function<bool()>& done) {
  const auto start = Clock::now();
  while (!done()) {
    serve_hosted();
    const auto waited = std::chrono::duration_cast<microseconds>(Clock::now() - start);
    if (waited < awake) {
      sched_yield();
    } else {
      std::this_thread::sleep_for(std::min(waited / 8, longest_pause));
    }
  }
}

void meet(MPI_Comm comm) {
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Ibarrier(comm, &request), "MPI_Ibarrier");
  wait_until([&] {
    int arrived = 0;
    check_mpi(MPI_Test(&request, &arrived, MPI_STATUS_IGNORE), "MPI_Test");
    return arrived != 0;
  });
}

} // namespace ionsift::parallel
