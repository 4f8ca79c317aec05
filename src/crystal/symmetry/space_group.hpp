// SPDX-License-Identifier: BSD-3-Clause
// Space groups by symbol or number, for files that list no operators.
#pragma once

#include "operation.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ionsift::crystal {

/// The space group as named in a file; each field is empty or 0 if it is not given.
struct SpaceGroupName {
  std::string hall;
  std::string hermann_mauguin;
  int number = 0;

  bool empty() const { return hall.empty() && hermann_mauguin.empty() && number == 0; }
  std::string text() const;
};

/// One interpretation of a name: a setting and its operations.
struct Setting {
  std::string name; ///< "Fd-3m:2"
  int number = 0;
  std::vector<Operation> operations;
};

/// The settings a name may stand for, the likeliest first: the Hall symbol, else the Hermann-Mauguin symbol
/// in any usual spelling ("P2_1/c", "P 1 21/c 1", "F d -3 m Z", "R-3c:H", old "F m 3 m", full "P 21/n 21/m
/// 21/a"), else the number. A symbol without origin choice stands for choice 2, then 1 (as ICSD and the
/// Materials Project use it). Rhombohedral groups without suffix follow the cell. Empty if the name is
/// unknown.
/// @param angles angles of the cell, degrees
std::vector<Setting> settings_of(const SpaceGroupName& name, const Eigen::Vector3d& angles);

/// Why operators cannot belong to the group of that name, or nothing if they can (in any setting).
std::optional<std::string> disagreement(const std::vector<Operation>& operations, const SpaceGroupName& name,
                                        const Eigen::Vector3d& angles);

/// Whether operators are the whole group of that name, in any named setting.
bool is_group_of_name(const std::vector<Operation>& operations, const SpaceGroupName& name,
                      const Eigen::Vector3d& angles);

} // namespace ionsift::crystal
