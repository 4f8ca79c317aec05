// SPDX-License-Identifier: BSD-3-Clause
// Made-up structures with two views and descriptors, and a plan of members of every kind.
#pragma once

#include "synthetic.hpp"

#include <cmath>

namespace ionsift::test {

inline constexpr dataset::View near{crystal::Representation::CAMN, 0};

/// Structures with rows in two views and a composition whose share of sulphur determines the class.
inline dataset::FeatureSet make_described(std::size_t n, std::uint64_t seed) {
  auto set = make_structures(n, 5, seed);
  auto more = make_structures(n, 3, seed + 100);
  set.views.push_back(near);
  set.rows.push_back(std::move(more.rows.front()));
  std::vector<crystal::Composition> compositions;
  RandomStream random(seed, 9);
  for (std::size_t s = 0; s < n; ++s) {
    set.id[s] = fmt::format("{}-{}", seed, s);
    crystal::Composition composition;
    composition.add(3, 1 + random.uniform());
    composition.add(set.label[s] == 1 ? 16 : 8, 1 + random.uniform());
    composition.add(15, random.uniform());
    compositions.push_back(composition);
    set.conductivity[s] = std::pow(10, set.label[s] == 1 ? random.uniform(-3.5, -2) : random.uniform(-9, -5));
  }
  set.descriptors = dataset::describe_compositions(compositions);
  return set;
}

inline learn::MemberPlan mixed_plan() {
  return learn::MemberPlan::from_json(nlohmann::json::parse(R"({
    "seeds": 2,
    "configurations": [
      {"name": "sets", "layers": 1, "width": 6, "readout_hidden": 4, "batch": 16, "epochs": 3},
      {"name": "other sets", "layers": 1, "width": 6, "readout_hidden": 4, "batch": 16, "epochs": 3,
       "representation": "CAMN", "level": 0, "seeds": 1},
      {"name": "trees", "model": "trees", "trees": 20, "blocks": ["composition"], "weight": 3},
      {"name": "moments", "model": "trees", "trees": 10, "views": ["CAMNS:V1", "CAMN:V0"], "blocks": [],
       "label_noise": 0, "balanced": true},
      {"name": "process", "model": "gaussian_process", "seeds": 1, "weight": 4}
    ]})"));
}

} // namespace ionsift::test
