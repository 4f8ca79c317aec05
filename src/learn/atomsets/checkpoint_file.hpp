// SPDX-License-Identifier: BSD-3-Clause
// The state of a training in a file.
#pragma once

#include "ionsift/base/timer.hpp"
#include "ionsift/learn/model/checkpoint.hpp"

#include "atomsets.hpp"
#include "tensor/lamb.hpp"

#include <optional>

namespace ionsift::learn {

/// A training between two epochs. Random streams restart with every epoch, keyed by its number (trainer.cpp),
/// so that no generator state has to be saved.
struct TrainingState {
  int epochs = 0;     ///< finished
  double loss = 0;    ///< loss of the last epoch
  at::Tensor weights; ///< [parameters], as Parameters::flat
  LambState optimiser;
};

class CheckpointFile {
public:
  /// @param seed of the training
  CheckpointFile(const Checkpoint& checkpoint, std::uint64_t seed) : checkpoint_(checkpoint), seed_(seed) {}

  /// The state of the same training, if there is one. A file that cannot be read is reported and
  /// passed over.
  std::optional<TrainingState> read(const AtomSets& network) const;
  /// Whether to save the state now.
  bool due() const;
  /// @throws Error io
  void write(const TrainingState& state);

private:
  std::optional<TrainingState> read_existing(const AtomSets& network) const;

  const Checkpoint& checkpoint_;
  std::uint64_t seed_;
  Stopwatch since_;         ///< the start or the last state
  double last_seconds_ = 0; ///< time that saving the last state took
};

} // namespace ionsift::learn
