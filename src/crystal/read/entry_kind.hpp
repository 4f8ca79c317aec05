// SPDX-License-Identifier: BSD-3-Clause
// Kinds of files and archive members, by name.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ionsift::crystal {

enum class EntryKind {
  cif,
  json,       ///< perhaps structures, perhaps something else
  csv,        ///< a table, perhaps with a column of structures
  poscar,     ///< of VASP: "POSCAR", "CONTCAR", "x.vasp", "POSCAR_1"
  xyz,        ///< perhaps extended XYZ, with a cell
  archive,    ///< holds members
  compressed, ///< one compressed file: "x.cif.gz"
  other,
};

EntryKind kind_of(std::string_view name);

/// Whether files of this kind may hold structures; others are skipped unless the user names them.
bool may_hold_structures(EntryKind kind);

/// The name under which skipped files are counted: ".txt", "archive", "no ending".
std::string kind_in_words(std::string_view name);

/// The id of a record without one of its own: "folder/dump.json" and 3 -> "dump.json#3". No database
/// uses such ids.
std::string numbered_id(std::string_view source, std::size_t number);

/// The name without the ending of a compressed file: "x.cif.gz" -> "x.cif".
std::string without_compression(std::string_view name);

/// The file name without folders and without the endings that kind_of() looks at: "a/b/mp-1.cif.gz" ->
/// "mp-1".
std::string stem_of(std::string_view name);

/// The id of a file with one structure: its stem. All files of VASP have the same name, so the folder
/// is used: "a/Li3N/POSCAR" -> "Li3N/POSCAR".
std::string file_id(std::string_view source);

/// Members that archivers add on their own: "__MACOSX/...", "._x.cif", ".DS_Store".
bool is_hidden(std::string_view name);

} // namespace ionsift::crystal
