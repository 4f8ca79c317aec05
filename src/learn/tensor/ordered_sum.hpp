// SPDX-License-Identifier: BSD-3-Clause
// Sums that are independent of the distribution over ranks.
#pragma once

#include "ionsift/parallel/communicator.hpp"

#include <span>
#include <vector>

namespace ionsift::learn {

/// Sums the pieces of all ranks element by element, in rank order and in double; collective. Where ranks hold
/// consecutive pieces of one list, the result has the same bits for any number of ranks. Each rank sums its
/// part of the elements, so that nobody holds all pieces.
/// @param mine   [pieces here x length]
/// @param result [length], on every rank
void sum_in_order(const parallel::Communicator& comm, std::span<const float> mine, std::span<float> result);

} // namespace ionsift::learn
