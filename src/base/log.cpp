// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <memory>
#include <string>

namespace ionsift::log {

namespace {

/// Colours if the terminal supports them, unless NO_COLOR disables them (no-color.org).
spdlog::logger& logger() {
  static const auto instance = [] {
    const char* no_colour = std::getenv("NO_COLOR");
    const bool plain = no_colour != nullptr && *no_colour != '\0';
    auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>(plain ? spdlog::color_mode::never
                                                                            : spdlog::color_mode::automatic);
    auto made = std::make_shared<spdlog::logger>("ionsift", sink);
    made->set_pattern("%^%l:%$ %v");
    made->set_level(spdlog::level::info);
    return made;
  }();
  return *instance;
}

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
  case Level::debug:
    return spdlog::level::debug;
  case Level::info:
    return spdlog::level::info;
  case Level::warning:
    return spdlog::level::warn;
  case Level::error:
    return spdlog::level::err;
  case Level::quiet:
    return spdlog::level::off;
  }
  return spdlog::level::info;
}

bool progress_wanted = true;

} // namespace

void configure(Level level, int rank, int size) {
  const bool root = rank == 0;
  // Errors stay visible even when everything else is quiet.
  const Level shown = level == Level::quiet ? Level::error : level;
  logger().set_level(to_spdlog(root ? shown : std::max(shown, Level::warning)));
  const std::string who = size > 1 && !root ? fmt::format("[rank {}] ", rank) : "";
  logger().set_pattern(root ? "%^%l:%$ " + who + "%v" : who + "%l: %v");
  progress_wanted = root && level <= Level::info;
}

void write(Level level, std::string_view text) {
  logger().log(to_spdlog(level), text);
}

bool shows_progress() {
  return progress_wanted;
}

} // namespace ionsift::log
