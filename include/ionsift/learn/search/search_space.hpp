// SPDX-License-Identifier: BSD-3-Clause
// The configurations among which a search chooses.
#pragma once

#include "ionsift/learn/model/configuration.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace ionsift::learn {

/// One of several values, without an order among them.
struct Choice {
  std::vector<nlohmann::json> values;
};

/// A number in [low, high]; proposals treat its logarithm as uniform where `logarithmic`, and round it where
/// `whole`.
struct Range {
  double low = 0, high = 1;
  bool logarithmic = false, whole = false;
};

struct Parameter {
  std::string name; ///< a key of members.json, "width"
  std::variant<Choice, Range> domain;
};

/// One value for each parameter: the position of a choice, the number itself of a range.
using Point = std::vector<double>;

/// The content of search-space.json: {"representation", "level", "fixed": {key: value}, "search": {key:
/// domain}}. A domain is a list of values, or {"low", "high", "scale": "linear" | "log", "whole": true |
/// false}.
struct SearchSpace {
  dataset::View view;
  nlohmann::json fixed = nlohmann::json::object(); ///< settings common to all configurations
  std::vector<Parameter> parameters;               ///< parameters by name

  /// @throws Error usage for an unknown key or a value that no configuration may have, naming it
  static SearchSpace from_json(const nlohmann::json& json);
  /// @throws Error missing, format (not JSON), usage, all naming the file
  static SearchSpace read(const std::filesystem::path& path);
  nlohmann::json to_json() const;

  /// The settings at a point, without the fixed ones: {"width": 64, ...}.
  nlohmann::json values(const Point& point) const;
  /// An AtomSets configuration. @throws Error usage as configuration_from_json does
  Configuration configuration(const Point& point, const std::string& name, int epochs) const;
};

} // namespace ionsift::learn
