// SPDX-License-Identifier: BSD-3-Clause
// Sections in which a failure of one rank is raised on all ranks.
#pragma once

#include "ionsift/parallel/communicator.hpp"

#include <functional>

namespace ionsift::parallel {

/// Runs `section`, which must not communicate, on every rank; collective. When it throws anywhere, every
/// rank throws: the failing ones their own exception, the others the message of the lowest failing rank.
/// Nobody is left waiting in a later collective.
void together(const Communicator& comm, const std::function<void()>& section);

/// Runs `section` on rank 0 alone, with the same guarantee.
void on_root(const Communicator& comm, const std::function<void()>& section);

} // namespace ionsift::parallel
