// SPDX-License-Identifier: BSD-3-Clause
#include "mpi_status.hpp"

#include "ionsift/base/error.hpp"

#include <mpi.h>

namespace ionsift::parallel {

void check_mpi(int status, const char* call) {
  if (status == MPI_SUCCESS) {
    return;
  }
  char text[MPI_MAX_ERROR_STRING] = "";
  int length = 0;
  if (MPI_Error_string(status, text, &length) != MPI_SUCCESS) {
    length = 0;
  }
  throw Error(ErrorCode::io, fmt::format("{} failed", call),
              length > 0 ? std::string(text, static_cast<std::size_t>(length))
                         : fmt::format("MPI error {}", status),
              "Check that all ranks are alive and reach each other, and start the run again.");
}

} // namespace ionsift::parallel
