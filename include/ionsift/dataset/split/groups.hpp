// SPDX-License-Identifier: BSD-3-Clause
// Which structures belong together and must not be divided between training and validation.
#pragma once

#include "ionsift/crystal/chemistry/composition.hpp"

#include <string>
#include <vector>

namespace ionsift::dataset {

/// Ways in which structures belong together. Groups are what any of them connects, also through others.
struct GroupCriteria {
  /// [columns][structures] Equal values connect; an empty one, or the -1 of a cluster that is none, does not.
  std::vector<std::vector<std::string>> values;
  /// [structures], or empty for no comparison of compositions. An empty one is similar to none.
  std::vector<crystal::Composition> compositions;
  /// Compositions of the same elements whose atomic fractions differ by at most this connect.
  double composition_tolerance = 0.05;
};

/// The group of each structure. Where one column is the only criterion, that is the structure's value, empty
/// where it has none; else the smallest id of those that are connected, its own for one that is alone.
/// @param ids distinct
std::vector<std::string> find_groups(const std::vector<std::string>& ids, const GroupCriteria& criteria);

} // namespace ionsift::dataset
