// Plans of members that the program carries with it, and the options that choose one.
#pragma once

#include "ionsift/learn/configuration.hpp"

#include "option_table.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ionsift::cli {

struct Preset {
  std::string_view name;
  std::string_view file; ///< in the source tree, of which `text` is a copy
  std::string_view text; ///< JSON
};
const std::vector<Preset>& presets();

/// The options by which a plan is chosen, shared by train and crossvalidate.
struct PlanInputs {
  std::string members, preset;

  void declare(OptionTable& table);
  /// @throws Error usage unless one of both is given, or for a preset that does not exist
  learn::MemberPlan read(const std::string& data) const;
};

} // namespace ionsift::cli
