// SPDX-License-Identifier: BSD-3-Clause
// A reader of JSON objects whose keys must all be known.
#pragma once

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/json.hpp"
#include "ionsift/crystal/representation.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace ionsift::learn {

/// Settings read from an object of which every key must be known. What is declared refers to variables that
/// outlive this.
class JsonKeys {
public:
  /// @param where name of the object in messages: "configuration \"a\""
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

/// The file's JSON as `parse` reads it. @param example a file to start from, for the message
/// @throws Error missing, format (not JSON), and what `parse` throws, all naming the file
template <typename Parse>
auto read_json(const std::filesystem::path& path, std::string_view example, const Parse& parse) {
  const auto text = read_file(path);
  try {
    return parse(parse_json(text));
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::format, fmt::format("{} is not JSON", path.string()), error.what(),
                fmt::format("Correct it, or start from {}.", example));
  } catch (const Error& error) {
    throw error.at(path.string());
  }
}

/// JSON has no NaN: it is written as null.
double number_or_nan(const nlohmann::json& json);

/// @throws Error usage
crystal::Representation representation_from_json(const nlohmann::json& json);

} // namespace ionsift::learn
