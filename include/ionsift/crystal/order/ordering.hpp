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
  bool keep_lithium = false;         ///< Li is removed otherwise, also from mixed sites
  double occupancy_tolerance = 0.05; ///< by which a species' share of its sites may differ from its occupancy
  int max_multiple = 8;              ///< cells of a supercell
  std::size_t max_sites = 600;       ///< of a supercell, vacant ones included
  /// Sites nearer than this, angstrom, whose occupancies sum to at most 1 are never occupied together: parts
  /// of a split site. 0: no site excludes another.
  double exclusion = 1.5;
  std::uint64_t max_arrangements = 50000; ///< enumerated; beyond it they are sampled
  int starts = 20;                        ///< annealings of a sampled structure
  int steps = 1000;                       ///< exchanges tried in each, for each disordered site
  double symmetry_tolerance = 1e-2;       ///< angstrom, of spglib
  std::uint64_t seed = 1;
  double max_seconds = 600; ///< of processor time for one structure
  EwaldOptions ewald = {};
};

/// How the arrangement was found.
enum class OrderingMethod { already_ordered, enumerated, sampled };
std::string_view name_of(OrderingMethod method);

struct OrderedCrystal {
  Crystal crystal; ///< the supercell, every site fully occupied and an orbit of its own
  OrderingMethod method = OrderingMethod::already_ordered;
  Eigen::Vector3i repeats = Eigen::Vector3i::Ones(); ///< cells along a, b, c
  double possible = 1;            ///< arrangements, without regard to exclusion and symmetry
  std::uint64_t arrangements = 1; ///< enumerated: all that respect exclusion; sampled: exchanges tried
  std::uint64_t distinct = 1; ///< enumerated: those that symmetry does not make equal; sampled: annealings
  /// Enumerated: distinct arrangements whose energy is the lowest to within 1e-6 eV/atom; sampled: annealings
  /// that ended there. Of several enumerated ones the seed chooses.
  std::uint64_t ties = 1;
  double energy = 0;            ///< eV per atom, background included; NaN where no atom has a charge
  double occupancy_error = 0;   ///< largest |share of the sites - occupancy|
  double composition_error = 0; ///< largest difference of an element's atomic fraction
  double net_charge = 0;        ///< of the supercell, electrons: Li that was removed, and rounding
  std::vector<int> lost;        ///< atomic numbers of elements that rounding left no atom of
};

/// Makes occupancies whole numbers of atoms in the smallest supercell that allows it, and looks for the
/// arrangement of lowest electrostatic energy: among all that symmetry does not make equal where there are
/// few, else by simulated annealing with exchanges within the sublattices. Formal charges are those of the
/// crystal; the net charge is made up for by a uniform background, the same for all arrangements.
/// @param key names the crystal among others, so that each has its own random numbers
/// @throws Error data (nothing left, no charges to tell arrangements apart, exclusion cannot be respected),
/// limit (occupancies fit no supercell within the limits, or the time is up)
OrderedCrystal order(const Crystal& crystal, const OrderingOptions& options, std::uint64_t key);

} // namespace ionsift::crystal
