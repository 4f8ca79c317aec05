// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/parallel/together.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/paths.hpp"

#include <exception>
#include <filesystem>

namespace ionsift::parallel {
namespace {

/// Any exception as an Error, for ranks that did not throw it.
Error describe(const std::exception_ptr& exception) {
  constexpr auto why = "an unexpected exception";
  try {
    std::rethrow_exception(exception);
  } catch (const Error& error) {
    return error;
  } catch (const std::filesystem::filesystem_error& error) {
    return io_error(error);
  } catch (const std::exception& error) {
    return {ErrorCode::internal, error.what(), why, bug_report_request()};
  } catch (...) {
    return {ErrorCode::internal, "an exception of unknown type was thrown", why, bug_report_request()};
  }
}

/// The error of rank `from`, on every rank.
Error share(const Communicator& comm, const std::exception_ptr& exception, int from) {
  auto code = static_cast<std::int32_t>(ErrorCode::internal);
  std::string problem;
  std::string why;
  std::string suggestion;
  if (comm.rank() == from) {
    const Error error = describe(exception);
    code = static_cast<std::int32_t>(error.code());
    problem = error.problem();
    why = error.why();
    suggestion = error.suggestion();
  }
  code = comm.broadcast(std::vector<std::int32_t>{code}, from).front();
  problem = comm.broadcast(problem, from);
  why = comm.broadcast(why, from);
  suggestion = comm.broadcast(suggestion, from);
  return Error(static_cast<ErrorCode>(code), problem, why, suggestion).at(fmt::format("on rank {}", from));
}

} // namespace

void together(const Communicator& comm, const std::function<void()>& section) {
  std::exception_ptr exception;
  try {
    section();
  } catch (...) {
    exception = std::current_exception();
  }
  const std::int32_t failed = comm.all_reduce(exception ? comm.rank() : comm.size(), Reduction::min);
  if (failed == comm.size()) {
    return;
  }
  const Error error = share(comm, exception, failed);
  if (exception) {
    std::rethrow_exception(exception);
  }
  throw error;
}

void on_root(const Communicator& comm, const std::function<void()>& section) {
  together(comm, [&] {
    if (comm.is_root()) {
      section();
    }
  });
}

} // namespace ionsift::parallel
