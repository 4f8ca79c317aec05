// SPDX-License-Identifier: BSD-3-Clause
// What the members of an ensemble look at, and what each kind of them was trained on.
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
  double share = 0;                ///< of the weight in P_SI
  bool composition_alone = false;  ///< looks at nothing else: polymorphs are one to it
  bool sees_distance_view = false; ///< looks at the features in which d_training is measured
  std::size_t structures = 0;      ///< trained on
  std::size_t table_entries = 0;   ///< trained on besides, known by their composition alone
};

/// Whether members of a configuration look at the descriptors of compositions and at nothing else.
bool looks_at_composition_alone(const Configuration& configuration);

/// @param structures, table_entries that the whole ensemble is trained on
std::vector<MemberKind> member_kinds(const MemberPlan& plan, std::size_t structures,
                                     std::size_t table_entries);

/// What follows from these kinds for who reads P_SI and d_training; a sentence each, none where nothing does.
std::vector<std::string> consequences_of(const MemberPlan& plan);

nlohmann::json to_json(const MemberKind& kind);

} // namespace ionsift::learn
