// SPDX-License-Identifier: BSD-3-Clause
// Symmetry operations in fractional coordinates, and groups of them.
#pragma once

#include <Eigen/Core>
#include <string>
#include <string_view>
#include <vector>

namespace ionsift::crystal {

/// x' = rotation x + translation, modulo lattice translations.
struct Operation {
  Eigen::Matrix3i rotation = Eigen::Matrix3i::Identity();
  Eigen::Vector3d translation = Eigen::Vector3d::Zero(); ///< each in [0, 1)

  Eigen::Vector3d apply(const Eigen::Vector3d& x) const { return rotation.cast<double>() * x + translation; }
};

/// Reads "x, y, z", "-y, x-y, 1/3+z", "x+0.5, -y, z". Decimal translations that are roundings of a multiple
/// of 1/24 become that multiple.
/// @throws Error format (not a triplet), data (the rotation's determinant is not 1 or -1)
Operation parse_operation(std::string_view triplet);

/// A group of operations, distinct modulo lattice translations; the identity comes first.
struct OperationGroup {
  std::vector<Operation> operations;
  bool was_complete = true; ///< false if products had to be added to the given operations
};

/// The group that some operations generate.
/// @throws Error data when they do not generate a finite group of reasonable size
OperationGroup generate_group(const std::vector<Operation>& operations);

/// The group that triplets as `parse_operation` reads them generate. Recent lists are cached (per
/// thread, the last few hundred): the 321 files of OBELiX have 52 different ones.
/// @throws Error as these two do
OperationGroup group_of_triplets(const std::vector<std::string>& triplets);

/// Whether two lists, each of different operations, hold the same ones in any order.
bool are_same(const std::vector<Operation>& a, const std::vector<Operation>& b);

} // namespace ionsift::crystal
