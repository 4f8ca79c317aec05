// SPDX-License-Identifier: BSD-3-Clause
// The limit of this process's run time (--max-hours).
#pragma once

#include <filesystem>
#include <string>

namespace ionsift {

/// Ends this process `seconds` from now at the latest, with status `interrupted_status`. Work that calls
/// `seconds_left` between its pieces ends earlier by itself; for the rest a timer of the system (SIGALRM)
/// ends the process where it is, as a kill would, whatever the other ranks, the launcher or the scheduler do.
/// To be called once, by the main thread.
/// @throws Error usage unless the seconds are positive and finite, io when the system has no timer
void limit_run_time(double seconds);

/// Seconds until the timer ends this process, and the total limit; infinite without a limit.
double seconds_left();
double seconds_given();

/// What a process writes when the timer ends it.
struct LastWords {
  std::string message;             ///< a line for standard error
  std::filesystem::path file = {}; ///< empty: none; else written under a temporary name and renamed
  std::string text = {};           ///< content of the file
};
/// Set on one rank. Without it the process ends silently.
void set_last_words(LastWords words);
/// Cancels it, for a run that is about to record its own end.
void forget_last_words();

} // namespace ionsift
