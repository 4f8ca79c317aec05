// SPDX-License-Identifier: BSD-3-Clause
// A crystal, ordered or disordered: its cell, its sites, and the symmetry-equivalent sites.
#pragma once

#include "ionsift/crystal/chemistry/composition.hpp"

#include <Eigen/Core>
#include <string>
#include <vector>

namespace ionsift::crystal {

/// One kind of atom on a site.
struct Species {
  int atomic_number = 0;
  double occupancy = 1.0; ///< 0 < occupancy <= 1
  double oxidation = 0.0; ///< formal charge; its sign is what CAMNS and CANS use

  bool operator==(const Species&) const = default;
};

/// Symmetry-equivalent sites: they share their species and have the same environment.
struct Orbit {
  std::string label;            ///< label of the first site, as in the source
  std::vector<Species> species; ///< species by ascending atomic number; occupancies sum to at most 1
  int representative = 0;       ///< index of one site of the orbit
  int multiplicity = 0;         ///< number of sites in the cell
};

struct Site {
  Eigen::Vector3d fractional; ///< each coordinate in [0, 1)
  int orbit = 0;
};

/// Where the oxidation states came from.
enum class OxidationSource { given, guessed, neutral };
std::string_view name_of(OxidationSource source);

/// How the orbits were found.
enum class OrbitSource { operators, environments, spglib, none };
std::string_view name_of(OrbitSource source);

struct Crystal {
  std::string id;
  std::string source; ///< file, or archive and member, as "candidates.tar.gz/mp-1.cif"
  std::string block;  ///< name of the CIF data block
  std::string sha256; ///< SHA-256 of the source entry's bytes (the whole file or member)

  Eigen::Matrix3d lattice = Eigen::Matrix3d::Identity(); ///< rows a, b, c in angstrom
  std::vector<Site> sites;
  std::vector<Orbit> orbits;
  OxidationSource oxidation_source = OxidationSource::neutral;
  double residual_charge = 0; ///< net charge of the cell, electrons
  OrbitSource orbit_source = OrbitSource::none;
  std::vector<std::string> warnings; ///< each "code: text", for example "formula_mismatch: ..."

  double volume() const;           ///< volume of the cell, cubic angstrom
  Composition composition() const; ///< composition of the cell
  /// Formula unit: the cell's composition divided by the greatest common divisor of its amounts if all are
  /// whole, otherwise by that of its orbits' multiplicities ("Li1.333Ti1.667O4" of a spinel).
  Composition formula_unit() const;
  bool is_ordered() const; ///< whether every site holds one species with full occupancy
  /// Neutral by lack of any assignment that balances: an intermetallic, or an unknown.
  bool is_intermetallic() const { return oxidation_source == OxidationSource::neutral; }
};

/// The same crystal without symmetry: every site is an orbit of its own.
Crystal without_symmetry(const Crystal& crystal);

} // namespace ionsift::crystal
