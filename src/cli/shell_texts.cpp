// SPDX-License-Identifier: BSD-3-Clause
#include "shell_texts.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/run_record.hpp"
#include "ionsift/base/text.hpp"

namespace ionsift::cli {

const std::vector<ExitStatus>& exit_statuses() {
  static const std::vector<ExitStatus> table = {
      {0, "done"},
      {1, "failed: the message gives problem, reason and remedy; doctor, verify: a problem was found"},
      {2, "wrong usage: a command, an option or a configuration file"},
      {70, "a bug of ionsift; please report the message"},
      {interrupted_status,
       "ended by SIGTERM, SIGINT or --max-hours before the work was done: the same command resumes"},
  };
  return table;
}

const std::vector<Utterance>& utterances() {
  static const std::vector<Utterance> table = {
      {"help", "[COMMAND]", "this text, or the options of a command"},
      {"completion", "bash|zsh|fish", "a script that has the shell complete commands and options"},
      {"man", "[markdown]", "the manual page, for man -l -; or docs/reference/commands.md"},
  };
  return table;
}

const std::vector<EnvironmentVariable>& environment_variables() {
  static const std::vector<EnvironmentVariable> table = {
      {"IONSIFT_DATA", "folder of data for paths that do not exist as given"},
      {"OMP_NUM_THREADS", "threads of each rank, unless --threads is given; 1 if it is not set"},
      {"CUDA_VISIBLE_DEVICES",
       "GPUs that a process may use; HIP_VISIBLE_DEVICES, ROCR_VISIBLE_DEVICES with ROCm"},
      {"IONSIFT_ALONE",
       "set to anything where a launcher starts several processes that are each a run of its own"},
      {"NO_COLOR", "no colours, where it is set to anything"},
  };
  return table;
}

std::vector<Option> own_options(const CommandEntry& entry) {
  OptionTable table;
  const auto command = entry.make();
  command->declare(table);
  auto options = table.options();
  for (auto& option : options) {
    option.assign = nullptr; // it points into the command, which goes
  }
  return options;
}

std::vector<Option> common_options() {
  OptionTable table;
  CommonOptions common;
  common.declare(table);
  auto options = table.options();
  for (auto& option : options) {
    option.assign = nullptr;
  }
  return options;
}

} // namespace ionsift::cli
