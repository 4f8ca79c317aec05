// SPDX-License-Identifier: BSD-3-Clause
// Ordered supercells of disordered crystals, chosen by electrostatic energy.
#pragma once

#include "ionsift/crystal/crystal.hpp"
#include "ionsift/crystal/order/ewald.hpp"

#include <Eigen/Core>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ionsift::crystal {

struct OrderingOptions {
  bool keep_lithium = false;         ///< otherwise Li is removed, also from mixed sites
  double occupancy_tolerance = 0.05; ///< largest difference of a species' share from its occupancy
  int max_multiple = 8;              ///< largest number of unit cells in a supercell
  std::size_t max_sites = 600;       ///< largest number of sites in a supercell, vacant ones included
  /// Sites nearer than this, angstrom, whose occupancies sum to at most 1 are never occupied together: parts
  /// of a split site. 0: no site excludes another.
  double exclusion = 1.5;
  std::uint64_t max_arrangements = 50000; ///< limit of enumeration; larger problems are sampled
  int starts = 20;                        ///< number of annealing runs of a sampled structure
  int steps = 1000;                       ///< exchanges tried per run and disordered site
  double symmetry_tolerance = 1e-2;       ///< spglib's tolerance, angstrom
  std::uint64_t seed = 1;
  double max_seconds = 600; ///< limit of processor time for one structure
  EwaldOptions ewald = {};
};

/// How the arrangement was found.
enum class OrderingMethod { already_ordered, enumerated, sampled };
std::string_view name_of(OrderingMethod method);

struct OrderedCrystal {
  Crystal crystal; ///< the supercell; every site is fully occupied and an orbit of its own
  OrderingMethod method = OrderingMethod::already_ordered;
  Eigen::Vector3i repeats = Eigen::Vector3i::Ones(); ///< number of unit cells along a, b, c
  double possible = 1;                               ///< number of arrangements before exclusion and symmetry
  std::uint64_t arrangements = 1; ///< enumerated: all that respect exclusion; sampled: exchanges tried
  std::uint64_t distinct = 1;     ///< enumerated: symmetry-distinct arrangements; sampled: annealing runs
  /// Enumerated: distinct arrangements within 1e-6 eV/atom of the lowest energy; sampled: annealing runs
  /// that ended there. The seed chooses among several enumerated ones.
  std::uint64_t ties = 1;
  double energy = 0;            ///< eV per atom, background included; NaN if no atom has a charge
  double occupancy_error = 0;   ///< largest |share of the sites - occupancy|
  double composition_error = 0; ///< largest difference of an element's atomic fraction
  double net_charge = 0;        ///< net charge of the supercell, electrons, from removed Li and rounding
  std::vector<int> lost;        ///< atomic numbers of elements that rounding removed
};

/// Rounds occupancies to whole numbers of atoms in the smallest supercell that allows it, and searches for
/// the arrangement of lowest electrostatic energy: exhaustively over symmetry-distinct arrangements if there
/// are few, else by simulated annealing with exchanges within the sublattices. Formal charges are those of
/// the crystal; a uniform background, the same for all arrangements, compensates the net charge.
/// @param key identifies the crystal, so that each has its own random numbers
/// @throws Error data (nothing left, no charges to distinguish arrangements, exclusion cannot be respected),
/// limit (occupancies fit no supercell within the limits, or the time limit is reached)
OrderedCrystal order(const Crystal& crystal, const OrderingOptions& options, std::uint64_t key);

} // namespace ionsift::crystal
