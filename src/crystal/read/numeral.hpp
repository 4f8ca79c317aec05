// SPDX-License-Identifier: BSD-3-Clause
// Numbers in crystallographic files.
#pragma once

#include <optional>
#include <string_view>

namespace ionsift::crystal {

struct Numeral {
  double value = 0;
  /// Rounding error of a written value: half a unit of the last
  /// digit of a number with three or more decimals, and the distance to the third, sixth, twelfth or
  /// twenty-fourth that 0.3333, 0.66670 or 0.1667 stand for. 0 for short decimals, which are exact (0.25,
  /// 0.5).
  double rounding = 0;
  double uncertainty = 0; ///< standard uncertainty if one is written: 0.002 for "0.707(2)"
};

/// Reads "0.707(2)", "-.25", "1/3", "1.5E-2"; nothing if the text is not a finite number.
std::optional<Numeral> parse_numeral(std::string_view text);

/// "?" and ".", which stand for a value that is unknown or does not apply; also the empty text.
bool is_unknown(std::string_view text);

} // namespace ionsift::crystal
