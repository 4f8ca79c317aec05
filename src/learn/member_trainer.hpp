// Training single members of an ensemble into its folder.
#pragma once

#include "ionsift/parallel/interruption.hpp"

#include "manifest.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace ionsift::learn {

/// Whether a file of the folder is the state of a member, whole or half written.
bool is_state_file(const std::filesystem::path& file);

class MemberTrainer {
public:
  /// What is given must outlive this. @param job everything that members depend on, as text
  MemberTrainer(const dataset::FeatureSet& train, const TrainOptions& options, std::filesystem::path folder,
                std::string job, parallel::Interruption& interruption)
      : train_(train), options_(options), folder_(std::move(folder)), job_(std::move(job)),
        interruption_(interruption) {}

  /// Trains a member, a second time with another seed where it diverges, and writes its file. Goes on from a
  /// state that an earlier run has left. @return nothing when the run is to end before
  std::optional<MemberEntry> run(const MemberNumber& member) const;
  /// Removes the states of a member that is finished.
  void forget_states(const MemberNumber& member) const;

private:
  Fitted fit_once(const MemberRecord& record, int attempt) const;
  void write(MemberEntry& entry, const Classifier& classifier) const;
  std::filesystem::path state_file(int configuration, int repeat, int attempt) const;

  const dataset::FeatureSet& train_;
  const TrainOptions& options_;
  std::filesystem::path folder_;
  std::string job_;
  parallel::Interruption& interruption_;
};

} // namespace ionsift::learn
