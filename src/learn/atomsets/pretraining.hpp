// SPDX-License-Identifier: BSD-3-Clause
// pretraining.json: what start weights are and what they were trained on.
#pragma once

#include "ionsift/base/json.hpp"

namespace ionsift::learn {

inline constexpr const char* pretraining_format = "ionsift start weights";
inline constexpr int pretraining_schema = 1;

inline bool is_pretraining(const nlohmann::json& document) {
  return document.is_object() && document.value("format", "") == pretraining_format &&
         integer_or<std::int64_t>(document, "schema", 0) == pretraining_schema;
}

} // namespace ionsift::learn
