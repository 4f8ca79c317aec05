// SPDX-License-Identifier: BSD-3-Clause
// Structures as VASP writes them.
#pragma once

#include "ionsift/crystal/read/read.hpp"

#include <string_view>
#include <vector>

namespace ionsift::crystal {

/// Whether a text is a POSCAR: a scale and three vectors stand in lines 2 to 5.
bool looks_like_poscar(std::string_view text);

/// Reads POSCAR and CONTCAR of VASP 4 and 5: a scale, three scales or a volume; direct or Cartesian
/// positions, with or without selective dynamics. Velocities are passed over. Elements stand in the sixth
/// line; where VASP 4 has none there, in the first, or behind each position.
std::vector<ReadResult> read_poscar(std::string_view text, const EntryName& name, const ReadOptions& options);

} // namespace ionsift::crystal
