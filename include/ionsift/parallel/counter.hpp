// SPDX-License-Identifier: BSD-3-Clause
// A number that all ranks advance.
#pragma once

#include <cstdint>
#include <optional>

namespace ionsift::parallel {

/// A counter of all ranks, which rank 0 keeps. It answers in every collective and wait of this library and in
/// `run_errands` (base/errands.hpp); whoever waits does so without a core. Made by all ranks together;
/// destroying it is collective, except while an exception is on its way out.
class Counter {
public:
  virtual ~Counter() = default;
  /// Adds without waiting.
  virtual void add(std::int64_t amount) = 0;
  /// Adds, and has the value before sent here, without waiting. One question at a time.
  virtual void ask(std::int64_t amount) = 0;
  /// The value that was asked for, once it is there; nothing as well where nothing was asked.
  virtual std::optional<std::int64_t> answer() = 0;
  /// The same, waiting for it.
  virtual std::int64_t wait() = 0;
  /// Returns the value before `amount` was added, when rank 0 has answered.
  std::int64_t fetch_add(std::int64_t amount) {
    ask(amount);
    return wait();
  }
  /// Back to zero; collective. An answer that was not taken is dropped.
  virtual void reset() = 0;
};

} // namespace ionsift::parallel
