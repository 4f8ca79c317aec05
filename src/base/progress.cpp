// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/progress.hpp"

#include "ionsift/base/log.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string_view>

namespace ionsift {

std::string format_duration(double seconds) {
  if (!(seconds >= 0) || seconds > 1e9) {
    return "?";
  }
  if (seconds < 59.95) {
    return fmt::format("{:.1f} s", seconds);
  }
  const auto whole = static_cast<long long>(std::llround(seconds));
  if (whole < 3600) {
    return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  }
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

std::string format_rate(double per_second) {
  if (per_second >= 100) {
    return fmt::format("{:.0f}/s", per_second);
  }
  if (per_second >= 1) {
    return fmt::format("{:.3g}/s", per_second);
  }
  return per_second * 60 >= 1 ? fmt::format("{:.3g}/min", per_second * 60)
                              : fmt::format("{:.3g}/h", per_second * 3600);
}

namespace {

constexpr double longest_interval = 600; // seconds

/// Whether a line can be overwritten.
bool is_terminal() {
  const char* kind = std::getenv("TERM");
  return isatty(STDERR_FILENO) != 0 && (kind == nullptr || std::string_view(kind) != "dumb");
}

} // namespace

Progress::Progress(std::string what, std::uint64_t total, double line_seconds)
    : what_(std::move(what)), total_(total), terminal_(is_terminal()), active_(log::shows_progress()),
      start_(Clock::now()), drawn_(start_), exceptions_(std::uncaught_exceptions()) {
  interval_ = terminal_ ? 0.2 : line_seconds;
}

Progress::~Progress() {
  if (std::uncaught_exceptions() == exceptions_) {
    finish();
  }
}

void Progress::update(std::uint64_t done) {
  done_ = done;
  if (!active_) {
    return;
  }
  const auto now = Clock::now();
  if (std::chrono::duration<double>(now - drawn_).count() >= interval_) {
    drawn_ = now;
    draw(false);
    interval_ = terminal_ ? interval_ : std::min(interval_ * 1.5, longest_interval);
  }
}

void Progress::finish() {
  if (active_) {
    draw(true);
    active_ = false;
  }
}

void Progress::draw(bool last) {
  const double elapsed = std::chrono::duration<double>(Clock::now() - start_).count();
  const double rate = elapsed > 0 ? static_cast<double>(done_) / elapsed : 0;
  std::string text =
      total_ > 0 ? fmt::format("{} {}/{}", what_, done_, total_) : fmt::format("{} {}", what_, done_);
  if (terminal_ && total_ > 0) {
    constexpr int width = 24;
    const double share = std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_));
    const int filled = static_cast<int>(share * width);
    text += fmt::format(" [{:#>{}}{:.>{}}]", "", filled, "", width - filled);
  }
  if (!terminal_ && total_ > 0) {
    text += fmt::format(" ({:.0f} %)", 100 * static_cast<double>(done_) / static_cast<double>(total_));
  }
  text += " " + format_rate(rate);
  if (last) {
    text += fmt::format(" in {}", format_duration(elapsed));
  } else if (total_ > done_ && rate > 0) {
    text += fmt::format(" ETA {}", format_duration(static_cast<double>(total_ - done_) / rate));
  }
  if (terminal_) {
    std::cerr << '\r' << text << "\033[K" << (last ? "\n" : "") << std::flush;
  } else {
    std::cerr << text << '\n';
  }
}

} // namespace ionsift
