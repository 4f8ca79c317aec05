// Finds the structures in a JSON document without building it in memory.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ionsift::crystal {

/// One structure of a document that holds several.
struct JsonPart {
  std::string id;        ///< as the document calls it, empty where it does not
  std::string_view text; ///< the structure's JSON, or a document of fields around it; inside the given text
  long line = 1;         ///< on which it begins
};

/// Takes apart: one structure or document; a list of them; {"data": [...]}; a table {"index", "columns",
/// "data"} as MatBench and pandas write it; {id: structure, ...}. Text that is none of these, also text that
/// is no JSON, comes back as one part.
/// @param id_column of a table, empty for the usual names
std::vector<JsonPart> split_json(std::string_view text, std::string_view id_column = {});

/// Whether a JSON text can hold structures at all; files beside the structures often hold other things.
bool mentions_structures(std::string_view text);

} // namespace ionsift::crystal
