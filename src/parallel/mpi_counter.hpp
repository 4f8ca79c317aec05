// A counter in the memory of rank 0 that all ranks advance.
#pragma once

#include "ionsift/parallel/communicator.hpp"

#include <mpi.h>

namespace ionsift::parallel {

/// Collective, and so is the destructor.
std::unique_ptr<Counter> make_mpi_counter(MPI_Comm comm);

} // namespace ionsift::parallel
