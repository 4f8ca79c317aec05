// SPDX-License-Identifier: BSD-3-Clause
// Shared by all tests: the communicator of the run and the place of the real data.
#pragma once

#include "ionsift/parallel/communicator.hpp"

#include <filesystem>
#include <string>

namespace ionsift::test {

/// All ranks of this run; one when started without mpirun.
const parallel::Communicator& world();

/// The folder of real data. Only for test cases tagged [data]: the program has made sure that it exists.
std::filesystem::path data();

/// A fresh, empty folder, the same on all ranks, removed at the end of the program. Collective over world().
std::filesystem::path scratch(const std::string& name);

} // namespace ionsift::test
