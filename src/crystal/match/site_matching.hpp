// SPDX-License-Identifier: BSD-3-Clause
// Superposition of the sites of two cells with similar lattices.
#pragma once

#include "ionsift/base/time_budget.hpp"
#include "ionsift/crystal/match/matcher.hpp"

#include <Eigen/Core>
#include <optional>
#include <utility>
#include <vector>

namespace ionsift::crystal {

/// Sites of two cells sorted by kind, the rarest first, so that each kind is a block in both.
class SiteMatching {
public:
  /// Nothing if the numbers of sites of each kind differ.
  static std::optional<SiteMatching> prepare(const std::vector<int>& first_kinds,
                                             const std::vector<int>& second_kinds,
                                             const std::vector<Eigen::Vector3d>& second);

  /// Tries every origin that puts the first site of the rarest kind onto one of the other cell.
  /// @param first     fractional coordinates in the basis that is compared, in the order given to prepare
  /// @param lattice   mean of both cells, rows in angstrom
  /// @param tolerance in units of (V/N)^(1/3)
  /// @throws Error limit when the budget is exhausted
  /// @param best      the origin of smallest rms instead of the first that fits
  std::optional<StructureMatch> match(const std::vector<Eigen::Vector3d>& first,
                                      const Eigen::Matrix3d& lattice, double tolerance, bool best,
                                      const TimeBudget& budget = {}) const;

private:
  struct Block {
    std::size_t begin, end;
  };
  struct Frame;

  bool nearly_covered(const std::vector<Eigen::Vector3d>& first, const Eigen::Vector3d& shift,
                      const Frame& frame) const;
  std::optional<std::vector<Eigen::Vector3d>> displacements(const std::vector<Eigen::Vector3d>& first,
                                                            const Eigen::Vector3d& shift,
                                                            const Frame& frame) const;

  std::vector<std::size_t> first_order_;
  std::vector<Eigen::Vector3d> second_;
  std::vector<Block> blocks_;
};

} // namespace ionsift::crystal
