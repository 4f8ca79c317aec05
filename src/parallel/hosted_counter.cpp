// SPDX-License-Identifier: BSD-3-Clause
// A counter of all ranks, hosted by rank 0.
#include "ionsift/base/assertion.hpp"

#include "counter_host.hpp"
#include "waiting.hpp"

#include <exception>
#include <optional>
#include <utility>

namespace ionsift::parallel {

namespace {

class HostedCounter final : public Counter {
public:
  explicit HostedCounter(std::shared_ptr<CounterHost> host)
      : host_(std::move(host)), number_(host_->number_next()), exceptions_(std::uncaught_exceptions()) {
    meet(host_->comm()); // no request arrives before rank 0 knows the counter
  }

  ~HostedCounter() override {
    // If an exception has brought us here, the others may never arrive: the run would hang
    // instead of failing.
    if (host_->is_open() && std::uncaught_exceptions() == exceptions_) {
      settle();
    }
    if (awaited_) {
      host_->abandon(std::move(awaited_));
    }
    host_->drop(number_);
  }

  HostedCounter(const HostedCounter&) = delete;
  HostedCounter& operator=(const HostedCounter&) = delete;

  void add(std::int64_t amount) override {
    if (host_->here()) {
      host_->update(number_, amount);
    } else {
      host_->add(number_, amount);
      unconfirmed_ = true;
    }
  }

  void ask(std::int64_t amount) override {
    IONSIFT_ASSERT(!awaited_ && !value_,
                   "a second request was made of a counter before the first answer was taken");
    if (host_->here()) {
      value_ = host_->update(number_, amount);
    } else {
      awaited_ = host_->ask(number_, amount);
    }
  }

  std::optional<std::int64_t> answer() override {
    if (awaited_ && awaited_->arrived()) {
      value_ = awaited_->value;
      awaited_.reset();
      unconfirmed_ = false; // messages of one rank are received in their order
    }
    return std::exchange(value_, std::nullopt);
  }

  std::int64_t wait() override {
    IONSIFT_ASSERT(awaited_ || value_, "wait() was called on a counter without a request");
    std::optional<std::int64_t> value;
    wait_until([&] {
      value = answer();
      return value.has_value();
    });
    return *value;
  }

  void reset() override {
    settle();
    if (host_->here()) {
      host_->set(number_, 0);
    }
    meet(host_->comm());
  }

private:
  /// Returns when no rank has a pending request; collective.
  void settle() {
    if (awaited_) {
      wait();
    }
    value_.reset();
    if (unconfirmed_) {
      fetch_add(0);
    }
    meet(host_->comm());
  }

  std::shared_ptr<CounterHost> host_;
  std::int64_t number_;
  int exceptions_;
  std::unique_ptr<CounterHost::Awaited> awaited_;
  std::optional<std::int64_t> value_; ///< an answer that has not been read
  bool unconfirmed_ = false;          ///< something was added that rank 0 may not have received
};

} // namespace

std::unique_ptr<Counter> make_hosted_counter(std::shared_ptr<CounterHost> host) {
  return std::make_unique<HostedCounter>(std::move(host));
}

} // namespace ionsift::parallel
