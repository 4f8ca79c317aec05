// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/validation/crossvalidation.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/progress.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/base/timer.hpp"
#include "ionsift/learn/ensemble/fit.hpp"
#include "ionsift/parallel/gather.hpp"
#include "ionsift/parallel/interruption.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include "fold_journal.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <optional>

namespace ionsift::learn {

namespace {

/// Keys of the random streams of a cross-validation; members' keys are below 2^62.
constexpr std::uint64_t subset_key = std::uint64_t(1) << 62;

/// All trainings, in the order in which results are reported.
std::vector<FoldMember> all_members(const CrossValidationOptions& options, std::size_t folds) {
  std::vector<FoldMember> members;
  for (int s = 0; s < static_cast<int>(options.shares.size()); ++s) {
    for (int v = 0; v < static_cast<int>(options.variants.size()); ++v) {
      const auto& plan = options.variants[static_cast<std::size_t>(v)].plan;
      for (int f = 0; f < static_cast<int>(folds); ++f) {
        for (const auto& number : plan.members()) {
          members.push_back({v, s, f, number.configuration, number.repeat});
        }
      }
    }
  }
  return members;
}

/// The same for every variant and share, so that they are compared with the same random numbers.
std::uint64_t seed_of(const FoldMember& m, std::uint64_t seed) {
  const auto key = (static_cast<std::uint64_t>(m.fold) << 44) |
                   (static_cast<std::uint64_t>(m.configuration) << 24) | static_cast<std::uint64_t>(m.repeat);
  return RandomStream(seed, key).bits() >> 1; // 63 bits, since HDF5 attributes are signed
}

bool same_but_for_repeat(FoldMember a, const FoldMember& b) {
  a.repeat = b.repeat;
  return a == b;
}

/// Trains and validates single members.
class Trainer {
public:
  Trainer(const dataset::FeatureSet& structures, const dataset::Folds& folds,
          const CrossValidationOptions& options, parallel::Interruption& interruption)
      : structures_(structures), folds_(folds), options_(options), interruption_(interruption) {}

  /// Nothing if the run is interrupted before.
  std::optional<FoldTraining> run(const FoldMember& member) const {
    const Stopwatch watch;
    const auto& plan = options_.variants[static_cast<std::size_t>(member.variant)].plan;
    const auto& configuration = plan.configurations[static_cast<std::size_t>(member.configuration)];
    const auto train = structures_.select(training_part(member));
    const auto validated = structures_.select(folds_.validated(member.fold));

    FoldTraining result;
    result.member = member;
    const auto compositions = compositions_for(member.fold);
    FitOptions watching;
    watching.compositions = &compositions;
    watching.unlabelled = &options_.unlabelled;
    watching.start = options_.start != nullptr ? options_.start->find(configuration, train) : nullptr;
    watching.interrupted = [&] { return interruption_.ending(); };
    if (options_.every > 0) {
      watching.watched = &validated;
      watching.observer = [&](const TrainingEpoch& epoch) {
        if (epoch.number % options_.every == 0) {
          result.curve.push_back(scores_of(epoch, validated.label));
        }
        return true;
      };
    }
    const auto fitted = fit(configuration, train, seed_of(member, options_.seed), options_.device, watching);
    if (fitted.record.interrupted) {
      return std::nullopt;
    }
    result.record = fitted.record;
    if (fitted.record.diverged) {
      result.curve.clear();
      log::warning("{}, fold {}: repeat {} of configuration {} diverged in epoch {} and is not used",
                   options_.variants[static_cast<std::size_t>(member.variant)].name,
                   folds_.name[static_cast<std::size_t>(member.fold)], member.repeat, member.configuration,
                   fitted.record.epochs);
    } else {
      result.probability = fitted.classifier->predict(validated, options_.device);
    }
    result.seconds = watch.seconds();
    return result;
  }

  double cost(const FoldMember& member) const {
    const auto& plan = options_.variants[static_cast<std::size_t>(member.variant)].plan;
    return training_cost(plan.configurations[static_cast<std::size_t>(member.configuration)],
                         structures_.select(training_part(member)));
  }

private:
  std::vector<std::size_t> training_part(const FoldMember& member) const {
    return learn::training_part(structures_, folds_, options_, member.fold, member.share);
  }

  /// Those that are not validated with the fold.
  dataset::FeatureSet compositions_for(int fold) const {
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < options_.compositions.size(); ++i) {
      if (options_.composition_fold[i] != fold) {
        kept.push_back(i);
      }
    }
    return options_.compositions.select(kept);
  }

  static EpochScores scores_of(const TrainingEpoch& epoch, const std::vector<int>& label) {
    const auto said = epoch.probabilities();
    const std::vector<double> probability(said.begin(), said.end());
    const auto scores = score(label, probability);
    return {epoch.number, epoch.loss, scores.auc_pr, scores.average_precision, scores.mcc};
  }

  const dataset::FeatureSet& structures_;
  const dataset::Folds& folds_;
  const CrossValidationOptions& options_;
  parallel::Interruption& interruption_;
};

void require_validatable(const dataset::FeatureSet& structures, const dataset::Folds& folds,
                         const CrossValidationOptions& options) {
  IONSIFT_VALIDATE(!options.variants.empty() && !options.shares.empty(), usage,
                   "there is nothing to validate", "no variant or no share of the training part is given",
                   "Give at least one of each.");
  IONSIFT_VALIDATE(folds.of.size() == structures.size() && structures.label.size() == structures.size(),
                   internal, "folds or labels do not fit the structures", "each structure has one of both",
                   "Report this.");
  IONSIFT_VALIDATE(options.composition_fold.size() == options.compositions.size(), internal,
                   "folds do not fit the entries known by composition", "each of them has one",
                   "Report this.");
  IONSIFT_VALIDATE(!folds.name.empty(), data, "there is no fold", "no structure is in one",
                   "Name a column of folds, clusters or groups that the split has.");
  for (std::size_t f = 0; f < folds.name.size(); ++f) {
    const auto validated = folds.validated(static_cast<int>(f));
    const auto trained = folds.trained(static_cast<int>(f));
    const auto positive = std::count_if(trained.begin(), trained.end(),
                                        [&](std::size_t i) { return structures.label[i] == 1; });
    IONSIFT_VALIDATE(
        !validated.empty() && positive > 0 && positive < static_cast<std::ptrdiff_t>(trained.size()), data,
        fmt::format("fold {} has {} structures; the {} others have {} of class 1", folds.name[f],
                    validated.size(), trained.size(), positive),
        "a classifier needs both classes to train on, and something to be validated on",
        "Make the folds anew.");
  }
}

} // namespace

std::vector<std::size_t> training_part(const dataset::FeatureSet& structures, const dataset::Folds& folds,
                                       const CrossValidationOptions& options, int fold, int share) {
  const auto key = subset_key | static_cast<std::uint64_t>(fold);
  return dataset::nested_subset(folds.trained(fold), structures.label,
                                options.shares[static_cast<std::size_t>(share)],
                                RandomStream(options.seed, key).bits());
}

FoldTrainings train_folds(const parallel::Communicator& comm, const dataset::FeatureSet& structures,
                          const dataset::Folds& folds, const CrossValidationOptions& options,
                          const std::filesystem::path& journal) {
  require_validatable(structures, folds, options);
  const auto members = all_members(options, folds.name.size());
  const auto owner = fold_journal_owner(fingerprint(structures, folds, options));

  std::map<std::uint64_t, std::string> finished;
  parallel::on_root(comm, [&] {
    make_folder(journal);
    for (auto& [number, lines] : WorkJournal::read(journal, owner)) {
      finished.emplace(number, std::move(lines.back()));
    }
  });
  std::vector<std::uint64_t> known;
  std::transform(finished.begin(), finished.end(), std::back_inserter(known),
                 [](const auto& entry) { return entry.first; });
  known = comm.all_gather(std::span<const std::uint64_t>(known)); // rank 0 alone has any
  std::vector<std::uint64_t> open;
  for (std::uint64_t i = 0; i < members.size(); ++i) {
    if (!std::binary_search(known.begin(), known.end(), i)) {
      open.push_back(i);
    }
  }
  if (!known.empty()) {
    log::info("{} of {} trainings are in the journal already", known.size(), members.size());
  }

  const Stopwatch watch;
  parallel::Interruption interruption(comm);
  const Trainer trainer(structures, folds, options, interruption);
  std::vector<double> costs;
  for (std::size_t i = 0; i < open.size(); ++i) {
    const auto& member = members[open[i]];
    const bool repeats = i > 0 && same_but_for_repeat(members[open[i - 1]], member);
    costs.push_back(repeats ? costs.back() : trainer.cost(member));
  }
  parallel::WorkQueue queue(comm);
  queue.refill(costs);
  const auto count = comm.make_counter();

  std::vector<std::uint64_t> mine;
  std::vector<std::string> results;
  double busy = 0;
  parallel::together(comm, [&] {
    WorkJournal file(journal, owner, comm.rank());
    Progress progress("trainings", open.size());
    while (!interruption.ending()) {
      const auto next = queue.next();
      if (!next) {
        break;
      }
      const auto number = open[*next];
      const Stopwatch training_watch;
      const auto training = trainer.run(members[number]);
      busy += training_watch.seconds();
      if (!training) {
        break;
      }
      mine.push_back(number);
      results.push_back(to_json(*training).dump());
      file.append(number, results.back());
      count->add(1);
      if (comm.is_root()) {
        progress.update(static_cast<std::uint64_t>(count->fetch_add(0)));
      }
    }
  });

  FoldTrainings result;
  result.cost = parallel::sum_up(comm, watch.seconds(), mine.size(), busy);
  result.planned = members.size();
  result.finished = known.size() + static_cast<std::size_t>(result.cost.items);
  // Texts, as in the journal: a resumed run has exactly the numbers of an uninterrupted one.
  const auto fresh = parallel::gather_text_in_order(comm, mine, results);
  const auto numbers = parallel::gather_in_order<std::uint64_t>(comm, mine, mine);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    finished[numbers[i]] = fresh[i];
  }
  for (const auto& [number, text] : finished) { // on rank 0 alone there are any
    result.trainings.push_back(fold_training_from_json(nlohmann::json::parse(text)));
  }
  return result;
}

} // namespace ionsift::learn
