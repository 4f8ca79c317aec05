// SPDX-License-Identifier: BSD-3-Clause
// A number that all ranks advance.
#pragma once

#include <cstdint>
#include <optional>

namespace ionsift::parallel {

/// A counter shared by all ranks and hosted by rank 0. Rank 0 answers in every collective and wait of this
/// library and in `run_errands` (base/errands.hpp); waiting ranks yield their core. Made by all ranks
/// together; destroying it is collective, except while an exception propagates.
class Counter {
public:
  virtual ~Counter() = default;
  /// Adds without waiting.
  virtual void add(std::int64_t amount) = 0;
  /// Adds and requests the previous value, without waiting. One request at a time.
  virtual void ask(std::int64_t amount) = 0;
  /// The requested value if it has arrived; nothing without a request.
  virtual std::optional<std::int64_t> answer() = 0;
  /// The requested value; waits for it.
  virtual std::int64_t wait() = 0;
  /// Adds and returns the previous value, after rank 0 has answered.
  std::int64_t fetch_add(std::int64_t amount) {
    ask(amount);
    return wait();
  }
  /// Back to zero; collective. An answer that was not read is dropped.
  virtual void reset() = 0;
};

} // namespace ionsift::parallel
