// SPDX-License-Identifier: BSD-3-Clause
// Results that are asked for again and again.
#pragma once

#include <string>
#include <unordered_map>
#include <utility>

namespace ionsift::crystal {

/// Values by a text that holds everything they depend on. Forgets all of them when there are too many, so
/// that memory stays bounded however many files pass.
template <typename Value>
class Remembered {
public:
  /// The value of `key`, from `make` where it is not known; what `make` throws is not remembered.
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
