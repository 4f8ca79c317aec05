// SPDX-License-Identifier: BSD-3-Clause
// A run that goes wrong in the way its argument names; the tests watch how it ends.
#include "ionsift/base/error.hpp"
#include "ionsift/parallel/counter.hpp"
#include "ionsift/parallel/environment.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include <stdexcept>
#include <string>
#include <vector>

using ionsift::Error;
using ionsift::ErrorCode;
using ionsift::parallel::Communicator;

namespace {

Error cut() {
  return {ErrorCode::io, "the wire is cut", "somebody cut it", "Mend it."};
}

void throw_on(const Communicator& comm, int rank) {
  if (comm.rank() == rank) {
    throw cut();
  }
}

void fail_while_others_work(const Communicator& comm) {
  ionsift::parallel::WorkQueue queue(comm);
  queue.refill(std::vector<double>(100, 1.0));
  throw_on(comm, 1);
  while (queue.next()) {
  }
}

/// All ranks leave the scope of a queue and of a pending request by an exception, and continue.
void recover(const Communicator& comm) {
  try {
    ionsift::parallel::WorkQueue queue(comm);
    queue.refill({1, 2, 3});
    const auto counter = comm.make_counter();
    ionsift::parallel::together(comm, [&] {
      counter->ask(1);
      throw_on(comm, 1);
    });
  } catch (const Error&) {
    comm.barrier();
    const auto counter = comm.make_counter();
    if (counter->fetch_add(1) >= comm.size()) {
      throw;
    }
  }
}

int run(const Communicator& comm, const std::string& mode) {
  if (mode == "return-status") {
    return 5;
  }
  if (mode == "throw-on-one") {
    throw_on(comm, 1);
  } else if (mode == "throw-on-root") {
    throw_on(comm, 0);
  } else if (mode == "throw-standard") {
    if (comm.rank() == 2) {
      throw std::out_of_range("beyond the end");
    }
  } else if (mode == "throw-with-queue") {
    fail_while_others_work(comm);
  } else if (mode == "throw-on-all") {
    throw Error(ErrorCode::usage, "no such option", "the guard's test asked for it", "Ignore it.");
  } else if (mode == "throw-in-together") {
    ionsift::parallel::together(comm, [&] { throw_on(comm, 1); });
  } else if (mode == "recover") {
    recover(comm);
  }
  comm.barrier();
  return 0;
}

/// A program that catches around the Environment, so that the stack is unwound through it.
int catch_outside(int argc, char** argv) {
  try {
    ionsift::parallel::Environment environment(argc, argv);
    const auto comm = Communicator::world();
    throw_on(comm, 1);
    comm.barrier();
    return 0;
  } catch (const std::exception&) {
    return 1;
  }
}

} // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "succeed";
  if (mode == "catch-outside") {
    return catch_outside(argc, argv);
  }
  return ionsift::parallel::run_guarded(argc, argv,
                                        [&](const Communicator& comm) { return run(comm, mode); });
}
