// SPDX-License-Identifier: BSD-3-Clause
// Reading and writing of CIF 1.1.
#pragma once

#include "ionsift/crystal/crystal.hpp"
#include "ionsift/crystal/read/read.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ionsift::crystal {

/// Reads every data block that holds atoms. Symmetry comes from the operators listed in the file, from the
/// group's symbol or number only where none are listed (METHOD: section 2). Blocks without an atom site
/// loop are skipped; a file without any gives one failure.
///
/// Does not throw for bad content: each bad block is a Failure in its place.
std::vector<ReadResult> read_cif(std::string_view text, const EntryName& name,
                                 const ReadOptions& options = {});

/// The crystal as a CIF in P1, every atom of the cell listed, with occupancies and, where known, oxidation
/// numbers. Reading it gives the same cell, sites and species.
/// @param comments lines written before the data block, without the leading "#"
std::string write_cif(const Crystal& crystal, const std::vector<std::string>& comments = {});

} // namespace ionsift::crystal
