// SPDX-License-Identifier: BSD-3-Clause
// Groups of structures that must not be divided between training and validation.
#pragma once

#include "ionsift/crystal/chemistry/composition.hpp"

#include <string>
#include <vector>

namespace ionsift::dataset {

/// Criteria that connect structures. Groups are their connected components.
struct GroupCriteria {
  /// [columns][structures] Equal values connect; empty values, and the -1 of noise, do not.
  std::vector<std::vector<std::string>> values;
  /// [structures], or empty for no comparison of compositions. An empty one is similar to none.
  std::vector<crystal::Composition> compositions;
  /// Compositions of the same elements whose atomic fractions differ by at most this connect.
  double composition_tolerance = 0.05;
};

/// The group of each structure. If one column is the only criterion, that is the structure's value, empty
/// if it has none; else the smallest id of its connected component.
/// @param ids distinct
std::vector<std::string> find_groups(const std::vector<std::string>& ids, const GroupCriteria& criteria);

} // namespace ionsift::dataset
