// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/model/member_kinds.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ionsift::learn {

bool looks_at_composition_alone(const Configuration& configuration) {
  return configuration.views.empty() &&
         configuration.blocks == std::vector{dataset::DescriptorBlock::composition};
}

std::vector<MemberKind> member_kinds(const MemberPlan& plan, std::size_t structures,
                                     std::size_t table_entries) {
  std::vector<MemberKind> kinds;
  double total = 0;
  for (const auto& configuration : plan.configurations) {
    MemberKind kind;
    kind.name = configuration.name;
    kind.members = static_cast<std::size_t>(configuration.seeds > 0 ? configuration.seeds : plan.seeds);
    kind.share = configuration.weight * static_cast<double>(kind.members);
    kind.composition_alone = looks_at_composition_alone(configuration);
    kind.sees_distance_view = std::ranges::find(configuration.views, plan.view) != configuration.views.end();
    kind.structures = structures;
    kind.table_entries = kind.composition_alone ? table_entries : 0;
    total += kind.share;
    kinds.push_back(std::move(kind));
  }
  for (auto& kind : kinds) {
    kind.share = total > 0 ? kind.share / total : 0;
  }
  return kinds;
}

std::vector<std::string> consequences_of(const MemberPlan& plan) {
  double alone = 0, blind = 0;
  for (const auto& kind : member_kinds(plan, 0, 0)) {
    alone += kind.composition_alone ? kind.share : 0;
    blind += kind.sees_distance_view ? 0 : kind.share;
  }
  std::vector<std::string> sentences;
  constexpr double some = 0.005;
  if (alone > some) {
    sentences.push_back(
        fmt::format("{:.0f} % of P_SI comes from members that look at the composition alone, so "
                    "polymorphs of one composition hardly differ",
                    100 * alone));
  }
  if (blind > some) {
    sentences.push_back(
        fmt::format("d_training is measured in features ({}) at which members with {:.0f} % of "
                    "P_SI do not look",
                    name_of(plan.view), 100 * blind));
  }
  return sentences;
}

nlohmann::json to_json(const MemberKind& kind) {
  return {{"name", kind.name},
          {"members", kind.members},
          {"share_of_p_si", kind.share},
          {"composition_alone", kind.composition_alone},
          {"structures", kind.structures},
          {"table_entries", kind.table_entries}};
}

} // namespace ionsift::learn
