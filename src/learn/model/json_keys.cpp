// SPDX-License-Identifier: BSD-3-Clause
#include "json_keys.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace ionsift::learn {

void JsonKeys::text(const std::string& key, std::string& value) {
  other(key, [&value, key, this](const nlohmann::json& json) {
    IONSIFT_VALIDATE(json.is_string(), usage, problem(key, json), "it must be text", "Put it in quotes.");
    value = json.get<std::string>();
  });
}

void JsonKeys::flag(const std::string& key, bool& value) {
  other(key, [&value, key, this](const nlohmann::json& json) {
    IONSIFT_VALIDATE(json.is_boolean(), usage, problem(key, json), "it must be true or false", "Correct it.");
    value = json.get<bool>();
  });
}

void JsonKeys::integer(const std::string& key, int& value, int low, int high) {
  other(key, [&value, key, low, high, this](const nlohmann::json& json) {
    const bool fits = holds_integer<int>(json) && json.get<int>() >= low && json.get<int>() <= high;
    IONSIFT_VALIDATE(fits, usage, problem(key, json),
                     high == std::numeric_limits<int>::max()
                         ? fmt::format("it must be a whole number, at least {}", low)
                         : fmt::format("it must be a whole number, {} to {}", low, high),
                     "Correct it.");
    value = json.get<int>();
  });
}

void JsonKeys::number(const std::string& key, double& value, double low, double high, bool open) {
  other(key, [&value, key, low, high, open, this](const nlohmann::json& json) {
    const double x = json.is_number() ? json.get<double>() : std::numeric_limits<double>::quiet_NaN();
    IONSIFT_VALIDATE(
        (open ? x > low : x >= low) && x < high, usage, problem(key, json),
        fmt::format("it must be a number {} {} and below {}", open ? "above" : "of at least", low, high),
        "Correct it.");
    value = x;
  });
}

void JsonKeys::other(const std::string& key, std::function<void(const nlohmann::json&)> read) {
  names_.push_back(key);
  readers_.push_back(std::move(read));
}

void JsonKeys::read(const nlohmann::json& json) const {
  IONSIFT_VALIDATE(json.is_object(), usage, fmt::format("{} is not an object", where_),
                   "settings are given as {\"key\": value, ...}", "Put it in braces.");
  for (const auto& [key, value] : json.items()) {
    const auto known = std::find(names_.begin(), names_.end(), key);
    if (known == names_.end()) {
      const auto nearest = nearest_word(key, names_);
      throw Error(ErrorCode::usage, fmt::format("{} has an unknown key \"{}\"", where_, key),
                  fmt::format("the keys are {}", fmt::join(names_, ", ")),
                  nearest ? fmt::format("Did you mean \"{}\"?", *nearest) : "Remove it.");
    }
    readers_[static_cast<std::size_t>(known - names_.begin())](value);
  }
}

std::string JsonKeys::problem(const std::string& key, const nlohmann::json& json) const {
  return fmt::format("{}: \"{}\" is {}", where_, key, json.dump());
}

double number_or_nan(const nlohmann::json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

crystal::Representation representation_from_json(const nlohmann::json& json) {
  IONSIFT_VALIDATE(json.is_string(), usage, fmt::format("\"representation\" is {}", json.dump()),
                   "it must be CAMN, CAN, CAMNS or CANS", "Put it in quotes.");
  return crystal::representation_of(json.get<std::string>());
}

} // namespace ionsift::learn
