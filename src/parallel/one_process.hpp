// SPDX-License-Identifier: BSD-3-Clause
// Communicators that need no MPI.
#pragma once

#include "implementation.hpp"

namespace ionsift::parallel {

std::shared_ptr<const Communicator::Implementation> make_local();
std::shared_ptr<const Communicator::Implementation> make_dry_run(int size, int rank);

} // namespace ionsift::parallel
