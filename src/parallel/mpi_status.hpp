// SPDX-License-Identifier: BSD-3-Clause
// Conversion of MPI's return values to exceptions.
#pragma once

namespace ionsift::parallel {

/// Does nothing when `status` is MPI_SUCCESS. @throws Error io with MPI's own text
/// @param call the attempted call, for example "MPI_Allreduce"
void check_mpi(int status, const char* call);

} // namespace ionsift::parallel
