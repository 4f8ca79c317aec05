// SPDX-License-Identifier: BSD-3-Clause
// The AtomSets parts of `fit` and `load_classifier`. libtorch stays behind this header.
#pragma once

#include "ionsift/learn/model/classifier.hpp"

namespace ionsift::h5 {
class File;
}

namespace ionsift::learn {

/// @param view where the file names none  @throws Error format
std::unique_ptr<Classifier> read_atomsets(const h5::File& file, const dataset::View& view);

Fitted fit_atomsets(const AtomSetsConfiguration& settings, const Configuration& configuration,
                    const dataset::FeatureSet& train, std::uint64_t seed,
                    const parallel::DeviceBinding& device, const FitOptions& options);
std::vector<Fitted> fit_atomsets_stack(const AtomSetsConfiguration& settings,
                                       const Configuration& configuration, const dataset::FeatureSet& train,
                                       const std::vector<StackSeed>& members,
                                       const parallel::DeviceBinding& device, const FitOptions& options);
double atomsets_cost(const AtomSetsConfiguration& settings, const Configuration& configuration,
                     const dataset::FeatureSet& train);

} // namespace ionsift::learn
