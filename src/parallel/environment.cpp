// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/parallel/environment.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/paths.hpp"
#include "ionsift/base/text.hpp"

#include "mpi_communicator.hpp"
#include "mpi_status.hpp"

#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <functional>
#include <thread>

namespace ionsift::parallel {
namespace {

/// Exit status and message for an exception that ends the program.
struct Ending {
  int status = exit_status(ErrorCode::internal);
  std::string message;
};

/// The callback of run_guarded before a failed run ends; the terminate handler takes no argument.
std::function<void(const std::exception&)> failure_listener;

Ending ending_of(const std::exception_ptr& exception) {
  const auto tell = [](const std::exception& error) {
    if (failure_listener) {
      failure_listener(error);
    }
  };
  try {
    std::rethrow_exception(exception);
  } catch (const Error& error) {
    tell(error);
    return {exit_status(error.code()), error.what()};
  } catch (const std::filesystem::filesystem_error& refused) {
    const Error error = io_error(refused);
    tell(error);
    return {exit_status(error.code()), error.what()};
  } catch (const std::exception& error) {
    tell(error);
    return {exit_status(ErrorCode::internal), error.what()};
  } catch (...) {
    return {exit_status(ErrorCode::internal), "an exception of unknown type"};
  }
}

void print(const std::string& message) {
  int rank = 0;
  int size = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  // One write, so that the lines of several ranks do not mix.
  const std::string line = fmt::format("ionsift: rank {} of {}: {}\n", rank, size, message);
  std::fflush(stdout);
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fflush(stderr);
}

[[noreturn]] void abort_run(const Ending& ending) {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  if (rank != 0) {
    // What fails everywhere should be read once: rank 0 goes first and ends the others in their sleep.
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
  }
  print(ending.message);
  MPI_Abort(MPI_COMM_WORLD, ending.status);
  std::_Exit(ending.status);
}

[[noreturn]] void abort_with_exception_in_flight() {
  const auto exception = std::current_exception();
  abort_run(exception ? ending_of(exception)
                      : Ending{exit_status(ErrorCode::internal), "std::terminate without an exception"});
}

} // namespace

Environment::Environment(int& argc, char**& argv) : exceptions_(std::uncaught_exceptions()) {
  int initialized = 0;
  MPI_Initialized(&initialized);
  IONSIFT_VALIDATE(initialized == 0, internal, "MPI cannot be initialised", "it has been initialised before",
                   "Make one parallel::Environment in a process.");
  // Only the thread that made the Environment communicates.
  int level = MPI_THREAD_SINGLE;
  check_mpi(MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &level), "MPI_Init_thread");
  IONSIFT_VALIDATE(level >= MPI_THREAD_FUNNELED, usage, "this MPI does not allow threads",
                   fmt::format("{} gives less than MPI_THREAD_FUNNELED", mpi_description()),
                   "Use an MPI that was built with support for threads.");
  open_mpi_world();
}

Environment::~Environment() {
  if (std::uncaught_exceptions() > exceptions_ && Communicator::world().size() > 1) {
    abort_run({exit_status(ErrorCode::internal), "the run is left by an exception"});
  }
  close_mpi_world();
  MPI_Finalize();
}

int run_guarded(int argc, char** argv, const std::function<int(const Communicator&)>& body,
                const std::function<void(const std::exception&)>& on_failure) {
  failure_listener = on_failure;
  const Environment environment(argc, argv);
  const Communicator world = Communicator::world();
  if (world.size() > 1) {
    // With several ranks the exception is not caught. The destructors between here and the throw would close
    // what the ranks hold together (files, windows) and wait there for peers that never come; when nobody
    // catches, std::terminate is called where the exception was thrown.
    const auto previous = std::set_terminate(abort_with_exception_in_flight);
    const int status = body(world);
    std::set_terminate(previous);
    return status;
  }
  try {
    return body(world);
  } catch (...) {
    const Ending ending = ending_of(std::current_exception());
    print(ending.message);
    // MPI_Finalize would have HDF5 close what could not be written, and Open MPI crashes there.
    std::fflush(nullptr);
    std::_Exit(ending.status);
  }
}

std::string mpi_description() {
  char text[MPI_MAX_LIBRARY_VERSION_STRING] = "";
  int length = 0;
  check_mpi(MPI_Get_library_version(text, &length), "MPI_Get_library_version");
  // MPICH appends its configuration, a thousand characters.
  const std::string_view whole(text);
  std::string description(trim(whole.substr(0, whole.find("MPICH Device:"))));
  std::replace(description.begin(), description.end(), '\n', ' ');
  std::replace(description.begin(), description.end(), '\t', ' ');
  return description;
}

} // namespace ionsift::parallel
