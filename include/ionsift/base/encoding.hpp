// SPDX-License-Identifier: BSD-3-Clause
// The encodings of text files that spreadsheets and editors write.
#pragma once

#include <string>
#include <string_view>

namespace ionsift {

enum class Encoding { utf8, utf16_little_endian, utf16_big_endian, windows_1252 };
/// "UTF-16 (little-endian)"
std::string_view name_of(Encoding encoding);

struct DecodedText {
  std::string text; ///< UTF-8, without a byte order mark
  Encoding encoding = Encoding::utf8;
};

/// Converts bytes to UTF-8. The byte order mark determines the encoding; without one, bytes of which every
/// second is zero are UTF-16, valid UTF-8 is UTF-8, and anything else is Windows-1252 (of which Latin-1 is a
/// part), in which every byte is a character. Surrogates without their partner become U+FFFD.
DecodedText decode_text(std::string_view bytes);

} // namespace ionsift
