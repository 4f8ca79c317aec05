// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/run_time.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/run_record.hpp"
#include "ionsift/base/timer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace ionsift {

namespace {

/// Made before the timer starts and never destroyed: the handler may come until the very end of the process.
struct Limit {
  double seconds;
  Stopwatch watch;
};
const Limit* limit = nullptr;

/// The texts in the form that the handler needs.
struct Words {
  std::string message, folder, file, beside, text;
};
std::atomic<const Words*> last_words = nullptr;
static_assert(std::atomic<const Words*>::is_always_lock_free);

/// Calls only async-signal-safe functions.
bool write_whole(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const auto written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      return false;
    }
    text.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
  }
  return true;
}

void write_file(const Words& words) {
  mkdir(words.folder.c_str(), 0777); // if it does not exist yet
  const int descriptor = open(words.beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor >= 0 && write_whole(descriptor, words.text) && fsync(descriptor) == 0) {
    std::rename(words.beside.c_str(), words.file.c_str());
  }
}

void end_process(int) {
  if (const auto* words = last_words.load()) {
    write_whole(STDERR_FILENO, words->message);
    if (!words->file.empty()) {
      write_file(*words);
    }
  }
  _exit(interrupted_status);
}

timeval timeval_of(double seconds) {
  const double whole = std::floor(seconds);
  timeval time{};
  time.tv_sec = static_cast<time_t>(whole);
  time.tv_usec = static_cast<suseconds_t>(1e6 * (seconds - whole));
  return time;
}

} // namespace

void limit_run_time(double seconds) {
  // A timer of no time would never fire, and more than a lifetime is not a limit.
  constexpr double shortest = 1e-6;
  constexpr double longest = 3e9;
  IONSIFT_VALIDATE(seconds >= shortest && seconds <= longest, usage,
                   fmt::format("a run cannot be limited to {:g} seconds", seconds),
                   "the limit is a positive number, and at most about 800,000 hours",
                   "Give for example --max-hours 3.9, or leave the option out.");
  limit = new Limit{seconds, {}};
  struct sigaction action = {};
  action.sa_handler = end_process;
  sigfillset(&action.sa_mask);
  itimerval timer{};
  timer.it_value = timeval_of(seconds);
  IONSIFT_VALIDATE(sigaction(SIGALRM, &action, nullptr) == 0 && setitimer(ITIMER_REAL, &timer, nullptr) == 0,
                   io, "the system gives no timer", std::strerror(errno),
                   "Leave --max-hours out, and let the scheduler end the run.");
}

double seconds_given() {
  return limit != nullptr ? limit->seconds : std::numeric_limits<double>::infinity();
}

double seconds_left() {
  return limit != nullptr ? limit->seconds - limit->watch.seconds() : std::numeric_limits<double>::infinity();
}

void set_last_words(LastWords words) {
  const auto file = words.file.string();
  auto folder = words.file.parent_path().string();
  // Never destroyed, like the limit.
  last_words = new Words{std::move(words.message) + "\n", folder.empty() ? "." : std::move(folder), file,
                         file + ".ended", std::move(words.text) + "\n"};
}

void forget_last_words() {
  last_words = nullptr;
}

} // namespace ionsift
