// SPDX-License-Identifier: BSD-3-Clause
// Descriptors of users beside those of crystals.
#pragma once

#include "ionsift/dataset/descriptors/given.hpp"
#include "ionsift/dataset/features/feature_set.hpp"

namespace ionsift::dataset {

/// The given descriptors that the content wants; nullptr if none. @throws Error usage if they are not there
const GivenDescriptors* given_of(const Content& content);

/// Appends their columns; zeros for structures that lack any of them.
void append_given(FeatureSet& set, const GivenDescriptors& given);

} // namespace ionsift::dataset
