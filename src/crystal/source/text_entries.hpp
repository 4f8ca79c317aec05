// SPDX-License-Identifier: BSD-3-Clause
// The entries of one file or archive member: one for a CIF, one for each structure of a document or table.
#pragma once

#include "ionsift/crystal/source/source.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <variant>

namespace ionsift::crystal {

/// The origin of a text, and how to treat it if it holds no structure.
struct TextSource {
  std::string source;     ///< as in Crystal::source
  std::string name;       ///< file name, without the ending of a compressed file; determines the kind
  bool requested = false; ///< whether the user named it: then a text without structures is a failure
  const BlockRun* blocks = nullptr; ///< set if the text is only these blocks of a collection
};

using Items = std::deque<std::variant<Entry, Failure>>;

/// Records that are not structures are failures in their place. A text without any, unless it was requested,
/// is counted in the notes.
/// @throws Error format; missing (a requested table without a column of structures, a field or column of ids
/// that does not exist)
Items entries_of(std::string text, const TextSource& source, const SourceOptions& options,
                 SourceNotes& notes);

/// Whether a text begins with a byte order mark, or is UTF-16 without one.
bool needs_decoding(std::string_view text);

} // namespace ionsift::crystal
