// SPDX-License-Identifier: BSD-3-Clause
// Descriptors of a whole crystal, in blocks by subject.
#pragma once

#include "ionsift/crystal/crystal.hpp"
#include "ionsift/dataset/descriptors/view.hpp"
#include "ionsift/megnet/parent.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ionsift::dataset {

/// Columns "BLOCK.NAME", one row a structure. Every number is finite: missing properties are 0, and
/// distances beyond the cutoff are the cutoff.
struct Descriptors {
  std::vector<std::string> name; ///< [columns]; empty if none were requested
  Matrix<double> values;         ///< [structures x columns]

  /// The columns of some blocks, in the order of all. @throws Error conflict for a missing block
  Descriptors of(const std::vector<DescriptorBlock>& blocks) const;
};

/// Descriptors of crystals in the order of `all_descriptor_blocks`, whatever the order of `blocks`.
///
/// composition: see `describe_compositions`, from the cell's composition.
/// symmetry: number of the space group, crystal system (0 triclinic .. 6 cubic), order of the point group, of
/// the arrangement of sites (crystal/symmetry.hpp). cell: volume of an atom in cubic angstrom; density in
/// g/cm^3; packing: volume of spheres with the covalent radii over that of the cell; second and third edge of
/// the Minkowski-reduced cell over the first. disorder: shares of sites that are partly empty and that hold
/// several elements; mean occupancy of the sites with lithium by lithium, and its inverse; share of the sites
/// with anions that hold several; entropy of occupation for each site, in units of k. distances: over lithium
/// (weighted by occupancy) the mean and the least distance to the nearest other lithium site and to the
/// nearest anion, in angstrom, at most 5; number of lithium atoms within 4 A. Sites nearer than 1.5 A are
/// alternatives to each other and do not count. The anion is the most electronegative element.
Descriptors describe(std::span<const crystal::Crystal> crystals, const std::vector<DescriptorBlock>& blocks);

/// The block `composition`, which needs no structure.
///
/// fraction.X: atomic fractions of the elements, H to Lr. Over atoms, mean, standard deviation, least and
/// largest of Pauling electronegativity (elements without one left out), modified Pettifor number, atomic
/// number, mass in u, covalent radius in angstrom, and of oxidation states found by charge balance (0 where
/// nothing balances). elements: how many. entropy: of mixing, in units of k for each atom. Of the anion (the
/// most electronegative element but lithium) its electronegativity, atomic number, and the atoms of lithium
/// for each.
Descriptors describe_compositions(std::span<const crystal::Composition> compositions);

} // namespace ionsift::dataset
