// SPDX-License-Identifier: BSD-3-Clause
// A record of a JSON document: its structure and id.
#pragma once

#include "json_scan.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace ionsift::crystal {

/// Fields and columns of ids, the most specific first; the same for JSON documents and tables.
inline constexpr std::array<std::string_view, 14> usual_id_names = {
    "material_id", "id",      "mp_id",      "mat_id", "jid",   "task_id", "entry_id",
    "cif_id",      "icsd_id", "identifier", "name",   "index", "_id",     "uuid"};
/// Fields and columns of structures.
inline constexpr std::array<std::string_view, 10> usual_structure_names = {"cif",
                                                                           "structure",
                                                                           "cif_string",
                                                                           "cifs",
                                                                           "initial_structure",
                                                                           "final_structure",
                                                                           "relaxed_structure",
                                                                           "optimized_structure",
                                                                           "crystal",
                                                                           "atoms"};

/// Which fields the user named; empty for the usual ones.
struct RecordFields {
  std::string_view id;
  std::string_view structure;
};

/// Whether a value is a structure itself: as pymatgen, OPTIMADE or JARVIS write it, or a CIF as a text.
bool is_structure(const JsonValue& value);

/// The structure that a record is, or that one of its fields holds. Nothing for lists and mappings of
/// structures.
std::optional<JsonValue> structure_of(const JsonValue& record, const RecordFields& fields);

/// The id of a record, without escapes; of an object such as {"$oid": "..."} its text. Empty where there is
/// none.
std::string id_of(const JsonMembers& members, const RecordFields& fields);

/// The text of a value that is an id: a string, a number, an MPID or ObjectId object; else empty.
std::string id_text(const JsonValue& value);

bool is_usual_id_name(std::string_view name);

} // namespace ionsift::crystal
