// SPDX-License-Identifier: BSD-3-Clause
// Repair of characters that do not belong in a CIF.
#pragma once

#include "cif_block.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ionsift::crystal {

/// Adds "line 12: PROBLEM" to the flaws of a block, a few at most.
void note_flaw(CifBlock& block, long line, const std::string& problem);

/// Replaces no-break and other unusual spaces by blanks, and typographic minus signs by "-". Returns
/// a description of what was replaced; empty if nothing was.
std::string replace_typography(std::string& text);

struct MendedText {
  std::string text;
  std::string mended; ///< description of the repairs; empty if none matters
};

/// The text of a CIF file without byte order mark, form feeds, and what editors and disks leave at the end of
/// files (Ctrl-Z, NUL); in UTF-8, with "\n" as the end of lines of Macintosh files. Nothing where the bytes
/// are fine as they are, as most are.
std::optional<MendedText> mend_file_characters(std::string_view bytes);

} // namespace ionsift::crystal
