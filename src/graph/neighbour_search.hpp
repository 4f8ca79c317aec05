// SPDX-License-Identifier: BSD-3-Clause
// The neighbour search itself.
#pragma once

#include "ionsift/crystal/cell/images.hpp"

#include <vector>

namespace ionsift::graph {

/// Neighbours nearer than this are the site itself, or an image of it that coincides by rounding. The same
/// length is added to the cutoff, so that rounding does not decide about neighbours that lie exactly on it.
inline constexpr double coincidence = 1e-8;

/// @returns cubic angstrom  @throws Error data unless the lattice is finite and has a volume
double volume_of(const Eigen::Matrix3d& lattice);

/// Adds the distances from the origin to all images of a point, itself left out; returns how many.
/// @param offset fractional coordinates of the point
std::size_t append_distances(crystal::ImageSearch& images, const Eigen::Vector3d& offset,
                             std::vector<double>& distances);

} // namespace ionsift::graph
