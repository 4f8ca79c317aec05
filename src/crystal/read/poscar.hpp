// SPDX-License-Identifier: BSD-3-Clause
// Structures in VASP's POSCAR format.
#pragma once

#include "ionsift/crystal/read/read.hpp"

#include <string_view>
#include <vector>

namespace ionsift::crystal {

/// Whether a text is a POSCAR: lines 2 to 5 hold a scale and three vectors.
bool looks_like_poscar(std::string_view text);

/// Reads POSCAR and CONTCAR of VASP 4 and 5: a scale, three scales or a volume; direct or Cartesian
/// positions, with or without selective dynamics. Velocities are ignored. Elements are in the sixth
/// line; in files of VASP 4 in the first, or after each position.
std::vector<ReadResult> read_poscar(std::string_view text, const EntryName& name, const ReadOptions& options);

} // namespace ionsift::crystal
