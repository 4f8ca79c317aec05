// SPDX-License-Identifier: BSD-3-Clause
// Structures in extended XYZ.
#pragma once

#include "ionsift/crystal/read/read.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ionsift::crystal {

/// One structure of a file, which may hold many one after the other.
struct XyzFrame {
  std::string_view text;
  std::string id;       ///< id from a field of its comment line, empty if there is none
  long line = 1;        ///< line on which it begins
  bool is_whole = true; ///< false if the text ends inside it, or is something else
};

/// Whether a text begins with a number of atoms.
bool looks_like_xyz(std::string_view text);

std::vector<XyzFrame> split_xyz(std::string_view text);

/// Reads one or several frames. Lattice="..." gives the cell; without it, or if pbc="..." declares that the
/// structure is not periodic in all directions, a frame is a failure. Properties=... defines the columns, by
/// default the element and the Cartesian position.
std::vector<ReadResult> read_xyz(std::string_view text, const EntryName& name, const ReadOptions& options);

} // namespace ionsift::crystal
