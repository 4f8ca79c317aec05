// SPDX-License-Identifier: BSD-3-Clause
// How long this process may run (--max-hours).
#pragma once

#include <filesystem>
#include <string>

namespace ionsift {

/// Ends this process `seconds` from now at the latest, with status `interrupted_status`. Work that asks
/// `seconds_left` between its pieces ends earlier by itself; for the rest a timer of the system (SIGALRM)
/// ends the process where it is, as a kill would, whatever the other ranks, the launcher or the scheduler do.
/// To be called once, by the main thread.
/// @throws Error usage unless the seconds are positive and finite, io when the system has no timer
void limit_run_time(double seconds);

/// Seconds until the timer ends this process, and those that it was given; infinite without a limit.
double seconds_left();
double seconds_given();

/// What a process leaves behind when the timer ends it.
struct LastWords {
  std::string message;             ///< a line for standard error
  std::filesystem::path file = {}; ///< empty: none; else written beside and renamed
  std::string text = {};           ///< of the file
};
/// Of several ranks one has them. Without any the process ends in silence.
void set_last_words(LastWords words);
/// For a run that is about to record an end of its own.
void forget_last_words();

} // namespace ionsift
