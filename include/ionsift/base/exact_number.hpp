// SPDX-License-Identifier: BSD-3-Clause
// Lossless numbers in JSON, which itself lacks non-finite ones.
#pragma once

#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

namespace ionsift {

inline nlohmann::json exact_json(double value) {
  if (std::isfinite(value)) {
    return value; // printed with as many digits as it needs
  }
  return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

/// @throws nlohmann::json::type_error for what is neither a number nor one of these words
inline double exact_number(const nlohmann::json& json) {
  if (!json.is_string()) {
    return json.get<double>();
  }
  const bool nan = json == "nan";
  const double infinity = std::numeric_limits<double>::infinity();
  return nan ? std::numeric_limits<double>::quiet_NaN() : json == "-inf" ? -infinity : infinity;
}

} // namespace ionsift
