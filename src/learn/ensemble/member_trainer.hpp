// SPDX-License-Identifier: BSD-3-Clause
// Training single members of an ensemble into its folder.
#pragma once

#include "ionsift/parallel/interruption.hpp"

#include "manifest.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace ionsift::learn {

/// Members of one configuration, that one rank trains.
using MemberStack = std::vector<MemberNumber>;

/// Whether a file of the folder is the state of a member, complete or partial.
bool is_state_file(const std::filesystem::path& file);

class MemberTrainer {
public:
  /// The arguments must outlive this. @param job text of everything that members depend on
  MemberTrainer(const dataset::FeatureSet& train, const TrainOptions& options, std::filesystem::path folder,
                std::string job, parallel::Interruption& interruption)
      : train_(train), options_(options), folder_(std::move(folder)), job_(std::move(job)),
        interruption_(interruption) {}

  /// Trains members, each a second time with another seed where it diverges, and writes their files: side by
  /// side where the options or the device ask for it. Goes on from states that an earlier run has left.
  /// @return nothing for a member when the run is to end before it is finished
  std::vector<std::optional<MemberEntry>> run(const MemberStack& members) const;
  /// Removes the states of a member that is finished.
  void forget_states(const MemberNumber& member) const;

private:
  /// Attempts of one member, from the first that is still open. @return nothing when the run is to end before
  std::optional<MemberEntry> run_alone(MemberEntry entry, int attempt) const;
  Fitted fit_once(const MemberRecord& record, int attempt) const;
  /// Notes what came of an attempt, and writes the member if it is one. @return whether there is none to
  /// follow
  bool settle(MemberEntry& entry, const Fitted& fitted, int attempt) const;
  Checkpoint checkpoint_of(const MemberRecord& record, int attempt) const;
  FitOptions fit_options(const Configuration& configuration) const;
  const Configuration& configuration_of(const MemberRecord& record) const;
  void write(MemberEntry& entry, const Classifier& classifier) const;
  std::filesystem::path state_file(int configuration, int repeat, int attempt) const;

  const dataset::FeatureSet& train_;
  const TrainOptions& options_;
  std::filesystem::path folder_;
  std::string job_;
  parallel::Interruption& interruption_;
};

} // namespace ionsift::learn
