// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/base/version.hpp"
#include "ionsift/parallel/kept_work.hpp"
#include "ionsift/parallel/together.hpp"

#include "manifest.hpp"
#include "member_trainer.hpp"
#include "model/fingerprint.hpp"
#include "model/output_folder.hpp"
#include "model/provenance_json.hpp"

#include <algorithm>
#include <ostream>

namespace ionsift::learn {

namespace {

namespace fs = std::filesystem;

void require_members(const MemberPlan& plan) {
  IONSIFT_VALIDATE(!plan.members().empty(), usage, "the plan has no members",
                   "an ensemble needs at least one",
                   "List a configuration and give a positive number of seeds.");
}

/// Journal of finished members, until the manifest is written.
parallel::JobFolder place_of(const dataset::FeatureSet& train, const TrainOptions& options,
                             const fs::path& folder) {
  return {folder / training_journal_name, "ionsift training", training_fingerprint(train, options),
          "structures, labels, plan, seed, start or program version", true};
}

/// Empties the folder, unless an earlier run has begun an ensemble there. For rank 0.
/// @throws Error conflict when there is an ensemble and `overwrite` is false
void open_folder(const fs::path& folder, const parallel::JobFolder& place, bool overwrite) {
  if (overwrite || fs::exists(folder / manifest_name) || !fs::exists(place.folder)) {
    clear_folder(folder, {manifest_name, "member_", "an ensemble", "training would replace it"}, overwrite);
    parallel::forget(place);
  }
  make_folder(place.folder);
}

/// Removes what was needed to continue. A run may have been killed between a member's end and the removal of
/// its states, or while one was being written.
void close_folder(const fs::path& folder, const parallel::JobFolder& place) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (is_state_file(entry.path())) {
      fs::remove(entry.path());
    }
  }
  parallel::forget(place);
}

/// Whether a member's file matches its record; a power cut may remove files that are in a journal.
bool is_there(const fs::path& folder, const std::string& text) {
  const auto entry = member_entry_from_json(nlohmann::json::parse(text));
  const bool there = entry.record.diverged ||
                     (fs::exists(folder / entry.file) && sha256_of_file(folder / entry.file) == entry.sha256);
  if (!there) {
    log::warning("{} is gone or was changed; unless it was replaced since, the member is trained again",
                 (folder / entry.file).string());
  }
  return there;
}

/// Number of members of a configuration trained in one batch (TrainOptions::stack), the same on every
/// rank.
std::size_t stack_size(const parallel::Communicator& comm, const TrainOptions& options, std::size_t open) {
  const auto accelerated =
      comm.all_reduce(std::uint64_t(options.device.gpu >= 0 ? 1 : 0), parallel::Reduction::sum);
  if (options.stack > 0) {
    return static_cast<std::size_t>(options.stack);
  }
  const auto stacks = accelerated == 1 ? 1 : 2 * accelerated;
  return accelerated == 0 ? 1 : std::max<std::size_t>(1, (open + stacks - 1) / stacks);
}

/// Members of one configuration each, by their numbers in the plan.
std::vector<parallel::Piece> pieces_of(const std::vector<std::uint64_t>& open,
                                       const std::vector<MemberNumber>& numbers, std::size_t size) {
  std::vector<parallel::Piece> pieces;
  for (const auto number : open) {
    if (pieces.empty() || pieces.back().size() == size ||
        numbers[pieces.back().front()].configuration != numbers[number].configuration) {
      pieces.emplace_back();
    }
    pieces.back().push_back(number);
  }
  return pieces;
}

/// Trains the remaining members, until the run is to end.
parallel::KeptWork train_members(const parallel::Communicator& comm, const dataset::FeatureSet& train,
                                 const TrainOptions& options, const fs::path& folder,
                                 const parallel::JobFolder& place) {
  const auto numbers = options.plan.members();
  parallel::Job job;
  job.items = numbers.size();
  job.cost = [&](std::uint64_t member) {
    const auto configuration = static_cast<std::size_t>(numbers[member].configuration);
    return training_cost(options.plan.configurations[configuration], train);
  };
  job.holds = [&](std::uint64_t, const std::string& text) { return is_there(folder, text); };
  job.divide = [&](const std::vector<std::uint64_t>& open) {
    return pieces_of(open, numbers, stack_size(comm, options, open.size()));
  };
  job.compute = [&](const parallel::Piece& piece, parallel::Interruption& interruption,
                    const parallel::FinishItem& finish) {
    const MemberTrainer trainer(train, options, folder, place.input, interruption);
    MemberStack stack;
    for (const auto number : piece) {
      stack.push_back(numbers[number]);
    }
    const auto entries = trainer.run(stack);
    for (std::size_t m = 0; m < piece.size(); ++m) {
      if (entries[m]) {
        finish(piece[m], to_json(*entries[m]).dump());
        trainer.forget_states(stack[m]);
      }
    }
    return std::all_of(entries.begin(), entries.end(), [](const auto& entry) { return entry.has_value(); });
  };
  return parallel::work_through(comm, job, place);
}

} // namespace

std::string training_fingerprint(const dataset::FeatureSet& train, const TrainOptions& options) {
  nlohmann::json document = {{"program_version", version()},
                             {"plan", options.plan.to_json()},
                             {"seed", options.seed},
                             {"provenance", to_json(options.provenance)},
                             {"structures", content_of(train)},
                             {"compositions", content_of(options.compositions)},
                             {"maml", options.maml.string()}};
  if (options.unlabelled.size() > 0) {
    document["unlabelled"] = content_of(options.unlabelled);
  }
  if (options.start != nullptr) {
    document["start"] = options.start->sha256();
  }
  return sha256(document.dump());
}

EnsembleTraining train_ensemble(const parallel::Communicator& comm, const dataset::FeatureSet& train,
                                const TrainOptions& options, const fs::path& folder, bool overwrite,
                                PhaseTimes& phases) {
  require_members(options.plan);
  require_trainable(train, options.plan.content());
  if (options.start != nullptr) {
    options.start->require_compatible(options.provenance, "the store");
    for (const auto& configuration : options.plan.configurations) {
      options.start->find(configuration, train);
    }
  }
  const auto place = place_of(train, options, folder);
  parallel::on_root(comm, [&] { open_folder(folder, place, overwrite); });

  parallel::KeptWork work;
  {
    const ScopedPhase phase(phases, "train");
    work = train_members(comm, train, options, folder, place);
  }
  EnsembleTraining result;
  result.cost = work.cost;
  std::vector<MemberEntry> members;
  for (const auto& json : nlohmann::json::parse(parallel::broadcast_results(comm, work))) {
    members.push_back(member_entry_from_json(json));
  }
  for (const auto& member : members) {
    result.members.push_back(member.record);
  }
  result.planned = options.plan.members().size();
  if (result.interrupted()) {
    return result;
  }
  IONSIFT_VALIDATE(std::any_of(result.members.begin(), result.members.end(),
                               [](const auto& member) { return !member.diverged; }),
                   numeric, fmt::format("all {} members diverged", members.size()),
                   "their losses became infinite or NaN",
                   "Lower max_lr or the L2 factors, or check the features.");

  const ScopedPhase phase(phases, "write");
  parallel::on_root(comm, [&] {
    write_file_atomically(folder / manifest_name, [&](std::ostream& out) {
      out << make_manifest(options, train, members).dump(1) << '\n';
    });
    close_folder(folder, place);
  });
  return result;
}

} // namespace ionsift::learn
