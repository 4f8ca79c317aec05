// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/encoding.hpp"

#include "ionsift/base/enum_names.hpp"
#include "ionsift/base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace ionsift {

namespace {

constexpr std::uint32_t unknown_character = 0xFFFD;

void append_utf8(std::string& text, std::uint32_t character) {
  const auto byte = [&](std::uint32_t value) { text += static_cast<char>(value); };
  if (character < 0x80) {
    byte(character);
  } else if (character < 0x800) {
    byte(0xC0 | character >> 6);
    byte(0x80 | (character & 0x3F));
  } else if (character < 0x10000) {
    byte(0xE0 | character >> 12);
    byte(0x80 | (character >> 6 & 0x3F));
    byte(0x80 | (character & 0x3F));
  } else {
    byte(0xF0 | character >> 18);
    byte(0x80 | (character >> 12 & 0x3F));
    byte(0x80 | (character >> 6 & 0x3F));
    byte(0x80 | (character & 0x3F));
  }
}

std::string from_utf16(std::string_view bytes, bool little_endian) {
  const auto unit = [&](std::size_t at) -> std::uint32_t {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return little_endian ? first | second << 8U : first << 8U | second;
  };
  std::string text;
  text.reserve(bytes.size() / 2);
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    const auto high = unit(at);
    if (high < 0xD800 || high > 0xDFFF) {
      append_utf8(text, high);
      continue;
    }
    const auto low = at + 3 < bytes.size() ? unit(at + 2) : 0;
    if (high <= 0xDBFF && low >= 0xDC00 && low <= 0xDFFF) {
      append_utf8(text, 0x10000 + ((high - 0xD800) << 10U) + (low - 0xDC00));
      at += 2;
    } else {
      append_utf8(text, unknown_character);
    }
  }
  return text;
}

/// Where it differs from Latin-1: the characters of the bytes 0x80 to 0x9F, 0 if there is none.
constexpr std::array<std::uint16_t, 32> windows_characters = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

std::string from_windows_1252(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 8);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    const bool special = byte >= 0x80 && byte <= 0x9F;
    const std::uint32_t character = special ? windows_characters.at(byte - 0x80U) : byte;
    append_utf8(text, special && character == 0 ? unknown_character : character);
  }
  return text;
}

/// Texts in Latin script have a zero in every second byte of UTF-16. `offset` is where in each pair.
bool has_zeros_at(std::string_view bytes, std::size_t offset) {
  constexpr std::size_t looked_at = 512;
  const auto begin = bytes.substr(0, looked_at);
  std::size_t zeros = 0, others = 0;
  for (std::size_t at = 0; at + 1 < begin.size(); at += 2) {
    zeros += begin[at + offset] == '\0' ? 1 : 0;
    others += begin[at + 1 - offset] == '\0' ? 1 : 0;
  }
  return zeros > 0 && others == 0 && zeros * 10 >= begin.size() / 2 * 8;
}

constexpr auto encoding_names =
    enum_names<Encoding>({{Encoding::utf8, "UTF-8"},
                          {Encoding::utf16_little_endian, "UTF-16 (little-endian)"},
                          {Encoding::utf16_big_endian, "UTF-16 (big-endian)"},
                          {Encoding::windows_1252, "Windows-1252"}});

} // namespace

std::string_view name_of(Encoding encoding) {
  return encoding_names.name(encoding);
}

DecodedText decode_text(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) {
    bytes.remove_prefix(3);
  } else if (bytes.starts_with("\xFF\xFE")) {
    return {from_utf16(bytes.substr(2), true), Encoding::utf16_little_endian};
  } else if (bytes.starts_with("\xFE\xFF")) {
    return {from_utf16(bytes.substr(2), false), Encoding::utf16_big_endian};
  } else if (has_zeros_at(bytes, 1)) {
    return {from_utf16(bytes, true), Encoding::utf16_little_endian};
  } else if (has_zeros_at(bytes, 0)) {
    return {from_utf16(bytes, false), Encoding::utf16_big_endian};
  }
  std::string text(bytes);
  if (is_valid_utf8(text)) {
    return {std::move(text), Encoding::utf8};
  }
  return {from_windows_1252(bytes), Encoding::windows_1252};
}

} // namespace ionsift
