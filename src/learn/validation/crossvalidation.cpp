// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/validation/crossvalidation.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/base/timer.hpp"
#include "ionsift/learn/ensemble/fit.hpp"
#include "ionsift/parallel/kept_work.hpp"

#include "fold_journal.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

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
          const CrossValidationOptions& options)
      : structures_(structures), folds_(folds), options_(options) {}

  /// Nothing when the run is to end before.
  std::optional<FoldTraining> run(const FoldMember& member, parallel::Interruption& interruption) const {
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
    watching.interrupted = [&] { return interruption.ending(); };
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
};

void require_validatable(const dataset::FeatureSet& structures, const dataset::Folds& folds,
                         const CrossValidationOptions& options) {
  IONSIFT_VALIDATE(!options.variants.empty() && !options.shares.empty(), usage,
                   "there is nothing to validate", "no variant or no share of the training part is given",
                   "Give at least one of each.");
  IONSIFT_ASSERT(folds.of.size() == structures.size() && structures.label.size() == structures.size(),
                 "folds or labels do not fit the structures");
  IONSIFT_ASSERT(options.composition_fold.size() == options.compositions.size(),
                 "folds do not fit the entries known by composition");
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
        "Make the folds again.");
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
  const parallel::JobFolder place{journal, "ionsift cross-validation",
                                  fingerprint(structures, folds, options),
                                  "structures, labels, folds, plan, seed or program version", true};
  const Trainer trainer(structures, folds, options);
  parallel::Job job;
  job.items = members.size();
  job.cost = [&, before = std::pair(FoldMember{-1}, 0.0)](std::uint64_t item) mutable {
    const auto& member = members[item];
    if (!same_but_for_repeat(before.first, member)) {
      before.second = trainer.cost(member);
    }
    before.first = member;
    return before.second;
  };
  job.compute = parallel::one_by_one([&](std::uint64_t item, parallel::Interruption& interruption) {
    const auto training = trainer.run(members[item], interruption);
    return training ? std::optional(to_json(*training).dump()) : std::nullopt;
  });
  const auto work = parallel::work_through(comm, job, place);

  FoldTrainings result;
  result.cost = work.cost;
  result.planned = members.size();
  result.finished = work.known + work.cost.items;
  // Texts, as in the journal: a run that continued has the very numbers of one that did not.
  for (const auto& [number, text] : work.results) { // on rank 0 alone there are any
    result.trainings.push_back(fold_training_from_json(nlohmann::json::parse(text)));
  }
  return result;
}

} // namespace ionsift::learn
