// SPDX-License-Identifier: BSD-3-Clause
#include "checkpoint_file.hpp"

#include <fmt/format.h>

namespace ionsift::learn {

CheckpointFile::CheckpointFile(const Checkpoint& checkpoint, std::uint64_t seed)
    : file_(checkpoint, fmt::format("{} seed {}", checkpoint.job, seed)) {
}

std::optional<TrainingState> CheckpointFile::read(const AtomSets& network) const {
  auto saved = file_.read(network.weights().flat());
  if (!saved) {
    return std::nullopt;
  }
  auto& tensors = saved->tensors;
  return TrainingState{saved->values.at("epochs"),
                       saved->values.at("loss"),
                       tensors.at("weights"),
                       {saved->values.at("steps"), tensors.at("first_moment"), tensors.at("second_moment"),
                        tensors.at("slow")}};
}

void CheckpointFile::write(const TrainingState& state) {
  const auto& optimiser = state.optimiser;
  file_.write({{{"epochs", state.epochs}, {"loss", state.loss}, {"steps", optimiser.steps}},
               {{"weights", state.weights},
                {"first_moment", optimiser.first_moment},
                {"second_moment", optimiser.second_moment},
                {"slow", optimiser.slow}}});
}

} // namespace ionsift::learn
