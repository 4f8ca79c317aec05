// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/text.hpp"

#include "inputs.hpp"
#include "presets.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace ionsift::cli {

namespace {

std::vector<std::string_view> preset_names() {
  std::vector<std::string_view> names;
  std::transform(presets().begin(), presets().end(), std::back_inserter(names),
                 [](const Preset& preset) { return preset.name; });
  return names;
}

const Preset& find_preset(std::string_view name) {
  const auto found = std::find_if(presets().begin(), presets().end(),
                                  [&](const Preset& known) { return known.name == name; });
  IONSIFT_VALIDATE(found != presets().end(), usage, fmt::format("there is no preset '{}'", name),
                   fmt::format("the presets are {}", fmt::join(preset_names(), ", ")),
                   "Choose one of them, or give a file with --members.");
  return *found;
}

} // namespace

void PlanInputs::declare(OptionTable& table, bool several) {
  const std::string more = several ? "; several are compared" : "";
  table
      .add("members", several ? "FILE,..." : "FILE", members,
           "configurations and seeds (JSON), as inputs/members.json; empty: those of --preset" + more)
      .add("preset", fmt::format("{}{}", fmt::join(preset_names(), "|"), several ? ",..." : ""), preset,
           "a plan of members that comes with the program; empty: default, unless --members names one");
}

std::vector<NamedPlan> PlanInputs::read_all(const std::string& data) const {
  std::vector<NamedPlan> plans;
  for (const auto& name : split(members, ',')) {
    const auto path = find_input(std::string(trim(name)), data);
    plans.push_back({path.stem().string(), learn::MemberPlan::read(path)});
  }
  const std::string presets_read = members.empty() && preset.empty() ? "default" : preset;
  for (const auto& name : split(presets_read, ',')) {
    const auto& known = find_preset(trim(name));
    plans.push_back(
        {std::string(known.name), learn::MemberPlan::from_json(nlohmann::json::parse(known.text))});
  }
  std::set<std::string> names;
  for (const auto& plan : plans) {
    IONSIFT_VALIDATE(names.insert(plan.name).second, usage,
                     fmt::format("two plans are called '{}'", plan.name),
                     "results are distinguished by the names of the files", "Rename one of the files.");
  }
  return plans;
}

learn::MemberPlan PlanInputs::read(const std::string& data) const {
  auto plans = read_all(data);
  IONSIFT_VALIDATE(plans.size() == 1, usage, "it is not clear which members are wanted",
                   fmt::format("{} plans are given with --members and --preset", plans.size()),
                   "Keep one of them.");
  return std::move(plans.front().plan);
}

} // namespace ionsift::cli
