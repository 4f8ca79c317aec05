// SPDX-License-Identifier: BSD-3-Clause
// Rank-aware logging on standard error; standard output is reserved for results.
#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace ionsift::log {

enum class Level { debug, info, warning, error, quiet };

/// Configures logging: rank 0 logs from `level` on, every other rank only warnings and errors, prefixed with
/// its rank. Call once, after the communicator is known; before that the process counts as rank 0 of 1.
void configure(Level level, int rank, int size);

void write(Level level, std::string_view text);

template <typename... Args>
void debug(fmt::format_string<Args...> text, Args&&... args) {
  write(Level::debug, fmt::format(text, std::forward<Args>(args)...));
}
template <typename... Args>
void info(fmt::format_string<Args...> text, Args&&... args) {
  write(Level::info, fmt::format(text, std::forward<Args>(args)...));
}
template <typename... Args>
void warning(fmt::format_string<Args...> text, Args&&... args) {
  write(Level::warning, fmt::format(text, std::forward<Args>(args)...));
}
template <typename... Args>
void error(fmt::format_string<Args...> text, Args&&... args) {
  write(Level::error, fmt::format(text, std::forward<Args>(args)...));
}

/// True where rank 0 logs at info level; used by progress displays.
bool shows_progress();

} // namespace ionsift::log
