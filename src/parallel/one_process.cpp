// SPDX-License-Identifier: BSD-3-Clause
#include "one_process.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/parallel/counter.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace ionsift::parallel {
namespace {

class LocalCounter : public Counter {
public:
  void add(std::int64_t amount) override { value_ += amount; }
  void ask(std::int64_t amount) override { asked_ = std::exchange(value_, value_ + amount); }
  std::optional<std::int64_t> answer() override { return std::exchange(asked_, std::nullopt); }
  std::int64_t wait() override { return answer().value_or(0); }
  void reset() override {
    value_ = 0;
    asked_.reset();
  }

private:
  std::int64_t value_ = 0;
  std::optional<std::int64_t> asked_;
};

/// One rank of `size`, whose peers are assumed to hold the same values. With one rank this is exact.
class OneProcess : public Communicator::Implementation {
public:
  OneProcess(int size, int rank, std::string_view kind) : size_(size), rank_(rank), kind_(kind) {}

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  std::string_view kind() const override { return kind_; }
  void barrier() const override {}

  void all_reduce(void* values, std::size_t n, NumberType type, Reduction op) const override {
    if (op != Reduction::sum) {
      return;
    }
    switch (type) {
    case NumberType::f64:
      return multiply<double>(values, n);
    case NumberType::f32:
      return multiply<float>(values, n);
    case NumberType::i32:
      return multiply<std::int32_t>(values, n);
    case NumberType::i64:
      return multiply<std::int64_t>(values, n);
    case NumberType::u64:
      return multiply<std::uint64_t>(values, n);
    }
  }

  std::uint64_t sum_before(std::uint64_t value) const override {
    return value * static_cast<std::uint64_t>(rank_);
  }

  Bytes all_gather(std::span<const std::byte> bytes) const override { return repeat(bytes); }

  Bytes gather(std::span<const std::byte> bytes) const override {
    return rank_ == 0 ? repeat(bytes) : Bytes();
  }

  Bytes all_to_all(std::span<const std::byte> bytes, std::span<const std::size_t> counts) const override {
    const auto here = static_cast<std::size_t>(rank_);
    const std::size_t first = std::accumulate(counts.begin(), counts.begin() + rank_, std::size_t(0));
    return repeat(bytes.subspan(first, counts[here]));
  }

  Bytes broadcast(std::span<const std::byte> bytes, int) const override {
    return {bytes.begin(), bytes.end()};
  }

  std::unique_ptr<Counter> make_counter() const override { return std::make_unique<LocalCounter>(); }

  std::shared_ptr<const Implementation> node() const override { return make_local(); }

  const void* mpi_handle() const override { return nullptr; }

private:
  template <typename T>
  void multiply(void* values, std::size_t n) const {
    T* numbers = static_cast<T*>(values);
    std::for_each(numbers, numbers + n, [this](T& number) { number *= static_cast<T>(size_); });
  }

  Bytes repeat(std::span<const std::byte> bytes) const {
    Bytes all;
    all.reserve(bytes.size() * static_cast<std::size_t>(size_));
    for (int peer = 0; peer < size_; ++peer) {
      all.insert(all.end(), bytes.begin(), bytes.end());
    }
    return all;
  }

  int size_;
  int rank_;
  std::string_view kind_;
};

} // namespace

std::shared_ptr<const Communicator::Implementation> make_local() {
  static const auto alone = std::make_shared<const OneProcess>(1, 0, "local");
  return alone;
}

std::shared_ptr<const Communicator::Implementation> make_dry_run(int size, int rank) {
  IONSIFT_VALIDATE(size >= 1 && rank >= 0 && rank < size, usage,
                   fmt::format("rank {} of {} cannot be played", rank, size),
                   "a dry run needs at least one rank and plays one from 0 to the number of ranks - 1",
                   "Ask for a positive number of ranks.");
  return std::make_shared<const OneProcess>(size, rank, "dry run");
}

} // namespace ionsift::parallel
