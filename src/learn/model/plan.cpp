// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/learn/model/configuration.hpp"

#include "json_keys.hpp"

namespace ionsift::learn {

MemberPlan MemberPlan::from_json(const nlohmann::json& json) {
  MemberPlan plan;
  JsonKeys keys("the plan of members");
  keys.other("representation", [&](const nlohmann::json& value) {
    plan.view.representation = representation_from_json(value);
  });
  keys.integer("level", plan.view.level, 0, 3);
  keys.integer("seeds", plan.seeds, 1, 100'000);
  // Read last, since configurations take the plan's view where they name none.
  const nlohmann::json* list = nullptr;
  keys.other("configurations", [&](const nlohmann::json& value) {
    IONSIFT_VALIDATE(value.is_array(), usage, "\"configurations\" is not a list",
                     "every entry is one kind of member", "Put it in brackets.");
    list = &value;
  });
  keys.read(json);
  IONSIFT_VALIDATE(list != nullptr && !list->empty(), usage, "the plan of members has no configuration",
                   "an ensemble needs at least one", "List one or more under \"configurations\".");
  for (const auto& entry : *list) {
    plan.configurations.push_back(configuration_from_json(entry, plan.view));
  }
  return plan;
}

MemberPlan MemberPlan::read(const std::filesystem::path& path) {
  return read_json(path, "inputs/members.json", from_json);
}

nlohmann::json MemberPlan::to_json() const {
  auto list = nlohmann::json::array();
  for (const auto& configuration : configurations) {
    list.push_back(learn::to_json(configuration));
  }
  return {{"representation", crystal::name_of(view.representation)},
          {"level", view.level},
          {"seeds", seeds},
          {"configurations", std::move(list)}};
}

std::vector<MemberNumber> MemberPlan::members() const {
  std::vector<MemberNumber> list;
  for (std::size_t c = 0; c < configurations.size(); ++c) {
    const int repeats = configurations[c].seeds > 0 ? configurations[c].seeds : seeds;
    for (int repeat = 0; repeat < repeats; ++repeat) {
      list.push_back({static_cast<int>(c), repeat});
    }
  }
  return list;
}

dataset::Content MemberPlan::content() const {
  dataset::Content content{{view}};
  for (const auto& configuration : configurations) {
    content.include({configuration.views, configuration.blocks});
  }
  return content;
}

} // namespace ionsift::learn
