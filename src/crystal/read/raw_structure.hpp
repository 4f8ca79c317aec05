// SPDX-License-Identifier: BSD-3-Clause
// A structure as listed in a file of any format; assemble() makes a Crystal of it.
#pragma once

#include "ionsift/base/error.hpp"
#include "ionsift/base/time_budget.hpp"
#include "ionsift/crystal/crystal.hpp"
#include "ionsift/crystal/read/read.hpp"

#include "numeral.hpp"
#include "symmetry/operation.hpp"
#include "symmetry/space_group.hpp"

#include <Eigen/Core>
#include <array>
#include <optional>
#include <string>
#include <vector>

namespace ionsift::crystal {

struct RawAtom {
  std::string label;
  int atomic_number = 0;
  std::optional<double> oxidation;
  double occupancy = 1.0;
  std::array<Numeral, 3> position;
  int declared_multiplicity = 0; ///< as in the file, 0 if it declares none
  int declared_order = 0;        ///< order of the site symmetry; 0 if none is declared
  int alternative = 0;           ///< the other element that the label may mean, 0 if there is none
  long line = 0;                 ///< line in the file, 0 if unknown
};

struct RawStructure {
  std::string block;
  long line = 0;
  std::array<double, 3> lengths{}; ///< angstrom; 0 where the lattice is given as vectors
  std::array<double, 3> angles{};  ///< degrees
  std::array<bool, 3> missing_angles{};
  double declared_volume = 0; ///< cubic angstrom; 0 if none is declared
  Eigen::Matrix3d lattice = Eigen::Matrix3d::Identity();
  std::vector<Operation> operations; ///< the group that the file lists; empty if it lists none
  std::size_t incomplete_list = 0;   ///< operations listed where products had to be added, else 0
  long operations_line = 0;
  SpaceGroupName space_group;
  std::vector<RawAtom> atoms;
  std::optional<Composition> formula; ///< declared formula, for comparison
  int formula_units = 0;              ///< declared Z
  /// Description of implied hydrogen, for a warning unless the declared formula is met; or empty.
  std::string implied_hydrogen;
  std::vector<std::string> warnings;
};

/// An error and the line of the source that it concerns.
class ReadError : public Error {
public:
  ReadError(const Error& error, long line) : Error(error), line_(line) {}
  long line() const { return line_; }

private:
  long line_;
};

/// Expands symmetry, merges positions, finds orbits and oxidation states, checks what is declared.
/// @throws Error; ReadError for an error in a known line
Crystal assemble(RawStructure raw, const ReadOptions& options);

/// The first part of assemble(): lattice, sites, occupancies, and orbits as the operators give them. Sets the
/// lattice of `raw` and adds to its warnings.
/// @throws Error; ReadError for an error in a known line; limit when the budget is exhausted
Crystal assemble_sites(RawStructure& raw, const ReadOptions& options, const TimeBudget& budget = {});

/// The entry of the failure list for an error.
Failure failure_of(const Error& error, const EntryName& name, const std::string& block, long line = 0);

} // namespace ionsift::crystal
