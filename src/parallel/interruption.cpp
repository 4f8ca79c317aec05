// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/parallel/interruption.hpp"

#include "ionsift/base/errands.hpp"
#include "ionsift/base/run_time.hpp"

#include <algorithm>

namespace ionsift::parallel {

namespace {

constexpr double seconds_between_looks = 0.5;

} // namespace

Interruption::Interruption(const Communicator& comm)
    : requests_(comm.make_counter()), kept_(watch_.keeping()) {
}

bool Interruption::ending() {
  if ((watch_.ending() || time_is_up()) && !told_) {
    told_ = true;
    ending_ = true;
    requests_->add(1);
  }
  if (const auto asked = requests_->answer()) {
    asking_ = false;
    ending_ = ending_ || *asked > 0;
  }
  if (!ending_ && !asking_ && since_.seconds() >= seconds_between_looks) {
    since_.restart();
    asking_ = true;
    requests_->ask(0);
  }
  run_errands();
  return ending_;
}

bool Interruption::time_is_up() {
  longest_ = std::max(longest_, piece_.seconds());
  piece_.restart();
  return seconds_left() < seconds_in_reserve(seconds_given(), longest_);
}

bool Interruption::keeping() {
  const auto now = watch_.keeping();
  const bool asked = now != kept_;
  kept_ = now;
  return asked;
}

double seconds_in_reserve(double given, double longest) {
  const double behind = std::clamp(0.01 * given, 1.0, 60.0);
  // Pieces longer than half of the limit cannot be planned for; then some work is lost.
  return std::min(behind + longest, 0.5 * given);
}

} // namespace ionsift::parallel
