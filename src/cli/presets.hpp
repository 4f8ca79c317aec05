// SPDX-License-Identifier: BSD-3-Clause
// Plans of members that the program carries with it, and the options that choose one.
#pragma once

#include "ionsift/learn/model/configuration.hpp"

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
/// A copy of inputs/search-space.json.
std::string_view default_search_space();

struct NamedPlan {
  std::string name; ///< name of the file without its extension, or of the preset
  learn::MemberPlan plan;
};

/// The options by which plans are chosen, shared by train and crossvalidate.
struct PlanInputs {
  std::string members, preset;

  /// @param several whether more than one plan may be named
  void declare(OptionTable& table, bool several = false);
  /// Those of --members, then those of --preset, separated by commas; the preset default where neither is
  /// given.
  /// @throws Error usage for a preset that does not exist, for a name that occurs
  /// twice
  std::vector<NamedPlan> read_all(const std::string& data) const;
  /// @throws Error usage also for more than one plan
  learn::MemberPlan read(const std::string& data) const;
};

} // namespace ionsift::cli
