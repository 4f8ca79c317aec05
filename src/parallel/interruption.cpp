#include "ionsift/parallel/interruption.hpp"

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
    requests_->fetch_add(1);
  }
  if (!ending_ && since_.seconds() >= seconds_between_looks) {
    since_.restart();
    ending_ = requests_->fetch_add(0) > 0;
  }
  requests_->progress();
  return ending_;
}

bool Interruption::keeping() {
  const auto now = watch_.keeping();
  const bool asked = now != kept_;
  kept_ = now;
  return asked;
}

} // namespace ionsift::parallel
