// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/signal_watch.hpp"

#include <array>
#include <atomic>
#include <csignal>

namespace ionsift {

namespace {

// Handlers may touch atomic objects only where these need no lock.
std::atomic<int> end_requests = 0;
std::atomic<std::uint64_t> keep_requests = 0;
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<std::uint64_t>::is_always_lock_free);

constexpr std::array watched = {SIGTERM, SIGINT, SIGUSR1};
std::array<struct sigaction, watched.size()> found;
int watches = 0;

void note(int signal) {
  if (signal == SIGUSR1) {
    keep_requests.fetch_add(1, std::memory_order_relaxed);
  } else if (end_requests.fetch_add(1, std::memory_order_relaxed) > 0 && signal == SIGINT) {
    std::signal(SIGINT, SIG_DFL);
    std::raise(SIGINT);
  }
}

} // namespace

SignalWatch::SignalWatch() {
  if (watches++ > 0) {
    return;
  }
  end_requests = 0;
  keep_requests = 0;
  struct sigaction action = {};
  action.sa_handler = note;
  action.sa_flags = SA_RESTART; // restart interrupted reads and writes
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < watched.size(); ++i) {
    sigaction(watched[i], &action, &found[i]);
  }
}

SignalWatch::~SignalWatch() {
  if (--watches == 0) {
    for (std::size_t i = 0; i < watched.size(); ++i) {
      sigaction(watched[i], &found[i], nullptr);
    }
  }
}

bool SignalWatch::ending() const {
  return end_requests.load(std::memory_order_relaxed) > 0;
}

std::uint64_t SignalWatch::keeping() const {
  return keep_requests.load(std::memory_order_relaxed);
}

} // namespace ionsift
