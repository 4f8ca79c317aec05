// SPDX-License-Identifier: BSD-3-Clause
// Members of every kind: trained, and read from their files. libtorch stays behind this header.
#pragma once

#include "ionsift/learn/model/classifier.hpp"

#include <filesystem>
#include <memory>
#include <vector>

namespace ionsift::learn {

/// @param view of members whose file names none (ensembles of schema 1)
/// @throws Error missing, format
std::unique_ptr<Classifier> load_classifier(const std::filesystem::path& path,
                                            const dataset::View& view = {});

/// Trains one member. The same seed gives the same member, on whatever rank.
/// @throws Error data unless every structure is labelled and both classes occur, numeric for features that
/// are not finite, conflict when the set lacks what the configuration looks at, or the start is of another
/// kind or shape
Fitted fit(const Configuration& configuration, const dataset::FeatureSet& train, std::uint64_t seed,
           const parallel::DeviceBinding& device, const FitOptions& options = {});

/// What `fit` does, for several members of one configuration: AtomSets as one batched model, as an
/// accelerator wants them; others one by one. Each draws its own random numbers, and its states are those of
/// `fit`. Results differ from its by rounding alone.
/// @param options start, compositions and interrupted; of observers there can be none
/// @throws Error as fit
std::vector<Fitted> fit_stack(const Configuration& configuration, const dataset::FeatureSet& train,
                              const std::vector<StackSeed>& members, const parallel::DeviceBinding& device,
                              const FitOptions& options = {});

/// About how much arithmetic `fit` does, in multiplications; for handing out work.
double training_cost(const Configuration& configuration, const dataset::FeatureSet& train);

} // namespace ionsift::learn
