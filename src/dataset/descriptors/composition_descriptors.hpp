// SPDX-License-Identifier: BSD-3-Clause
// Descriptors of a composition.
#pragma once

#include "ionsift/crystal/chemistry/composition.hpp"

#include "descriptor_sink.hpp"

namespace ionsift::dataset {

/// The most electronegative element except lithium; lithium itself if it is the only one.
int anion_of(const crystal::Composition& composition);

void describe_composition(const crystal::Composition& composition, DescriptorSink& sink);

} // namespace ionsift::dataset
