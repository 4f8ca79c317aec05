#include "ionsift/parallel/interruption.hpp"

#include "ionsift/base/errands.hpp"

namespace ionsift::parallel {

namespace {

constexpr double seconds_between_looks = 0.5;

} // namespace

Interruption::Interruption(const Communicator& comm)
    : requests_(comm.make_counter()), kept_(watch_.keeping()) {
}

bool Interruption::ending() {
  if (watch_.ending() && !told_) {
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

bool Interruption::keeping() {
  const auto now = watch_.keeping();
  const bool asked = now != kept_;
  kept_ = now;
  return asked;
}

} // namespace ionsift::parallel
