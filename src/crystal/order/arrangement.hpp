// SPDX-License-Identifier: BSD-3-Clause
// Arrangements of species on the sites of a disordered supercell, and their energies.
#pragma once

#include <Eigen/Core>
#include <vector>

namespace ionsift::crystal {

/// [disordered sites] the species on each site, as an index within its sublattice; vacancies come
/// last.
using Occupants = std::vector<int>;

/// The ordering problem: sites of a few sublattices, each to be filled with given numbers of atoms.
/// The rest of the supercell is fixed.
struct ArrangementProblem {
  std::vector<std::vector<double>> charges; ///< [sublattices] charges of its species, and 0 for vacancies
  std::vector<std::vector<int>> counts; ///< [sublattices] numbers of atoms of its species, and of vacancies
  std::vector<int> sublattice; ///< [sites] index of the sublattice; sites of a sublattice are contiguous
  std::vector<std::vector<int>> rivals; ///< [sites] sites that may not be occupied together with it
  Eigen::MatrixXd interactions;         ///< [sites x sites] eV
  Eigen::VectorXd field;                ///< [sites] potential of the fixed atoms, eV
  double fixed_energy = 0;              ///< energy of the fixed atoms, eV

  int sites() const { return static_cast<int>(sublattice.size()); }
  int kinds(int site) const {
    return static_cast<int>(counts[of(site)].size());
  } ///< kinds of occupants, vacancies included
  double charge(int site, int occupant) const {
    return charges[of(site)][static_cast<std::size_t>(occupant)];
  }
  bool is_vacant(int site, int occupant) const { return occupant == kinds(site) - 1; }
  /// Number of arrangements, without regard to rivals; infinite above 1e300.
  double possible() const;
  bool has_rivals() const;

private:
  std::size_t of(int site) const {
    return static_cast<std::size_t>(sublattice[static_cast<std::size_t>(site)]);
  }
};

/// One arrangement, whose energy follows exchanges of two sites at the cost of a column of interactions.
class Arrangement {
public:
  Arrangement(const ArrangementProblem& problem, Occupants occupants);

  const Occupants& occupants() const { return occupants_; }
  double energy() const { return energy_; }     ///< energy, eV
  long conflicts() const { return conflicts_; } ///< pairs of rivals that are both occupied

  /// Change of energy by an exchange of the occupants of two sites of one sublattice, eV.
  double change(int i, int j) const;
  void exchange(int i, int j);

  bool is_vacant(int site) const {
    return problem_->is_vacant(site, occupants_[static_cast<std::size_t>(site)]);
  }
  int occupied_rivals(int site) const { return occupied_rivals_[static_cast<std::size_t>(site)]; }
  /// The energy computed from scratch, eV; equals energy() up to rounding.
  double recomputed_energy() const;

private:
  void occupy(int site, int sign);

  const ArrangementProblem* problem_;
  Occupants occupants_;
  Eigen::VectorXd charge_, potential_; ///< electrons; interactions * charge_, eV
  std::vector<int> occupied_rivals_;
  double energy_ = 0;
  long conflicts_ = 0;
};

} // namespace ionsift::crystal
