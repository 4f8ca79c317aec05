// The neighbour search itself.
#pragma once

#include "cell.hpp"

#include <vector>

namespace ionsift::graph {

/// Neighbours nearer than this are the site itself, or an image of it that coincides by rounding. The same
/// length is added to the cutoff, so that rounding does not decide about neighbours that lie exactly on it.
inline constexpr double coincidence = 1e-8;

/// Adds the distances from the origin to all images of a point within a cutoff.
/// @param offset fractional coordinates of the point
void append_distances(const TriangularCell& cell, const Eigen::Vector3d& offset, double cutoff,
                      std::vector<double>& distances);

} // namespace ionsift::graph
