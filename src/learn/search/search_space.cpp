// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/search/search_space.hpp"

#include "ionsift/base/error.hpp"

#include "model/json_keys.hpp"

#include <cmath>
#include <limits>

namespace ionsift::learn {

namespace {

constexpr double any = std::numeric_limits<double>::infinity();

Range range_from_json(const std::string& name, const nlohmann::json& json) {
  Range range{std::nan(""), std::nan(""), false, false};
  JsonKeys keys(fmt::format("parameter \"{}\"", name));
  keys.number("low", range.low, -any, any);
  keys.number("high", range.high, -any, any);
  keys.flag("whole", range.whole);
  keys.other("scale", [&](const nlohmann::json& value) {
    IONSIFT_VALIDATE(value == "linear" || value == "log", usage, keys.problem("scale", value),
                     "it must be linear or log", "Choose one of these, in quotes.");
    range.logarithmic = value == "log";
  });
  keys.read(json);
  IONSIFT_VALIDATE(range.low < range.high && (!range.logarithmic || range.low > 0), usage,
                   fmt::format("parameter \"{}\" ranges from {} to {}", name, range.low, range.high),
                   "\"low\" and \"high\" are both given, low is the smaller one, and above 0 on a log scale",
                   "Correct them.");
  return range;
}

Parameter parameter_from_json(const std::string& name, const nlohmann::json& json) {
  IONSIFT_VALIDATE(name != "epochs" && name != "name" && name != "model" && name != "seeds" &&
                       name != "weight" && name != "representation" && name != "level",
                   usage, fmt::format("\"{}\" is not a parameter of the search", name),
                   "epochs are found by the search itself, and views have different inputs",
                   "Remove it from \"search\".");
  if (!json.is_array()) {
    return {name, range_from_json(name, json)};
  }
  Choice choice;
  constexpr std::size_t most_values = 100;
  IONSIFT_VALIDATE(json.size() <= most_values, usage,
                   fmt::format("parameter \"{}\" has {} values", name, json.size()),
                   fmt::format("a choice is among {} at most", most_values), "Give a range instead.");
  for (const auto& value : json) {
    for (const auto& known : choice.values) {
      IONSIFT_VALIDATE(known != value, usage,
                       fmt::format("parameter \"{}\" has {} twice", name, value.dump()),
                       "it would be tried twice as often as the others", "Remove one.");
    }
    choice.values.push_back(value);
  }
  IONSIFT_VALIDATE(!choice.values.empty(), usage, fmt::format("parameter \"{}\" has no values", name),
                   "one of them is chosen", "List some, or remove the parameter.");
  return {name, std::move(choice)};
}

nlohmann::json domain_to_json(const Parameter& parameter) {
  if (const auto* choice = std::get_if<Choice>(&parameter.domain)) {
    return choice->values;
  }
  const auto& range = std::get<Range>(parameter.domain);
  return {{"low", range.low},
          {"high", range.high},
          {"scale", range.logarithmic ? "log" : "linear"},
          {"whole", range.whole}};
}

/// All values of a choice, both ends of a range.
std::vector<double> extremes(const Parameter& parameter) {
  if (const auto* range = std::get_if<Range>(&parameter.domain)) {
    return {range->low, range->high};
  }
  std::vector<double> positions(std::get<Choice>(parameter.domain).values.size());
  for (std::size_t i = 0; i < positions.size(); ++i) {
    positions[i] = static_cast<double>(i);
  }
  return positions;
}

/// Tries every pair of extreme values, since some settings limit each other: a bad file is rejected before a
/// search has run for hours.
void require_valid(const SearchSpace& space) {
  Point point;
  for (const auto& parameter : space.parameters) {
    point.push_back(extremes(parameter).front());
  }
  space.configuration(point, "", 1);
  for (std::size_t a = 0; a < point.size(); ++a) {
    auto trial = point;
    for (const double at_a : extremes(space.parameters[a])) {
      trial[a] = at_a;
      space.configuration(trial, "of the search space", 1);
      for (std::size_t b = a + 1; b < point.size(); ++b) {
        for (const double at_b : extremes(space.parameters[b])) {
          trial[b] = at_b;
          space.configuration(trial, "of the search space", 1);
        }
        trial[b] = point[b];
      }
    }
  }
}

} // namespace

SearchSpace SearchSpace::from_json(const nlohmann::json& json) {
  SearchSpace space;
  JsonKeys keys("the search space");
  keys.other("representation", [&](const nlohmann::json& value) {
    space.view.representation = representation_from_json(value);
  });
  keys.integer("level", space.view.level, 0, 3);
  const auto is_object = [](const char* key, const nlohmann::json& value) {
    IONSIFT_VALIDATE(value.is_object(), usage, fmt::format("\"{}\" is not an object", key),
                     "it is given as {\"key\": value, ...}", "Put it in braces.");
  };
  keys.other("fixed", [&](const nlohmann::json& value) {
    is_object("fixed", value);
    space.fixed = value;
  });
  keys.other("search", [&](const nlohmann::json& value) {
    is_object("search", value);
    for (const auto& [name, domain] : value.items()) {
      space.parameters.push_back(parameter_from_json(name, domain));
    }
  });
  keys.read(json);
  IONSIFT_VALIDATE(!space.parameters.empty(), usage, "there is nothing to search",
                   "\"search\" has no parameter", "Name some, as inputs/search-space.json does.");
  for (const auto& parameter : space.parameters) {
    IONSIFT_VALIDATE(!space.fixed.contains(parameter.name), usage,
                     fmt::format("\"{}\" is fixed and searched", parameter.name), "it can be one of both",
                     "Remove it from \"fixed\" or from \"search\".");
  }
  require_valid(space);
  return space;
}

SearchSpace SearchSpace::read(const std::filesystem::path& path) {
  return read_json(path, "inputs/search-space.json", from_json);
}

nlohmann::json SearchSpace::to_json() const {
  auto search = nlohmann::json::object();
  for (const auto& parameter : parameters) {
    search[parameter.name] = domain_to_json(parameter);
  }
  return {{"representation", crystal::name_of(view.representation)},
          {"level", view.level},
          {"fixed", fixed},
          {"search", std::move(search)}};
}

nlohmann::json SearchSpace::values(const Point& point) const {
  auto json = nlohmann::json::object();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto& [name, domain] = parameters[i];
    if (const auto* choice = std::get_if<Choice>(&domain)) {
      json[name] = choice->values.at(static_cast<std::size_t>(point[i]));
    } else if (std::get<Range>(domain).whole) {
      json[name] = std::llround(point[i]);
    } else {
      json[name] = point[i];
    }
  }
  return json;
}

Configuration SearchSpace::configuration(const Point& point, const std::string& name, int epochs) const {
  auto json = fixed;
  json.update(values(point));
  json["name"] = name;
  json["epochs"] = epochs;
  auto result = configuration_from_json(json, view);
  IONSIFT_VALIDATE(std::holds_alternative<AtomSetsConfiguration>(result.model), usage,
                   "the search space is of another model", "AtomSets alone are trained by epochs",
                   "Remove \"model\".");
  return result;
}

} // namespace ionsift::learn
