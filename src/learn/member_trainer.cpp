#include "member_trainer.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/base/sha256.hpp"

namespace ionsift::learn {

namespace {

namespace fs = std::filesystem;

constexpr int attempts = 2; ///< of a member that diverges

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

Fitted MemberTrainer::fit_once(const MemberRecord& record, int attempt) const {
  const auto& configuration = options_.plan.configurations[static_cast<std::size_t>(record.configuration)];
  const Checkpoint checkpoint{state_file(record.configuration, record.repeat, attempt), job_,
                              options_.checkpoint_every, [&] { return interruption_.keeping(); }};
  FitOptions further;
  further.compositions = &options_.compositions;
  if (options_.start != nullptr) {
    further.start = options_.start->find(configuration, train_);
  }
  further.checkpoint = &checkpoint;
  further.interrupted = [&] { return interruption_.ending(); };
  return fit(configuration, train_, record.seed, options_.device, further);
}

std::optional<MemberEntry> MemberTrainer::run(const MemberNumber& member) const {
  const Stopwatch watch;
  MemberEntry entry;
  auto& record = entry.record;
  record.configuration = member.configuration;
  record.repeat = member.repeat;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    record.seed = member_seed(options_.seed, record.configuration, record.repeat, attempt);
    const auto fitted = fit_once(record, attempt);
    if (fitted.record.interrupted) {
      return std::nullopt;
    }
    record.epochs = fitted.record.epochs;
    record.loss = fitted.record.loss;
    record.diverged = fitted.record.diverged;
    if (!record.diverged) {
      write(entry, *fitted.classifier);
      break;
    }
    if (attempt + 1 < attempts) {
      record.first = FirstAttempt{record.seed, record.epochs};
    }
    log::warning("member {} of configuration {} diverged in epoch {} and is {}", record.repeat,
                 record.configuration, record.epochs,
                 attempt + 1 < attempts ? "started again with another seed" : "not used");
  }
  record.seconds = watch.seconds();
  return entry;
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
