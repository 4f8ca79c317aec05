// SPDX-License-Identifier: BSD-3-Clause
// Structures in JSON documents.
#pragma once

#include "ionsift/crystal/read/read.hpp"

#include "json_split.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ionsift::crystal {

/// Reads every structure of a document (see split_json). Bad structures, and records that hold none, are
/// failures in their place.
std::vector<ReadResult> read_structure_json(std::string_view text, const EntryName& name,
                                            const ReadOptions& options);

/// The failure of a record that is not a structure.
Failure failure_of_part(const JsonPart& part, const std::string& source);

} // namespace ionsift::crystal
