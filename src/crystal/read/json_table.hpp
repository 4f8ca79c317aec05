// SPDX-License-Identifier: BSD-3-Clause
// Tables in JSON documents: rows, or columns, of structures and ids.
#pragma once

#include "json_record.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ionsift::crystal {

struct JsonRow {
  std::string id;                     ///< empty if it has none
  std::optional<JsonValue> structure; ///< nothing if the row has none
  std::string_view text;              ///< text of the row, or of its cell
  bool complete = true;
};

struct JsonTable {
  std::vector<JsonRow> rows;
  std::vector<std::string> fields; ///< names of the columns
  bool has_id_field = false;       ///< whether the requested column of ids exists
};

/// The table that an object with these members is: {"columns", "data"} by rows, or a member of structures by
/// column, as a list or by row names. Nothing if it is not a table of structures.
std::optional<JsonTable> table_in(const JsonMembers& members, const RecordFields& fields);

} // namespace ionsift::crystal
