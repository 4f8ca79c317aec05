// SPDX-License-Identifier: BSD-3-Clause
// The journal of a cross-validation's trainings.
#pragma once

#include "ionsift/learn/validation/crossvalidation.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace ionsift::learn {

/// Everything that the results of `train_folds` depend on, as 64 hexadecimal digits.
std::string fingerprint(const dataset::FeatureSet& structures, const dataset::Folds& folds,
                        const CrossValidationOptions& options);

nlohmann::json to_json(const FoldTraining& training);
FoldTraining fold_training_from_json(const nlohmann::json& json);

} // namespace ionsift::learn
