// Structures as pymatgen writes them in JSON.
#pragma once

#include "ionsift/crystal/read.hpp"

#include <string_view>
#include <vector>

namespace ionsift::crystal {

/// Reads every structure of a document (see split_json). A field "cif" beside a missing "structure" is read
/// as CIF. Bad structures are failures in their place.
std::vector<ReadResult> read_structure_json(std::string_view text, const EntryName& name,
                                            const ReadOptions& options);

} // namespace ionsift::crystal
