// SPDX-License-Identifier: BSD-3-Clause
// Compositions that nobody has measured, as weak negatives of a training.
#pragma once

#include "ionsift/dataset/features/feature_set.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/store/read/reader.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ionsift::dataset {

/// Atomic fractions to a thousandth, as a number: structures of one composition have one number. All members
/// and programs agree on it.
std::uint64_t composition_number(const crystal::Composition& composition);
/// The same of rows of descriptors, which have the block `composition` [rows].
std::vector<std::uint64_t> composition_numbers(const Descriptors& descriptors);

/// Compositions of the structures of a store, each once (composition_number), as entries without structure,
/// labels or views: block `composition`, id and formula that of the first structure. Of more than `most`
/// those with the smallest numbers, which is a random sample that does not depend on the number of ranks.
/// Collective; the same on every rank, none of which holds more than `most` of another one.
/// @throws Error data when the store has no composition that can be read
FeatureSet unlabelled_compositions(const parallel::Communicator& comm, const store::Reader& store,
                                   std::size_t most);

} // namespace ionsift::dataset
