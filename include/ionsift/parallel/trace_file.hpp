// SPDX-License-Identifier: BSD-3-Clause
// The trace of all ranks in one file.
#pragma once

#include "ionsift/parallel/communicator.hpp"

#include <filesystem>

namespace ionsift::parallel {

/// Starts recording (base/trace.hpp) on all ranks at once, so that their times fit together as well as ranks
/// leave a barrier together. Collective.
void start_trace_together(const Communicator& comm);

/// Writes the events of all ranks to a JSON file of the Chrome trace format, one rank after the other: no rank
/// holds the events of another one. Warns of events left out. Collective. @throws Error io on all ranks
void write_trace(const Communicator& comm, const std::filesystem::path& path);

} // namespace ionsift::parallel
