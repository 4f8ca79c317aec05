// CIF 1.1 to crystals.
#pragma once

#include "ionsift/crystal/crystal.hpp"
#include "ionsift/crystal/read.hpp"

#include <string_view>
#include <vector>

namespace ionsift::crystal {

/// Reads every data block that holds atoms. Symmetry comes from the operators listed in the file, from the
/// group's symbol or number only where none are listed (METHOD: section 2). Blocks without an atom site
/// loop are passed over; a file without any gives one failure.
///
/// Does not throw for bad content: each bad block is a Failure in its place.
std::vector<ReadResult> read_cif(std::string_view text, const EntryName& name,
                                 const ReadOptions& options = {});

} // namespace ionsift::crystal
