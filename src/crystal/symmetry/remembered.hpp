// SPDX-License-Identifier: BSD-3-Clause
// A bounded cache of results.
#pragma once

#include <string>
#include <unordered_map>
#include <utility>

namespace ionsift::crystal {

/// Values by a key text that holds everything they depend on. It is cleared when it is full, so
/// that memory stays bounded for any number of files.
template <typename Value>
class Remembered {
public:
  /// The value of `key`, computed by `make` if it is not cached; exceptions of `make` are not cached.
  template <typename Make>
  const Value& get(std::string key, const Make& make) {
    const auto found = values_.find(key);
    if (found != values_.end()) {
      return found->second;
    }
    Value value = make();
    if (values_.size() >= most) {
      values_.clear();
    }
    return values_.emplace(std::move(key), std::move(value)).first->second;
  }

private:
  static constexpr std::size_t most = 256;
  std::unordered_map<std::string, Value> values_;
};

} // namespace ionsift::crystal
