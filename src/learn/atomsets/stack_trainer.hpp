// SPDX-License-Identifier: BSD-3-Clause
// Training of several members of one configuration side by side.
#pragma once

#include "trainer.hpp"

#include <memory>
#include <vector>

namespace ionsift::learn {

/// One member of a stack.
struct StackMember {
  std::uint64_t seed = 0;
  const Checkpoint* checkpoint = nullptr; ///< as in TrainContext; those of all members are written together
};

struct StackResult {
  AtomSets network;
  TrainingRecord record;
};

/// Does for each member what `train` does, with the same random numbers, so that results differ from its by
/// rounding alone, and states of one are states of the other. Members that go on from states of different
/// epochs are trained in stacks of equals, one after the other. A member that diverges leaves the others
/// alone.
/// @param start weights that all begin with; fresh ones where there are none
/// @param interrupted as in TrainContext; called once after an epoch for all
/// @return in the order of the members
std::vector<StackResult> train_stack(const AtomSetsConfiguration& configuration, const Examples& examples,
                                     const std::vector<StackMember>& members, const AtomSets* start = nullptr,
                                     const std::function<bool()>& interrupted = {});

} // namespace ionsift::learn
