// SPDX-License-Identifier: BSD-3-Clause
// The current time in UTC.
#pragma once

#include <array>
#include <ctime>
#include <string>

namespace ionsift {

/// "2026-01-31T12:00:00Z"
inline std::string utc_time() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

} // namespace ionsift
