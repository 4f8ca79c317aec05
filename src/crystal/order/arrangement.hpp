// SPDX-License-Identifier: BSD-3-Clause
// Which species is on which site of a disordered supercell, and what that costs.
#pragma once

#include <Eigen/Core>
#include <vector>

namespace ionsift::crystal {

/// For each disordered site the species that is on it, as a number within its sublattice; vacancies come
/// last.
using Occupants = std::vector<int>;

/// What has to be decided: sites of a few sublattices, each to be filled with given numbers of atoms.
/// Everything else of the supercell is fixed.
struct ArrangementProblem {
  std::vector<std::vector<double>> charges; ///< of each sublattice: of its species, and 0 of vacancies
  std::vector<std::vector<int>> counts;     ///< of each sublattice: atoms of its species, and vacancies
  std::vector<int> sublattice;              ///< of each site; sites of a sublattice follow one another
  std::vector<std::vector<int>> rivals;     ///< of each site: sites that may not be occupied with it
  Eigen::MatrixXd interactions;             ///< [sites x sites] eV
  Eigen::VectorXd field;                    ///< [sites] of what is fixed, eV
  double fixed_energy = 0;                  ///< of what is fixed, eV

  int sites() const { return static_cast<int>(sublattice.size()); }
  int kinds(int site) const { return static_cast<int>(counts[of(site)].size()); } ///< vacancies included
  double charge(int site, int occupant) const {
    return charges[of(site)][static_cast<std::size_t>(occupant)];
  }
  bool is_vacant(int site, int occupant) const { return occupant == kinds(site) - 1; }
  /// Number of arrangements, without regard to rivals; infinite where it is beyond 1e300.
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
  double energy() const { return energy_; }     ///< eV
  long conflicts() const { return conflicts_; } ///< pairs of rivals that are both occupied

  /// What an exchange of the occupants of two sites of one sublattice would add to the energy, eV.
  double change(int i, int j) const;
  void exchange(int i, int j);

  bool is_vacant(int site) const {
    return problem_->is_vacant(site, occupants_[static_cast<std::size_t>(site)]);
  }
  int occupied_rivals(int site) const { return occupied_rivals_[static_cast<std::size_t>(site)]; }
  /// From scratch, eV; what energy() is but for rounding.
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
