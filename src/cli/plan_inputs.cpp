#include "inputs.hpp"
#include "presets.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

namespace ionsift::cli {

namespace {

std::vector<std::string_view> preset_names() {
  std::vector<std::string_view> names;
  std::transform(presets().begin(), presets().end(), std::back_inserter(names),
                 [](const Preset& preset) { return preset.name; });
  return names;
}

} // namespace

void PlanInputs::declare(OptionTable& table) {
  table
      .add("members", "FILE", members,
           "configurations and seeds (JSON), as inputs/members.json; empty: those of --preset")
      .add("preset", fmt::format("{}", fmt::join(preset_names(), "|")), preset,
           "a plan of members that comes with the program; empty: --members names one");
}

learn::MemberPlan PlanInputs::read(const std::string& data) const {
  IONSIFT_VALIDATE(members.empty() != preset.empty(), usage, "it is not clear which members are wanted",
                   members.empty() ? "neither --members nor --preset is given"
                                   : "both --members and --preset are given",
                   fmt::format("Give --members FILE, or --preset with {}.", fmt::join(preset_names(), ", ")));
  if (!members.empty()) {
    return learn::MemberPlan::read(find_input(members, data));
  }
  const auto found = std::find_if(presets().begin(), presets().end(),
                                  [&](const Preset& known) { return known.name == preset; });
  IONSIFT_VALIDATE(found != presets().end(), usage, fmt::format("there is no preset '{}'", preset),
                   fmt::format("the presets are {}", fmt::join(preset_names(), ", ")),
                   "Choose one of them, or give a file with --members.");
  return learn::MemberPlan::from_json(nlohmann::json::parse(found->text));
}

} // namespace ionsift::cli
