// SPDX-License-Identifier: BSD-3-Clause
// Splitting of a JSON document into structures without building it in memory.
#pragma once

#include "json_record.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ionsift::crystal {

/// One record of a document.
struct JsonPart {
  std::string id;          ///< id in the document, empty if it has none
  std::string_view text;   ///< the structure's JSON, or a text literal with a CIF; inside the given text
  long line = 1;           ///< line on which it begins
  std::size_t number = 1;  ///< number of the record in the document
  std::string problem;     ///< why this is no structure; empty for structures
  bool is_damaged = false; ///< whether the problem is that it is truncated or not JSON
};

struct JsonSplit {
  std::vector<JsonPart> parts;     ///< structures, and records that should be some, in the document's order
  bool has_id_field = false;       ///< at least one record has the requested field of ids
  std::vector<std::string> fields; ///< names of the fields of a record, for messages
};

/// Takes apart: one structure or record; a list of them; JSON Lines; a table {"index", "columns", "data"} as
/// MatBench and pandas write it; columns {"id": [...], "structure": [...]} or {"structure": {"0": ...}};
/// {id: structure, ...}; and any of these under some key, as {"data": [...]} of OPTIMADE. A text that is none
/// of these, also one that is not JSON, comes back as one part.
JsonSplit split_json(std::string_view text, const RecordFields& fields = {});

/// Whether a JSON text can hold structures at all; files beside the structures often hold other things.
bool mentions_structures(std::string_view text);

} // namespace ionsift::crystal
