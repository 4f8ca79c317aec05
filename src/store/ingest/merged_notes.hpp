// SPDX-License-Identifier: BSD-3-Clause
// Counts of what the inputs held besides entries, over all ranks.
#pragma once

#include "ionsift/crystal/source/source_notes.hpp"
#include "ionsift/parallel/communicator.hpp"

namespace ionsift::store {

/// The notes of all ranks together, in the order of the ranks; collective, the same on every rank.
crystal::SourceNotes merge_notes(const parallel::Communicator& comm, const crystal::SourceNotes& mine);

} // namespace ionsift::store
