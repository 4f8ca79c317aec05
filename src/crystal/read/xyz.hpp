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
  std::string id;       ///< of a field of its comment line, empty where there is none
  long line = 1;        ///< on which it begins
  bool is_whole = true; ///< false where the text ends inside of it, or is something else
};

/// Whether a text begins with a number of atoms.
bool looks_like_xyz(std::string_view text);

std::vector<XyzFrame> split_xyz(std::string_view text);

/// Reads one or several frames. Lattice="..." gives the cell; without it, or where pbc="..." says that the
/// structure is not periodic in all directions, a frame is a failure. Properties=... tells the columns, by
/// default the element and the Cartesian position.
std::vector<ReadResult> read_xyz(std::string_view text, const EntryName& name, const ReadOptions& options);

} // namespace ionsift::crystal
