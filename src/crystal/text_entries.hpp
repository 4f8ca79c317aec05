// The entries of one file or archive member: one for a CIF, one for each structure of a document or table.
#pragma once

#include "ionsift/crystal/source.hpp"

#include <deque>
#include <optional>
#include <string>

namespace ionsift::crystal {

/// What a text is, and what is to be done when it holds no structure.
struct TextSource {
  std::string source;     ///< as in Crystal::source
  std::string name;       ///< file name, without the ending of a compressed file; tells the kind
  bool requested = false; ///< named by the user: then a text without structures is a failure
};

/// @throws Error format, missing (a requested table without a column of structures)
std::deque<Entry> entries_of(std::string text, const TextSource& source, const SourceOptions& options);

} // namespace ionsift::crystal
