// SPDX-License-Identifier: BSD-3-Clause
// Scores of a cross-validation from its members' predictions.
#include "ionsift/base/error.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/dataset/features/training_distance.hpp"
#include "ionsift/dataset/pairs/element_mover.hpp"
#include "ionsift/learn/ensemble/ensemble.hpp"
#include "ionsift/learn/validation/crossvalidation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ionsift::learn {

namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

Scores undefined_scores() {
  Scores scores;
  for (const auto& name : score_names) {
    scores.*name.value = undefined;
  }
  return scores;
}

std::vector<int> labels_at(const dataset::FeatureSet& structures, const std::vector<std::size_t>& positions) {
  std::vector<int> labels;
  for (const auto p : positions) {
    labels.push_back(structures.label[p]);
  }
  return labels;
}

std::size_t positives(const std::vector<int>& label) {
  return static_cast<std::size_t>(std::count(label.begin(), label.end(), 1));
}

/// The mean over repeats or folds at their epochs; nothing if one of them has none.
std::optional<AtEpoch> mean_of(const std::vector<std::optional<EpochScores>>& list) {
  AtEpoch mean;
  for (const auto& scores : list) {
    if (!scores) {
      return std::nullopt;
    }
    const auto n = static_cast<double>(list.size());
    mean.epoch += scores->epoch / n;
    mean.auc_pr += scores->auc_pr / n;
    mean.average_precision += scores->average_precision / n;
    mean.mcc += scores->mcc / n;
  }
  return list.empty() ? std::nullopt : std::optional(mean);
}

/// As scores, of which an epoch has three.
Scores scores_of(const std::optional<AtEpoch>& at) {
  auto scores = undefined_scores();
  if (at) {
    scores.auc_pr = at->auc_pr;
    scores.average_precision = at->average_precision;
    scores.mcc = at->mcc;
  }
  return scores;
}

/// The trainings of one variant and share.
class VariantSummary {
public:
  VariantSummary(const std::vector<FoldTraining>& trainings, const dataset::FeatureSet& structures,
                 const dataset::Folds& folds, const CrossValidationOptions& options, int variant, int share)
      : structures_(structures), folds_(folds), options_(options),
        plan_(options.variants[static_cast<std::size_t>(variant)].plan), share_(share) {
    result_.variant = variant;
    result_.share = share;
    of_fold_.resize(folds.name.size());
    for (const auto& training : trainings) {
      if (training.member.variant == variant && training.member.share == share) {
        of_fold_[static_cast<std::size_t>(training.member.fold)].push_back(&training);
      }
    }
  }

  VariantResult make() {
    for (std::size_t f = 0; f < of_fold_.size(); ++f) {
      add_fold(f);
    }
    IONSIFT_VALIDATE(!result_.structure.empty(), numeric,
                     fmt::format("all members of {} diverged",
                                 options_.variants[static_cast<std::size_t>(result_.variant)].name),
                     "their losses became infinite or NaN",
                     "Lower max_lr or the L2 factors, or check the features.");
    add_epochs();
    add_thresholds();
    add_means();
    add_pooled();
    return std::move(result_);
  }

private:
  void add_fold(std::size_t f) {
    const auto positions = folds_.validated(static_cast<int>(f));
    const auto label = labels_at(structures_, positions);
    const auto training = training_positions(f);
    FoldResult fold;
    fold.training = training.size();
    fold.training_positive = positives(labels_at(structures_, training));
    fold.validated = positions.size();
    fold.positive = positives(label);

    std::vector<Scores> usable;
    std::vector<double> weights;
    std::vector<const FoldTraining*> members;
    for (const auto* member : of_fold_[f]) {
      if (member->record.diverged) {
        ++result_.diverged;
        fold.members.push_back(undefined_scores());
        continue;
      }
      const std::vector<double> probability(member->probability.begin(), member->probability.end());
      fold.members.push_back(score(label, probability));
      usable.push_back(fold.members.back());
      members.push_back(member);
      weights.push_back(plan_.configurations[static_cast<std::size_t>(member->member.configuration)].weight);
    }
    fold.spread = mean_and_spread(usable);
    fold.ensemble = undefined_scores();
    fold.intervals = {undefined_scores(), undefined_scores()};
    if (!members.empty()) {
      add_ensemble(fold, f, positions, label, members, weights);
    }
    result_.folds.push_back(std::move(fold));
    result_.curves.push_back(curve_of(f, std::nullopt));
  }

  /// Scores the mean of the members and adds it to those of the other folds.
  void add_ensemble(FoldResult& fold, std::size_t f, const std::vector<std::size_t>& positions,
                    const std::vector<int>& label, const std::vector<const FoldTraining*>& members,
                    const std::vector<double>& weights) {
    Matrix<float> said(static_cast<Eigen::Index>(members.size()),
                       static_cast<Eigen::Index>(positions.size()));
    for (std::size_t m = 0; m < members.size(); ++m) {
      std::copy(members[m]->probability.begin(), members[m]->probability.end(),
                said.row(static_cast<Eigen::Index>(m)).data());
    }
    const auto distance =
        structures_.views.empty() ? composition_distances(f, positions) : distances(f, positions);
    std::vector<double> probability;
    for (const auto& p : summarize(said, weights)) {
      result_.structure.push_back(positions[probability.size()]);
      result_.label.push_back(label[probability.size()]);
      result_.fold.push_back(static_cast<int>(f));
      result_.d_training.push_back(distance[probability.size()]);
      probability.push_back(p.mean);
      result_.probability.push_back(p.mean);
      result_.sd.push_back(p.sd);
    }
    fold.ensemble = score(label, probability);
    fold.intervals = bootstrap(label, probability, options_.resampling);
  }

  std::vector<std::size_t> training_positions(std::size_t f) const {
    return training_part(structures_, folds_, options_, static_cast<int>(f), share_);
  }

  std::vector<double> distances(std::size_t f, const std::vector<std::size_t>& positions) const {
    const dataset::TrainingDistance distance(structures_.select(training_positions(f)).of(plan_.view).means(),
                                             dataset::ComponentScaling::study_code);
    std::vector<double> nearest;
    for (const auto& one : distance(structures_.select(positions).of(plan_.view).means())) {
      nearest.push_back(one.distance);
    }
    return nearest;
  }

  /// Element-mover distances, of entries that are known by their composition alone; 0 for an element without
  /// a place on the scale.
  std::vector<double> composition_distances(std::size_t f, const std::vector<std::size_t>& positions) const {
    using Place = std::vector<dataset::ScaleShare>;
    const auto place = [&](std::size_t i) {
      try {
        return dataset::on_pettifor_scale(crystal::Composition::parse(structures_.formula[i]));
      } catch (const Error&) {
        return Place();
      }
    };
    std::vector<Place> training;
    for (const auto i : training_positions(f)) {
      training.push_back(place(i));
    }
    std::vector<double> nearest;
    for (const auto i : positions) {
      const auto here = place(i);
      double smallest = std::numeric_limits<double>::infinity();
      for (const auto& there : training) {
        if (!here.empty() && !there.empty()) {
          smallest = std::min(smallest, dataset::element_mover_distance(here, there));
        }
      }
      nearest.push_back(std::isfinite(smallest) ? smallest : 0);
    }
    return nearest;
  }

  /// Mean over the repeats of one configuration, or of all.
  EpochCurve curve_of(std::size_t f, std::optional<int> configuration) const {
    std::vector<EpochCurve> curves;
    for (const auto* member : of_fold_[f]) {
      if (!member->curve.empty() && (!configuration || member->member.configuration == *configuration)) {
        curves.push_back(member->curve);
      }
    }
    return mean_curve(curves);
  }

  /// Scores at the best epoch of a fold, and of the other folds.
  void add_epochs() {
    const auto configurations = static_cast<int>(plan_.configurations.size());
    std::vector<std::vector<std::optional<EpochScores>>> best(result_.folds.size()), chosen(best);
    for (int c = 0; c < configurations; ++c) {
      std::vector<EpochCurve> curves;
      for (std::size_t f = 0; f < of_fold_.size(); ++f) {
        curves.push_back(curve_of(f, c));
      }
      for (std::size_t f = 0; f < curves.size(); ++f) {
        if (curves[f].empty()) {
          continue; // no epochs, as of trees
        }
        best[f].push_back(best_epoch(curves[f], options_.best_epoch));
        std::vector<EpochCurve> others;
        for (std::size_t g = 0; g < curves.size(); ++g) {
          // A fold of one class has no AUC-PR to choose by.
          if (g != f && !curves[g].empty() && !std::isnan(curves[g].front().auc_pr)) {
            others.push_back(curves[g]);
          }
        }
        const auto epoch = best_epoch(mean_curve(others), options_.best_epoch);
        chosen[f].push_back(epoch ? scores_at(curves[f], epoch->epoch) : std::nullopt);
      }
    }
    for (std::size_t f = 0; f < result_.folds.size(); ++f) {
      result_.folds[f].best = mean_of(best[f]);
      result_.folds[f].chosen = mean_of(chosen[f]);
    }
  }

  /// The MCC of each fold with the best threshold of all others.
  void add_thresholds() {
    for (std::size_t f = 0; f < result_.folds.size(); ++f) {
      std::vector<int> label, other_label;
      std::vector<double> probability, other_probability;
      for (std::size_t i = 0; i < result_.structure.size(); ++i) {
        const bool inside = result_.fold[i] == static_cast<int>(f);
        (inside ? label : other_label).push_back(result_.label[i]);
        (inside ? probability : other_probability).push_back(result_.probability[i]);
      }
      auto& fold = result_.folds[f];
      fold.mcc_at_threshold = undefined;
      if (!label.empty() && !other_label.empty()) {
        fold.threshold = best_mcc_cut(other_label, other_probability).threshold;
        fold.mcc_at_threshold = mcc_at(label, probability, fold.threshold);
      }
    }
  }

  void add_means() {
    std::vector<Scores> members, ensembles, best, chosen;
    for (const auto& fold : result_.folds) {
      members.push_back(fold.spread.mean);
      ensembles.push_back(fold.ensemble);
      best.push_back(scores_of(fold.best));
      chosen.push_back(scores_of(fold.chosen));
    }
    result_.members = mean_and_spread(members);
    result_.ensemble = mean_and_spread(ensembles);
    result_.best = mean_and_spread(best);
    result_.chosen = mean_and_spread(chosen);
  }

  void add_pooled() {
    const auto& label = result_.label;
    const auto& probability = result_.probability;
    const auto& resampling = options_.resampling;
    result_.pooled = score(label, probability);
    result_.intervals = bootstrap(label, probability, resampling);
    result_.calibration = calibrate(label, probability, options_.bins, resampling);
    result_.spread_against_error =
        spread_against_error(label, probability, result_.sd, options_.strata, resampling);
    result_.by_distance = stratify(label, probability, result_.d_training, options_.strata, resampling);
  }

  const dataset::FeatureSet& structures_;
  const dataset::Folds& folds_;
  const CrossValidationOptions& options_;
  const MemberPlan& plan_;
  int share_;
  std::vector<std::vector<const FoldTraining*>> of_fold_; ///< in the order of trainings
  VariantResult result_;
};

} // namespace

CrossValidation summarize_folds(const std::vector<FoldTraining>& trainings,
                                const dataset::FeatureSet& structures, const dataset::Folds& folds,
                                const CrossValidationOptions& options) {
  CrossValidation all;
  for (int s = 0; s < static_cast<int>(options.shares.size()); ++s) {
    const auto first = all.variants.size();
    for (int v = 0; v < static_cast<int>(options.variants.size()); ++v) {
      auto result = VariantSummary(trainings, structures, folds, options, v, s).make();
      if (v > 0 && result.structure == all.variants[first].structure) {
        result.against_first = paired_difference(result.label, result.probability,
                                                 all.variants[first].probability, options.resampling);
      }
      all.variants.push_back(std::move(result));
    }
  }
  for (int f = 0; f < static_cast<int>(folds.name.size()); ++f) {
    const auto training = labels_at(structures, folds.trained(f));
    const auto validated = labels_at(structures, folds.validated(f));
    const auto seed = RandomStream(options.resampling.seed, static_cast<std::uint64_t>(f)).bits();
    all.controls.push_back(controls(training, validated, options.resampling.draws, seed));
  }
  return all;
}

} // namespace ionsift::learn
