// SPDX-License-Identifier: BSD-3-Clause
// Element-mover distance between compositions (Hargreaves et al., Chem. Mater. 2020, 32, 10610).
#pragma once

#include "ionsift/crystal/chemistry/composition.hpp"
#include "ionsift/parallel/communicator.hpp"

#include <vector>

namespace ionsift::dataset {

/// The share of an element, at its place on the modified Pettifor scale.
struct ScaleShare {
  int position = 0;
  double share = 0;
};

/// A composition normalised to 1, by ascending position.
/// @throws Error data for an empty composition or an element without a place on the scale
std::vector<ScaleShare> on_pettifor_scale(const crystal::Composition& composition);

/// The least work that turns one composition into the other: share moved times places moved on the scale. In
/// one dimension that is the area between the two cumulative distributions.
double element_mover_distance(const std::vector<ScaleShare>& a, const std::vector<ScaleShare>& b);

/// Distances of n items, each pair once: (0, 1), (0, 2) ... (0, n - 1), (1, 2) ...
class PairDistances {
public:
  PairDistances() = default;
  /// @param values n (n - 1) / 2 distances
  PairDistances(std::size_t n, std::vector<double> values);

  std::size_t size() const { return n_; } ///< number of items
  double operator()(std::size_t i, std::size_t j) const {
    return i == j ? 0.0 : i < j ? values_[place(i, j)] : values_[place(j, i)];
  }

private:
  /// Distance of items i and j. @param i, j i < j
  std::size_t place(std::size_t i, std::size_t j) const { return i * (2 * n_ - i - 1) / 2 + (j - i - 1); }

  std::size_t n_ = 0;
  std::vector<double> values_;
};

/// All distances, on rank 0 (of no items elsewhere); collective. Each rank computes an equal part of the
/// pairs.
PairDistances element_mover_distances(const parallel::Communicator& comm,
                                      const std::vector<std::vector<ScaleShare>>& compositions);

} // namespace ionsift::dataset
