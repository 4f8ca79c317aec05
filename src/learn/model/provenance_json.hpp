// SPDX-License-Identifier: BSD-3-Clause
// JSON of the provenance of features.
#pragma once

#include "ionsift/store/format/schema.hpp"

#include <nlohmann/json.hpp>

namespace ionsift::learn {

nlohmann::json to_json(const store::Provenance& provenance);
/// @throws nlohmann::json::exception when something is missing, Error usage for an unknown representation
store::Provenance provenance_from_json(const nlohmann::json& json);

} // namespace ionsift::learn
