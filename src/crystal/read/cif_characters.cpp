// SPDX-License-Identifier: BSD-3-Clause
#include "cif_characters.hpp"

#include "ionsift/base/encoding.hpp"
#include "ionsift/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ionsift::crystal {

namespace {

constexpr std::size_t most_flaws = 20;
constexpr std::string_view end_of_file("\0\x1A \t\r\n\f\v", 8);

struct Replacement {
  std::string_view from;
  std::string_view to;
  std::string_view called;
};

constexpr std::array<Replacement, 11> replacements = {{
    {"\xC2\xA0", " ", "a no-break space"},
    {"\xE2\x80\x87", " ", "a figure space"},
    {"\xE2\x80\x89", " ", "a thin space"},
    {"\xE2\x80\xAF", " ", "a narrow no-break space"},
    {"\xE3\x80\x80", " ", "an ideographic space"},
    {"\xE2\x80\x8B", "", "a zero-width space"},
    {"\xEF\xBB\xBF", "", "a byte order mark"},
    {"\xE2\x88\x92", "-", "the Unicode minus sign"},
    {"\xE2\x80\x93", "-", "an en dash for a minus sign"},
    {"\xE2\x80\x90", "-", "a Unicode hyphen for a minus sign"},
    {"\xE2\x80\x91", "-", "a no-break hyphen for a minus sign"},
}};

/// Characters that have no meaning in a CIF and would hide the word that follows them. NUL is a different
/// matter: inside a value it may have replaced a character.
bool is_stray_control(char c) {
  return c > '\0' && c < ' ' && c != '\t' && c != '\n' && c != '\r';
}

/// Whether NUL characters precede the first word of a line.
bool has_leading_nul(std::string_view bytes) {
  for (std::size_t at = bytes.find('\0'); at != std::string_view::npos; at = bytes.find('\0', at + 1)) {
    if (at == 0 || bytes[at - 1] == '\n') {
      return true;
    }
  }
  return false;
}

/// Detected without decoding the text.
bool may_be_utf16(std::string_view bytes) {
  return bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF") ||
         bytes.substr(0, 4).find('\0') != std::string_view::npos;
}

/// The no-break space and the dash of Latin-1 and Windows-1252, in a text that is not UTF-8.
std::string replace_single_bytes(std::string& text) {
  std::string mended;
  for (char& c : text) {
    if (c == '\xA0') {
      c = ' ';
      mended = "a no-break space";
    } else if (c == '\x96') {
      c = '-';
      mended = "a dash for a minus sign";
    }
  }
  return mended;
}

} // namespace

void note_flaw(CifBlock& block, long line, const std::string& problem) {
  if (block.flaws.size() < most_flaws) {
    block.flaws.push_back(fmt::format("line {}: {}", line, problem));
  }
}

std::string replace_typography(std::string& text) {
  std::string mended;
  if (std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
    return mended;
  }
  if (valid_utf8(text) != text) {
    return replace_single_bytes(text);
  }
  for (const Replacement& replacement : replacements) {
    bool found = false;
    for (std::size_t at = 0; (at = text.find(replacement.from, at)) != std::string::npos;) {
      text.replace(at, replacement.from.size(), replacement.to);
      found = true;
    }
    if (found) {
      mended += (mended.empty() ? "" : ", ") + std::string(replacement.called);
    }
  }
  return mended;
}

std::optional<MendedText> mend_file_characters(std::string_view bytes) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  const bool wide = may_be_utf16(bytes);
  const auto end = bytes.find_last_not_of(end_of_file) + 1; // 0 where there is nothing else
  const auto padding = bytes.find_first_of(std::string_view("\0\x1A", 2), end);
  const bool controls =
      std::ranges::any_of(bytes.substr(0, end), is_stray_control) || has_leading_nul(bytes.substr(0, end));
  const bool macintosh =
      bytes.find('\r') != std::string_view::npos && bytes.find('\n') == std::string_view::npos;
  if (!wide && padding == std::string_view::npos && !controls && !macintosh &&
      !bytes.starts_with(byte_order_mark)) {
    return std::nullopt;
  }
  MendedText result;
  const auto note = [&](std::string_view text) {
    result.mended += (result.mended.empty() || text.empty() ? "" : ", ") + std::string(text);
  };
  if (wide) {
    DecodedText decoded = decode_text(bytes);
    if (decoded.encoding == Encoding::utf16_little_endian || decoded.encoding == Encoding::utf16_big_endian) {
      note(fmt::format("the text is {}", name_of(decoded.encoding)));
      result.text = std::move(decoded.text);
      if (auto again = mend_file_characters(result.text)) {
        result.text = std::move(again->text);
        note(again->mended);
      }
      return result;
    }
  }
  if (padding != std::string_view::npos) {
    note(bytes[padding] == '\0' ? "NUL characters follow its end" : "Ctrl-Z (0x1A) follows its end");
    bytes = bytes.substr(0, padding);
  }
  if (bytes.starts_with(byte_order_mark)) {
    bytes.remove_prefix(byte_order_mark.size());
  }
  result.text = std::string(bytes);
  if (controls) {
    note("form feeds or other control characters stand between its lines");
    std::ranges::replace_if(result.text, is_stray_control, ' ');
    bool line_begins = true;
    for (char& c : result.text) {
      c = line_begins && c == '\0' ? ' ' : c;
      line_begins = c == '\n' || (line_begins && c == ' ');
    }
  }
  if (macintosh) {
    std::ranges::replace(result.text, '\r', '\n');
  }
  return result;
}

} // namespace ionsift::crystal
