// SPDX-License-Identifier: BSD-3-Clause
// Options of reading a structure.
#pragma once

#include <cstddef>

namespace ionsift::crystal {

/// Treatment of flaws; docs/crystals.md lists them one by one.
enum class Strictness {
  strict,   ///< any doubt about the content is a failure
  standard, ///< flaws that leave the content certain are repaired with a warning, others are failures
  tolerant, ///< whatever can be read is read, with warnings
};

/// How sites are joined into orbits in cells whose file lists every atom.
enum class OrbitSearch {
  environments, ///< sites whose neighbours agree, orbit by orbit, to 5e-6 angstrom
  spglib,       ///< sites equivalent by spglib whose neighbours agree as well; ten times slower
  none,
};

struct ReadOptions {
  Strictness strictness = Strictness::standard;
  bool use_symmetry = true; ///< false: every site is an orbit of its own
  OrbitSearch orbit_search = OrbitSearch::environments;
  double symmetry_tolerance = 1e-3; ///< spglib's tolerance, angstrom
  double merge_tolerance = 1e-4;    ///< images of an atom within this fraction of a cell edge coincide
  double max_occupancy = 2.0;       ///< a site's sum between 1 and this is rescaled to 1 and counted
  std::size_t max_sites = 20000;    ///< largest number of sites in the cell
  double max_cell_edge = 1000.0;    ///< angstrom
  double min_volume_per_site = 0.5; ///< cubic angstrom; flatter cells are rejected
  double max_seconds = 600;         ///< limit of processor time for one structure
};

} // namespace ionsift::crystal
