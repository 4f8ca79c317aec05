// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/progress.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/base/version.hpp"
#include "ionsift/base/work_journal.hpp"
#include "ionsift/parallel/gather.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include "manifest.hpp"
#include "member_trainer.hpp"
#include "model/fingerprint.hpp"
#include "model/output_folder.hpp"
#include "model/provenance_json.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <ostream>

namespace ionsift::learn {

namespace {

namespace fs = std::filesystem;

/// Finished members by their number in the plan, as texts.
using Finished = std::map<std::uint64_t, std::string>;

void require_members(const MemberPlan& plan) {
  IONSIFT_VALIDATE(!plan.members().empty(), usage, "the plan has no members",
                   "an ensemble needs at least one",
                   "List a configuration and give a positive number of seeds.");
}

/// Everything that members depend on, but for the processor.
std::string fingerprint(const dataset::FeatureSet& train, const TrainOptions& options) {
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

/// The folder of an ensemble that is being trained.
class Workshop {
public:
  Workshop(const dataset::FeatureSet& train, const TrainOptions& options, fs::path folder)
      : folder_(std::move(folder)), owner_{"ionsift training journal", fingerprint(train, options),
                                           "structures, labels, plan, seed, start or program version"} {}

  /// The finished members of an earlier run of the same training; otherwise empties the folder. For rank 0.
  /// @throws Error conflict when the folder holds an ensemble, or the members of another one, and `overwrite`
  /// is false
  Finished open(bool overwrite) const {
    const FolderContent content{manifest_name, "member_", "an ensemble", "training would replace it"};
    Finished finished;
    if (!overwrite && !fs::exists(folder_ / manifest_name) && fs::exists(journal())) {
      for (const auto& [number, results] : WorkJournal::read(journal(), owner_)) {
        // A member that was damaged and trained again has a line of each training.
        const auto valid = std::ranges::find_if(results, [&](const auto& line) { return is_there(line); });
        if (valid != results.end()) {
          finished.emplace(number, *valid);
        } else {
          const auto entry = member_entry_from_json(nlohmann::json::parse(results.back()));
          log::warning("{} is gone or was changed; the member is trained again",
                       (folder_ / entry.file).string());
        }
      }
    } else {
      clear_folder(folder_, content, overwrite);
      fs::remove_all(journal());
    }
    make_folder(journal());
    return finished;
  }

  WorkJournal journal_of(int rank) const { return {journal(), owner_, rank}; }
  /// Removes what was needed to continue. A run may have been killed between a member's end and the removal
  /// of its states, or while one was being written.
  void close() const {
    for (const auto& entry : fs::directory_iterator(folder_)) {
      if (is_state_file(entry.path())) {
        fs::remove(entry.path());
      }
    }
    fs::remove_all(journal());
  }
  const std::string& job() const { return owner_.input; }
  const fs::path& folder() const { return folder_; }

private:
  fs::path journal() const { return folder_ / training_journal_name; }

  /// Whether a member's file matches its line; power cuts may remove files that lines refer to.
  bool is_there(const std::string& line) const {
    const auto entry = member_entry_from_json(nlohmann::json::parse(line));
    return entry.record.diverged ||
           (fs::exists(folder_ / entry.file) && sha256_of_file(folder_ / entry.file) == entry.sha256);
  }

  fs::path folder_;
  WorkJournal::Owner owner_;
};

/// The remaining members, the same on every rank.
std::vector<std::uint64_t> open_members(const parallel::Communicator& comm, const Finished& finished,
                                        std::size_t members) {
  std::vector<std::uint64_t> known;
  std::transform(finished.begin(), finished.end(), std::back_inserter(known),
                 [](const auto& member) { return member.first; });
  known = comm.all_gather(std::span<const std::uint64_t>(known)); // rank 0 alone has any
  std::vector<std::uint64_t> open;
  for (std::uint64_t i = 0; i < members; ++i) {
    if (!std::binary_search(known.begin(), known.end(), i)) {
      open.push_back(i);
    }
  }
  if (!known.empty()) {
    log::info("{} of {} members are trained already", known.size(), members);
  }
  return open;
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

/// One unit of work of a rank: members of one configuration, by their numbers in the plan.
using Piece = std::vector<std::uint64_t>;

std::vector<Piece> pieces_of(const std::vector<std::uint64_t>& open, const std::vector<MemberNumber>& numbers,
                             std::size_t size) {
  std::vector<Piece> pieces;
  for (const auto number : open) {
    if (pieces.empty() || pieces.back().size() == size ||
        numbers[pieces.back().front()].configuration != numbers[number].configuration) {
      pieces.emplace_back();
    }
    pieces.back().push_back(number);
  }
  return pieces;
}

std::vector<double> costs_of(const std::vector<Piece>& pieces, const std::vector<MemberNumber>& numbers,
                             const MemberPlan& plan, const dataset::FeatureSet& train) {
  std::vector<double> costs;
  for (const auto& piece : pieces) {
    const auto configuration = static_cast<std::size_t>(numbers[piece.front()].configuration);
    costs.push_back(static_cast<double>(piece.size()) *
                    training_cost(plan.configurations[configuration], train));
  }
  return costs;
}

/// Members that this rank has finished.
struct Done {
  std::vector<std::uint64_t> numbers;
  std::vector<std::string> records;
};

/// Trains a piece. @return whether all of it is finished
bool train_piece(const Piece& piece, const std::vector<MemberNumber>& numbers, const MemberTrainer& trainer,
                 WorkJournal& journal, Done& done) {
  MemberStack stack;
  for (const auto number : piece) {
    stack.push_back(numbers[number]);
  }
  const auto entries = trainer.run(stack);
  for (std::size_t m = 0; m < piece.size(); ++m) {
    if (entries[m]) {
      done.numbers.push_back(piece[m]);
      done.records.push_back(to_json(*entries[m]).dump());
      journal.append(piece[m], done.records.back());
      trainer.forget_states(stack[m]);
    }
  }
  return std::all_of(entries.begin(), entries.end(), [](const auto& entry) { return entry.has_value(); });
}

/// Trains what is open, as far as the run is let; adds to `finished` on rank 0.
parallel::WorkCost train_members(const parallel::Communicator& comm, const dataset::FeatureSet& train,
                                 const TrainOptions& options, const Workshop& workshop, Finished& finished) {
  const Stopwatch watch;
  const auto numbers = options.plan.members();
  const auto open = open_members(comm, finished, numbers.size());
  const auto pieces = pieces_of(open, numbers, stack_size(comm, options, open.size()));
  parallel::Interruption interruption(comm);
  parallel::WorkQueue queue(comm);
  queue.refill(costs_of(pieces, numbers, options.plan, train));
  const auto count = comm.make_counter();

  Done mine;
  double busy = 0;
  parallel::together(comm, [&] {
    auto journal = workshop.journal_of(comm.rank());
    const MemberTrainer trainer(train, options, workshop.folder(), workshop.job(), interruption);
    Progress progress("members", open.size());
    while (!interruption.ending()) {
      const auto next = queue.next();
      if (!next) {
        break;
      }
      const Stopwatch piece_watch;
      const auto before = mine.numbers.size();
      const bool whole = train_piece(pieces[*next], numbers, trainer, journal, mine);
      busy += piece_watch.seconds();
      const auto more = static_cast<std::int64_t>(mine.numbers.size() - before);
      count->add(more);
      if (comm.is_root()) {
        progress.update(static_cast<std::uint64_t>(count->fetch_add(0)));
      }
      if (!whole) {
        break;
      }
    }
  });
  const auto cost = parallel::sum_up(comm, watch.seconds(), mine.numbers.size(), busy);
  const auto done = parallel::gather_in_order<std::uint64_t>(comm, mine.numbers, mine.numbers);
  const auto texts = parallel::gather_text_in_order(comm, mine.numbers, mine.records);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    finished[done[i]] = texts[i];
  }
  return cost;
}

/// Finished members in the order of the plan, on every rank.
std::vector<MemberEntry> share(const parallel::Communicator& comm, const Finished& finished) {
  std::vector<std::string> texts;
  std::transform(finished.begin(), finished.end(), std::back_inserter(texts),
                 [](const auto& member) { return member.second; });
  std::vector<MemberEntry> members;
  for (const auto& json : nlohmann::json::parse(comm.broadcast(fmt::format("[{}]", fmt::join(texts, ","))))) {
    members.push_back(member_entry_from_json(json));
  }
  return members;
}

} // namespace

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
  const Workshop workshop(train, options, folder);
  Finished finished;
  parallel::on_root(comm, [&] { finished = workshop.open(overwrite); });

  EnsembleTraining result;
  {
    const ScopedPhase phase(phases, "train");
    result.cost = train_members(comm, train, options, workshop, finished);
  }
  const auto members = share(comm, finished);
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
    workshop.close();
  });
  return result;
}

} // namespace ionsift::learn
