// What a file or archive member is, by its name.
#pragma once

#include <string>
#include <string_view>

namespace ionsift::crystal {

enum class EntryKind {
  cif,
  json,       ///< perhaps structures, perhaps something else
  csv,        ///< a table, perhaps with a column of structures
  archive,    ///< holds members
  compressed, ///< one compressed file: "x.cif.gz"
  other,
};

EntryKind kind_of(std::string_view name);

/// The name without the ending of a compressed file: "x.cif.gz" -> "x.cif".
std::string without_compression(std::string_view name);

/// The file name without folders and without the endings that kind_of() looks at: "a/b/mp-1.cif.gz" ->
/// "mp-1".
std::string stem_of(std::string_view name);

/// Members that archivers add on their own: "__MACOSX/...", "._x.cif", ".DS_Store".
bool is_hidden(std::string_view name);

} // namespace ionsift::crystal
