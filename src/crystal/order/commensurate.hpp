// SPDX-License-Identifier: BSD-3-Clause
// Whole numbers of atoms for partial occupancies.
#pragma once

#include "ionsift/crystal/order/ordering.hpp"

#include <Eigen/Core>
#include <vector>

namespace ionsift::crystal {

/// Sites with the same partial occupancies, and how many of them each species gets.
struct Sublattice {
  std::vector<int> orbits; ///< orbits of the crystal; several if a file without symmetry lists every atom
  std::vector<Species> species; ///< species and occupancies; the remainder to 1 is vacant
  int sites = 0;                ///< number of sites in the supercell
  std::vector<int> counts;      ///< numbers of atoms of the species, then of vacancies
  double vacant() const;        ///< vacant share of the sites
};

struct Commensurate {
  Eigen::Vector3i repeats = Eigen::Vector3i::Ones();
  std::vector<Sublattice> sublattices; ///< sublattices of the disordered sites
  double occupancy_error = 0;          ///< largest |count / sites - occupancy| of a species on a sublattice
};

/// The smallest supercell in which occupancies are whole numbers of atoms within the tolerance. Counts are
/// rounded up or down such that the totals of elements and the charge come as close to the values from the
/// occupancies as possible.
/// @throws Error limit if no supercell within the limits is commensurate
Commensurate make_commensurate(const Crystal& crystal, const OrderingOptions& options);

} // namespace ionsift::crystal
