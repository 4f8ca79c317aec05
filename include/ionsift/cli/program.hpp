// SPDX-License-Identifier: BSD-3-Clause
// The program: `ionsift <command>`.
#pragma once

namespace ionsift::cli {

/// All of main: finds the command, reads its options, starts MPI, runs, writes run.json, returns the exit
/// status (0 done, 1 failed, 2 wrong usage, 70 a bug).
int run(int argc, char** argv);

} // namespace ionsift::cli
