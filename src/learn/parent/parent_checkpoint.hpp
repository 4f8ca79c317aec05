// SPDX-License-Identifier: BSD-3-Clause
// Checkpoint files of a parent's training.
#pragma once

#include "ionsift/learn/model/checkpoint.hpp"

#include "parent_trainer.hpp"
#include "tensor/adam.hpp"

namespace ionsift::learn {

/// Fills weights, optimiser and state from the file of the same job. A file that belongs to another one or
/// cannot be read is reported and ignored. @return whether the state was restored
bool read_parent_state(const Checkpoint& checkpoint, const at::Tensor& weights, Adam& adam,
                       ParentState& state);

/// Writes the file under a temporary name and renames it. @throws Error io
void write_parent_state(const Checkpoint& checkpoint, const at::Tensor& weights, const Adam& adam,
                        const ParentState& state);

} // namespace ionsift::learn
