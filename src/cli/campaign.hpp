// SPDX-License-Identifier: BSD-3-Clause
// Commands of the program run one after the other as the steps of one run.
#pragma once

#include "command.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace ionsift::cli {

/// One command with its options, as on the command line.
struct CampaignStep {
  std::string name;                   ///< in FOLDER/steps.json; differs between steps of one command
  std::string command;                ///< "train", as in commands()
  std::string title;                  ///< "training the ensemble"
  std::vector<std::string> arguments; ///< without the command's name
  /// Files whose content decides the result, besides the options. Empty: the step runs every time, because
  /// its command itself detects what is up to date (featurize, screen) or is cheap (report).
  std::vector<std::filesystem::path> content;
  std::filesystem::path result; ///< the file that the command writes last
  bool overwrites = false;      ///< needs --overwrite to replace the result of other options
};

/// Runs steps and records their inputs in FOLDER/steps.json, so that a repeated run skips what is up to
/// date. A step whose options or content have changed runs again and replaces its result; one that did not
/// finish resumes as its command does.
class Campaign {
public:
  /// @param folder exists, and is held by this run
  Campaign(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record,
           std::filesystem::path folder);

  /// Collective. @return false when the step was interrupted: the run ends, as its record states
  /// @throws Error what the command throws, and usage for arguments that it does not know (a bug of the
  /// caller)
  bool run(const CampaignStep& step);
  /// Names of the steps that were up to date, in order.
  const std::vector<std::string>& skipped() const { return skipped_; }

private:
  std::string fingerprint(const CampaignStep& step) const;
  /// What rank 0 finds before a step: "finished", "begun" (with the same options and content) or "other".
  std::string state_of(const CampaignStep& step, const std::string& fingerprint) const;
  bool execute(const CampaignStep& step, const std::vector<std::string>& arguments);
  void begin(const CampaignStep& step, const std::string& fingerprint);

  parallel::Communicator comm_;
  CommonOptions common_;
  RunRecord& record_;
  std::filesystem::path folder_;
  nlohmann::json begun_; ///< fingerprints by command; on rank 0
  std::vector<std::string> skipped_;
};

} // namespace ionsift::cli
