// SPDX-License-Identifier: BSD-3-Clause
// The state of a parent's training in a file.
#pragma once

#include "ionsift/learn/model/checkpoint.hpp"

#include "parent_trainer.hpp"
#include "tensor/adam.hpp"

namespace ionsift::learn {

/// Fills weights, optimiser and state from the file of this very job. A file that belongs to another one or
/// cannot be read is said to be so, and passed over. @return whether there was one
bool read_parent_state(const Checkpoint& checkpoint, const at::Tensor& weights, Adam& adam,
                       ParentState& state);

/// Written beside and renamed. @throws Error io
void write_parent_state(const Checkpoint& checkpoint, const at::Tensor& weights, const Adam& adam,
                        const ParentState& state);

} // namespace ionsift::learn
