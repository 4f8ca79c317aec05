// SPDX-License-Identifier: BSD-3-Clause
// How a structure is read.
#pragma once

#include <cstddef>

namespace ionsift::crystal {

/// What is done about flaws; docs/crystals.md lists them one by one.
enum class Strictness {
  strict,   ///< a file with any doubt about its content is a failure
  standard, ///< flaws that leave the content certain are mended and warned of, others are failures
  tolerant, ///< whatever can be read is read, and warned of
};

/// How sites are joined into orbits in cells whose file lists every atom.
enum class OrbitSearch {
  environments, ///< sites whose neighbours agree, orbit by orbit, to 5e-6 angstrom
  spglib, ///< sites that spglib holds for equivalent, if their neighbours agree as well; ten times slower
  none,
};

struct ReadOptions {
  Strictness strictness = Strictness::standard;
  bool use_symmetry = true; ///< false: every site is an orbit of its own
  OrbitSearch orbit_search = OrbitSearch::environments;
  double symmetry_tolerance = 1e-3; ///< angstrom, of spglib
  double merge_tolerance = 1e-4;    ///< fraction of a cell edge within which images of an atom coincide
  double max_occupancy = 2.0;       ///< a site's sum above 1 up to this is rescaled to 1 and counted
  std::size_t max_sites = 20000;    ///< in the cell
  double max_cell_edge = 1000.0;    ///< angstrom
  double min_volume_per_site = 0.5; ///< cubic angstrom; flatter cells are rejected
  double max_seconds = 600;         ///< of processor time for one structure
};

} // namespace ionsift::crystal
