// SPDX-License-Identifier: BSD-3-Clause
// The state of a parent's training as a file has it.
#pragma once

#include "parent_trainer.hpp"
#include "tensor/adam.hpp"
#include "tensor/state_file.hpp"

namespace ionsift::learn {

SavedState saved_state(const at::Tensor& weights, const Adam& adam, const ParentState& state);
/// Fills weights, optimiser and state.
void restore(const SavedState& saved, const at::Tensor& weights, Adam& adam, ParentState& state);

} // namespace ionsift::learn
