// SPDX-License-Identifier: BSD-3-Clause
// The state of an unfinished training in a file.
#pragma once

#include "ionsift/base/timer.hpp"
#include "ionsift/learn/model/checkpoint.hpp"

#include "tensor.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <optional>
#include <string>

namespace ionsift::learn {

/// A training between two steps.
struct SavedState {
  nlohmann::json values;                     ///< finite numbers and texts
  std::map<std::string, at::Tensor> tensors; ///< all of one shape
};

/// One state at a time, with a checksum, replaced as a whole.
class StateFile {
public:
  /// @param job fingerprint of everything that the training depends on
  StateFile(const Checkpoint& checkpoint, std::string job) : checkpoint_(checkpoint), job_(std::move(job)) {}

  /// The state of the same training, if there is one, with tensors of the shape, type and device of `like`.
  /// A file that cannot be used is a warning with its reason.
  std::optional<SavedState> read(const at::Tensor& like) const;
  /// Whether to write the state now: because of a signal, or because enough time has passed that writing
  /// takes less than 1 % of it. @param epoch_ended with an interval of 0 s, states are written after each
  /// epoch
  bool due(bool epoch_ended) const;
  /// @throws Error io
  void write(const SavedState& state);

private:
  SavedState read_existing(const at::Tensor& like) const;

  const Checkpoint& checkpoint_;
  std::string job_;
  Stopwatch since_;         ///< the start or the last state
  double last_seconds_ = 0; ///< time that writing the last state took
};

} // namespace ionsift::learn
