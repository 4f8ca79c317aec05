// Starting and ending MPI, threads, and the promise that no rank hangs when another fails.
#pragma once

#include "ionsift/parallel/communicator.hpp"

#include <functional>
#include <string>

namespace ionsift::parallel {

/// Initialises MPI on construction and finalises it on destruction, unless an exception is on its way out
/// of a run with several ranks: then the peers, which may wait in a collective for ever, are aborted.
class Environment {
public:
  Environment(int& argc, char**& argv);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
};

/// Runs `body` inside an Environment. An exception is printed with its rank; with one rank its exit status
/// is returned, with several the whole run is aborted with that status. This is the body of every main.
int run_guarded(int argc, char** argv, const std::function<int(const Communicator&)>& body);

/// Threads of BLAS and OpenMP in this process: `requested` if positive, else $OMP_NUM_THREADS, else 1.
/// Four ranks with two threads each were measured 3.5 times slower than with one. Returns the number set.
int set_threads(int requested = 0);

/// "Open MPI v4.1.4, ..." in one line.
std::string mpi_description();

} // namespace ionsift::parallel
