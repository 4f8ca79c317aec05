// SPDX-License-Identifier: BSD-3-Clause
// Descriptors of one crystal, block by block.
#pragma once

#include "ionsift/crystal/crystal.hpp"

#include "descriptor_sink.hpp"

namespace ionsift::dataset {

void describe_symmetry(const crystal::Crystal& crystal, DescriptorSink& sink);
void describe_cell(const crystal::Crystal& crystal, DescriptorSink& sink);
void describe_disorder(const crystal::Crystal& crystal, DescriptorSink& sink);
void describe_distances(const crystal::Crystal& crystal, DescriptorSink& sink);

} // namespace ionsift::dataset
