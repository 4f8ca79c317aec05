// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/split/groups.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/dataset/labels/written_number.hpp"
#include "ionsift/dataset/pairs/duplicates.hpp"

#include "pairs/composition_distance.hpp"

#include <algorithm>
#include <map>

namespace ionsift::dataset {

namespace {

void require_length(std::size_t structures, std::size_t values) {
  IONSIFT_ASSERT(structures == values, fmt::format("{} ids came with {} values", structures, values));
}

/// Unknown values never connect.
bool is_unknown_group(const std::string& value) {
  return value == "-1" || is_placeholder(value);
}

void connect_equal(const std::vector<std::string>& values, std::vector<CrystalPair>& pairs) {
  std::map<std::string, std::uint64_t> first;
  for (std::uint64_t i = 0; i < values.size(); ++i) {
    if (is_unknown_group(values[i])) {
      continue;
    }
    const auto [known, fresh] = first.try_emplace(values[i], i);
    if (!fresh) {
      pairs.push_back({known->second, i});
    }
  }
}

void connect_similar(const std::vector<crystal::Composition>& compositions, double tolerance,
                     std::vector<CrystalPair>& pairs) {
  std::map<std::string, std::vector<std::uint64_t>> by_elements;
  for (std::uint64_t i = 0; i < compositions.size(); ++i) {
    if (!compositions[i].empty()) {
      by_elements[compositions[i].chemical_system()].push_back(i);
    }
  }
  constexpr double rounding = 1e-9;
  for (const auto& [elements, members] : by_elements) {
    for (std::size_t i = 0; i < members.size(); ++i) {
      for (std::size_t j = i + 1; j < members.size(); ++j) {
        if (largest_fraction_difference(compositions[members[i]], compositions[members[j]]) <=
            tolerance + rounding) {
          pairs.push_back({members[i], members[j]});
        }
      }
    }
  }
}

} // namespace

std::vector<std::string> find_groups(const std::vector<std::string>& ids, const GroupCriteria& criteria) {
  std::vector<CrystalPair> pairs;
  for (const auto& values : criteria.values) {
    require_length(ids.size(), values.size());
    connect_equal(values, pairs);
  }
  if (!criteria.compositions.empty()) {
    require_length(ids.size(), criteria.compositions.size());
    connect_similar(criteria.compositions, criteria.composition_tolerance, pairs);
  }
  if (criteria.values.size() == 1 && criteria.compositions.empty()) {
    auto groups = criteria.values.front();
    std::ranges::replace_if(groups, is_unknown_group, "");
    return groups;
  }
  std::vector<std::string> groups(ids.size());
  for (const auto& members : connected_groups(ids.size(), pairs)) {
    const auto smallest = *std::ranges::min_element(members, {}, [&](auto i) { return ids[i]; });
    for (const auto member : members) {
      groups[member] = ids[smallest];
    }
  }
  return groups;
}

} // namespace ionsift::dataset
