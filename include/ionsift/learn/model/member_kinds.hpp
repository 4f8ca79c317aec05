// SPDX-License-Identifier: BSD-3-Clause
// The kinds of members of an ensemble: their input and training set.
#pragma once

#include "ionsift/learn/model/configuration.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace ionsift::learn {

/// The members of one configuration.
struct MemberKind {
  std::string name;
  std::size_t members = 0;
  double share = 0;                ///< share of the weight in P_SI
  bool composition_alone = false;  ///< uses nothing else: it cannot distinguish polymorphs
  bool sees_distance_view = false; ///< uses the features in which d_training is measured
  std::size_t structures = 0;      ///< structures trained on
  std::size_t table_entries = 0;   ///< further entries trained on, known by composition alone
};

/// Whether members of a configuration use only descriptors of compositions.
bool looks_at_composition_alone(const Configuration& configuration);

/// @param structures, table_entries numbers that the whole ensemble is trained on
std::vector<MemberKind> member_kinds(const MemberPlan& plan, std::size_t structures,
                                     std::size_t table_entries);

/// Sentences on what these kinds imply for readers of P_SI and d_training; may be empty.
std::vector<std::string> consequences_of(const MemberPlan& plan);

nlohmann::json to_json(const MemberKind& kind);

} // namespace ionsift::learn
