// SPDX-License-Identifier: BSD-3-Clause
// Training of one AtomSets member against the lower bound of its arithmetic.
#pragma once

#include "ionsift/dataset/features/feature_set.hpp"
#include "ionsift/learn/model/configuration.hpp"

#include <nlohmann/json.hpp>

namespace ionsift::bench {

/// Milliseconds of an epoch on this process's one thread, after a few epochs to warm up, and their lower
/// bound: the matrix products of an epoch that cannot be avoided, timed one by one through the same
/// BLAS, and what an optimiser must move (weights, gradients and two moments read; weights and moments
/// written; slow weights every sixth step), timed as one plain loop.
/// @param configuration of AtomSets @throws Error as learn::fit does
nlohmann::json measure_training(const dataset::FeatureSet& train, const learn::Configuration& configuration);

} // namespace ionsift::bench
