// SPDX-License-Identifier: BSD-3-Clause
// The state of a member's training in a file.
#pragma once

#include "atomsets.hpp"
#include "tensor/lamb.hpp"
#include "tensor/state_file.hpp"

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
  CheckpointFile(const Checkpoint& checkpoint, std::uint64_t seed);

  /// As StateFile::read.
  std::optional<TrainingState> read(const AtomSets& network) const;
  /// Whether the state is to be written now. Asked after every epoch.
  bool due() const { return file_.due(true); }
  /// @throws Error io
  void write(const TrainingState& state);

private:
  StateFile file_;
};

} // namespace ionsift::learn
