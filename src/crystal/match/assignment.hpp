// SPDX-License-Identifier: BSD-3-Clause
// The cheapest one-to-one assignment.
#pragma once

#include <Eigen/Core>
#include <optional>
#include <vector>

namespace ionsift::crystal {

/// Cost of a pair that must not be made.
inline constexpr double forbidden = 1e12;

/// The column of each row of a square cost matrix that minimizes the sum of costs; nothing if that
/// needs a forbidden pair. O(n^3): shortest augmenting paths with potentials (Kuhn 1955, Jonker and Volgenant
/// 1987).
std::optional<std::vector<int>> cheapest_assignment(const Eigen::MatrixXd& costs);

} // namespace ionsift::crystal
