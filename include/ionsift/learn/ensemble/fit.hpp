// SPDX-License-Identifier: BSD-3-Clause
// Training and reading of members of every kind. libtorch stays behind this header.
#pragma once

#include "ionsift/learn/model/classifier.hpp"

#include <filesystem>
#include <memory>
#include <vector>

namespace ionsift::learn {

/// @param view default view for files without one (ensembles of schema 1)
/// @throws Error missing, format
std::unique_ptr<Classifier> load_classifier(const std::filesystem::path& path,
                                            const dataset::View& view = {});

/// Trains one member. The same seed gives the same member, on any rank.
/// @throws Error data unless every structure is labelled and both classes occur, numeric for features that
/// are not finite, conflict if the set lacks the configuration's input, or the start weights have another
/// kind or shape
Fitted fit(const Configuration& configuration, const dataset::FeatureSet& train, std::uint64_t seed,
           const parallel::DeviceBinding& device, const FitOptions& options = {});

/// What `fit` does, for several members of one configuration: AtomSets as one batched model, as suits an
/// accelerator; others one by one. Each draws its own random numbers, and its states are those of
/// `fit`. Results differ from its by rounding alone.
/// @param options start, compositions and interrupted; of observers there can be none
/// @throws Error as fit
std::vector<Fitted> fit_stack(const Configuration& configuration, const dataset::FeatureSet& train,
                              const std::vector<StackSeed>& members, const parallel::DeviceBinding& device,
                              const FitOptions& options = {});

/// Estimated cost of `fit` in multiplications, for the distribution of work.
double training_cost(const Configuration& configuration, const dataset::FeatureSet& train);

} // namespace ionsift::learn
