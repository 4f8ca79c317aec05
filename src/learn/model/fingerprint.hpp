// SPDX-License-Identifier: BSD-3-Clause
// Fingerprints of everything that the results of a training depend on.
#pragma once

#include "ionsift/dataset/features/feature_set.hpp"

#include <nlohmann/json.hpp>

namespace ionsift::learn {

/// Ids, labels, views and descriptors of structures; of long arrays their SHA-256.
nlohmann::json content_of(const dataset::FeatureSet& structures);

} // namespace ionsift::learn
