// SPDX-License-Identifier: BSD-3-Clause
// Initialisation and finalisation of MPI, threads, and the guarantee that no rank hangs when another fails.
#pragma once

#include "ionsift/parallel/communicator.hpp"

#include <exception>
#include <functional>
#include <string>

namespace ionsift::parallel {

/// Initialises MPI (thread level FUNNELED) on construction and finalises it on destruction, unless an
/// exception propagates out of a run with several ranks: then the peers, which may wait in a collective
/// for ever, are aborted. One in a process.
class Environment {
public:
  Environment(int& argc, char**& argv);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

private:
  int exceptions_; ///< in flight at construction
};

/// Runs `body` inside an Environment and returns its status. This is the body of every main.
///
/// An exception is printed as "ionsift: rank R of N: MESSAGE". With one rank its exit status is returned
/// (that of the code of an Error, 70 for others). With several the whole run is aborted with that status,
/// without unwinding the stack: destructors that wait for other ranks (parallel files, windows) would wait
/// for ever. For the same reason a failure is recorded not by catching it, but by `on_failure`:
/// it is called on the failing rank before the run ends, and must neither communicate nor throw.
int run_guarded(int argc, char** argv, const std::function<int(const Communicator&)>& body,
                const std::function<void(const std::exception&)>& on_failure = {});

/// Threads of BLAS and OpenMP in this process: `requested` if positive, else $OMP_NUM_THREADS, else 1.
/// Four ranks with two threads each were measured 3.5 times slower than with one. Returns the number set.
/// @throws Error usage for a negative number or a malformed variable
int set_threads(int requested = 0);

/// Ranks that MPI itself finds on this node. Where it is not Communicator::node().size(), ranks of one node
/// exchange their messages over the network. Collective.
int mpi_node_size();

/// "Open MPI v4.1.4, ..." in one line.
std::string mpi_description();

} // namespace ionsift::parallel
