// The keys of one JSON object, each with what reads it into a structure.
#pragma once

#include "ionsift/crystal/representation.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace ionsift::learn {

/// Settings read from an object of which every key must be known. What is declared refers to variables that
/// outlive this.
class JsonKeys {
public:
  /// @param where what messages call the object: "configuration \"a\""
  explicit JsonKeys(std::string where) : where_(std::move(where)) {}
  JsonKeys(const JsonKeys&) = delete;
  JsonKeys& operator=(const JsonKeys&) = delete;

  void text(const std::string& key, std::string& value);
  void flag(const std::string& key, bool& value);
  void integer(const std::string& key, int& value, int low, int high = std::numeric_limits<int>::max());
  /// A finite number in [low, high), or (low, high) where `open`.
  void number(const std::string& key, double& value, double low, double high, bool open = false);
  void other(const std::string& key, std::function<void(const nlohmann::json&)> read);

  /// Reads all keys of an object. @throws Error usage for an unknown key or a value that does not fit
  void read(const nlohmann::json& json) const;
  /// "configuration \"a\": \"width\" is -3".
  std::string problem(const std::string& key, const nlohmann::json& json) const;

private:
  std::string where_;
  std::vector<std::string> names_;
  std::vector<std::function<void(const nlohmann::json&)>> readers_;
};

/// @throws Error usage
crystal::Representation representation_from_json(const nlohmann::json& json);

} // namespace ionsift::learn
