// SPDX-License-Identifier: BSD-3-Clause
// Descriptors of users beside those of crystals.
#pragma once

#include "ionsift/dataset/features/feature_set.hpp"

namespace ionsift::dataset {

/// Appends the columns of `content.given` if its block is wanted; zeros for structures that lack any of them.
/// @param incomplete [structures] 1 for those  @throws Error usage if they are wanted and not there
void append_given(FeatureSet& set, const Content& content, std::vector<std::uint8_t>& incomplete);

} // namespace ionsift::dataset
