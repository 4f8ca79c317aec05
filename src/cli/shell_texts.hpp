// SPDX-License-Identifier: BSD-3-Clause
// Shell completions, man pages and docs/reference from the option table.
#pragma once

#include "command.hpp"

#include <string>
#include <vector>

namespace ionsift::cli {

/// How the program may end.
struct ExitStatus {
  int status;
  std::string_view meaning;
};
const std::vector<ExitStatus>& exit_statuses();

/// Words in the place of a command that only print something; they take no options.
struct Utterance {
  std::string_view name;
  std::string_view argument; ///< "bash|zsh|fish"; empty for none
  std::string_view summary;
};
const std::vector<Utterance>& utterances();

/// Variables that the program looks at.
struct EnvironmentVariable {
  std::string_view name;
  std::string_view meaning;
};
const std::vector<EnvironmentVariable>& environment_variables();

/// The options of a command without, or alone, those that all commands have.
std::vector<Option> own_options(const CommandEntry& entry);
std::vector<Option> common_options();

/// A script for the shell's completion. @throws Error usage unless `shell` is bash, zsh or fish
std::string completion_script(const std::string& shell);

/// ionsift.1, for man.
std::string man_page();

/// docs/reference/commands.md: the same in Markdown.
std::string command_reference();

} // namespace ionsift::cli
