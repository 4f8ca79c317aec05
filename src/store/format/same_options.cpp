// SPDX-License-Identifier: BSD-3-Clause
#include "same_options.hpp"

#include "ionsift/base/error.hpp"

#include <fmt/format.h>

#include <string_view>

namespace ionsift::store {

namespace {

/// The value of "NAME=VALUE" in a list, or "not recorded".
std::string value_in(const std::vector<std::string>& options, std::string_view name) {
  for (const auto& option : options) {
    if (option.starts_with(name) && option.substr(name.size(), 1) == "=") {
      return option.substr(name.size() + 1);
    }
  }
  return "not recorded";
}

} // namespace

void require_same_options(const std::vector<std::string>& before, const std::vector<std::string>& now,
                          const std::string& what) {
  for (const auto& option : now) {
    const auto name = option.substr(0, option.find('='));
    const auto old = value_in(before, name);
    const auto wanted = value_in(now, name);
    IONSIFT_VALIDATE(old == wanted, conflict, fmt::format("{} was made with another {}", what, name),
                     fmt::format("{} then, {} now", old, wanted),
                     "Give the old value, or another store; --overwrite replaces this one.");
  }
}

} // namespace ionsift::store
