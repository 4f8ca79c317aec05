// SPDX-License-Identifier: BSD-3-Clause
#include "member_trainer.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/base/sha256.hpp"

namespace ionsift::learn {

namespace {

namespace fs = std::filesystem;

constexpr int attempts = 2; ///< number of attempts for a member that diverges

std::string stem(int configuration, int repeat) {
  return fmt::format("member_{:02}_{:02}", configuration, repeat);
}

} // namespace

std::uint64_t member_seed(std::uint64_t seed, int configuration, int repeat, int attempt) {
  // 63 bits, since HDF5 attributes are signed.
  const auto key = (std::uint64_t(configuration) << 32) | std::uint64_t(repeat);
  const auto first = RandomStream(seed, key).bits() >> 1;
  return attempt == 0 ? first : RandomStream(first, std::uint64_t(attempt)).bits() >> 1;
}

bool is_state_file(const fs::path& file) {
  const auto name = file.filename().string();
  return name.starts_with("member_") && name.find("state.h5") != std::string::npos;
}

/// Each attempt has its own: the state of the first leads a run that continues to the second one's as before.
fs::path MemberTrainer::state_file(int configuration, int repeat, int attempt) const {
  return folder_ /
         fmt::format("{}.{}.h5", stem(configuration, repeat), attempt == 0 ? "state" : "second-state");
}

const Configuration& MemberTrainer::configuration_of(const MemberRecord& record) const {
  return options_.plan.configurations[static_cast<std::size_t>(record.configuration)];
}

Checkpoint MemberTrainer::checkpoint_of(const MemberRecord& record, int attempt) const {
  return {state_file(record.configuration, record.repeat, attempt), job_, options_.checkpoint_every,
          [this] { return interruption_.keeping(); }};
}

FitOptions MemberTrainer::fit_options(const Configuration& configuration) const {
  FitOptions options;
  options.compositions = &options_.compositions;
  options.unlabelled = &options_.unlabelled;
  if (options_.start != nullptr) {
    options.start = options_.start->find(configuration, train_);
  }
  options.interrupted = [this] { return interruption_.ending(); };
  return options;
}

Fitted MemberTrainer::fit_once(const MemberRecord& record, int attempt) const {
  const auto& configuration = configuration_of(record);
  const auto checkpoint = checkpoint_of(record, attempt);
  auto options = fit_options(configuration);
  options.checkpoint = &checkpoint;
  return fit(configuration, train_, record.seed, options_.device, options);
}

bool MemberTrainer::settle(MemberEntry& entry, const Fitted& fitted, int attempt) const {
  auto& record = entry.record;
  record.epochs = fitted.record.epochs;
  record.loss = fitted.record.loss;
  record.diverged = fitted.record.diverged;
  if (!record.diverged) {
    write(entry, *fitted.classifier);
    return true;
  }
  const bool again = attempt + 1 < attempts;
  if (again) {
    record.first = FirstAttempt{record.seed, record.epochs};
  }
  log::warning("member {} of configuration {} diverged in epoch {} and is {}", record.repeat,
               record.configuration, record.epochs, again ? "started again with another seed" : "not used");
  return !again;
}

std::optional<MemberEntry> MemberTrainer::run_alone(MemberEntry entry, int attempt) const {
  const Stopwatch watch;
  auto& record = entry.record;
  for (bool settled = false; !settled; ++attempt) {
    record.seed = member_seed(options_.seed, record.configuration, record.repeat, attempt);
    const auto fitted = fit_once(record, attempt);
    if (fitted.record.interrupted) {
      return std::nullopt;
    }
    settled = settle(entry, fitted, attempt);
  }
  record.seconds += watch.seconds();
  return entry;
}

std::vector<std::optional<MemberEntry>> MemberTrainer::run(const MemberStack& members) const {
  std::vector<MemberEntry> entries(members.size());
  for (std::size_t m = 0; m < members.size(); ++m) {
    entries[m].record.configuration = members[m].configuration;
    entries[m].record.repeat = members[m].repeat;
  }
  std::vector<std::optional<MemberEntry>> results(members.size());
  const bool side_by_side = members.size() > 1 && (options_.stack > 1 || options_.device.gpu >= 0);
  if (!side_by_side) {
    for (std::size_t m = 0; m < members.size() && !interruption_.ending(); ++m) {
      results[m] = run_alone(entries[m], 0);
    }
    return results;
  }

  const Stopwatch watch;
  std::vector<Checkpoint> checkpoints;
  std::vector<StackSeed> seeds;
  for (auto& [record, file, sha256] : entries) {
    record.seed = member_seed(options_.seed, record.configuration, record.repeat, 0);
    checkpoints.push_back(checkpoint_of(record, 0));
  }
  for (std::size_t m = 0; m < members.size(); ++m) {
    seeds.push_back({entries[m].record.seed, &checkpoints[m]});
  }
  const auto& configuration = configuration_of(entries.front().record);
  const auto fitted = fit_stack(configuration, train_, seeds, options_.device, fit_options(configuration));
  const double share = watch.seconds() / static_cast<double>(members.size());
  for (std::size_t m = 0; m < members.size(); ++m) {
    if (fitted[m].record.interrupted) {
      continue;
    }
    entries[m].record.seconds = share;
    results[m] = settle(entries[m], fitted[m], 0) ? entries[m] : run_alone(entries[m], 1);
  }
  return results;
}

void MemberTrainer::write(MemberEntry& entry, const Classifier& classifier) const {
  entry.file = stem(entry.record.configuration, entry.record.repeat) + ".h5";
  classifier.write(folder_ / entry.file, entry.record.seed);
  entry.sha256 = sha256_of_file(folder_ / entry.file);
  if (!options_.maml.empty()) {
    write_maml_copy(classifier, options_.maml / fs::path(entry.file).stem());
  }
}

void MemberTrainer::forget_states(const MemberNumber& member) const {
  for (int attempt = 0; attempt < attempts; ++attempt) {
    fs::remove(state_file(member.configuration, member.repeat, attempt));
  }
}

} // namespace ionsift::learn
