// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/validation/evaluation.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/dataset/features/training_distance.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include <algorithm>
#include <numeric>
#include <set>

namespace ionsift::learn {

namespace {

void require_unseen(const Ensemble& ensemble, const dataset::FeatureSet& structures) {
  std::set<std::string> trained(ensemble.training_ids().begin(), ensemble.training_ids().end());
  trained.insert(ensemble.composition_ids().begin(), ensemble.composition_ids().end());
  std::vector<std::string> seen;
  std::copy_if(structures.id.begin(), structures.id.end(), std::back_inserter(seen),
               [&](const std::string& id) { return trained.contains(id); });
  IONSIFT_VALIDATE(seen.empty(), conflict,
                   fmt::format("{} of {} structures were trained on, for example {}", seen.size(),
                               structures.size(), seen.empty() ? "" : seen.front()),
                   "a score on them would be worthless", "Evaluate on a set that the ensemble has not seen.");
}

/// P_SI and SD of a rank's share of the structures, gathered. Collective.
template <typename Judge>
std::vector<Probability> judged(const parallel::Communicator& comm, const dataset::FeatureSet& structures,
                                const Judge& judge) {
  std::vector<Probability> mine;
  parallel::together(comm, [&] {
    const auto slice = parallel::slice_of(structures.size(), comm.rank(), comm.size());
    std::vector<std::size_t> positions(slice.size());
    std::iota(positions.begin(), positions.end(), slice.first);
    if (!positions.empty()) {
      mine = judge(structures.select(positions));
    }
  });
  return comm.all_gather(std::span<const Probability>(mine));
}

Evaluation with_probabilities(const dataset::FeatureSet& structures, const std::vector<Probability>& all,
                              std::size_t judges, const EvaluationOptions& options) {
  Evaluation evaluation;
  evaluation.set = options.set;
  evaluation.id = structures.id;
  evaluation.label = structures.label;
  evaluation.conductivity = structures.conductivity;
  evaluation.judges.assign(structures.size(), judges);
  for (const auto& probability : all) {
    evaluation.probability.push_back(probability.mean);
    evaluation.sd.push_back(probability.sd);
  }
  return evaluation;
}

/// Fills in all that follows from classes, P_SI and SD.
void fill_in_scores(Evaluation& evaluation, const Ensemble& ensemble, const EvaluationOptions& options) {
  const auto& label = evaluation.label;
  const auto& probability = evaluation.probability;
  evaluation.resampling = options.resampling;
  evaluation.structures = label.size();
  evaluation.positive = static_cast<std::size_t>(std::count(label.begin(), label.end(), 1));
  evaluation.scores = score(label, probability);
  evaluation.intervals = bootstrap(label, probability, options.resampling);
  evaluation.controls =
      controls(ensemble.training_labels(), label, options.resampling.draws, options.resampling.seed);
  evaluation.calibration = calibrate(label, probability, options.bins, options.resampling);
  evaluation.spread_against_error =
      spread_against_error(label, probability, evaluation.sd, options.strata, options.resampling);
}

} // namespace

Evaluation evaluate(const parallel::Communicator& comm, const Ensemble& ensemble,
                    const dataset::FeatureSet& structures, const Matrix<double>& training_means,
                    const parallel::DeviceBinding& device, const EvaluationOptions& options) {
  require_unseen(ensemble, structures);
  const auto all = judged(comm, structures, [&](const dataset::FeatureSet& part) {
    return summarize(ensemble.predict(part, device), ensemble.weights());
  });
  auto evaluation = with_probabilities(structures, all, ensemble.members(), options);
  fill_in_scores(evaluation, ensemble, options);
  const dataset::TrainingDistance distance(training_means, dataset::ComponentScaling::study_code);
  for (const auto& nearest : distance(structures.of(ensemble.plan().view).means())) {
    evaluation.d_training.push_back(nearest.distance);
  }
  evaluation.by_distance = stratify(evaluation.label, evaluation.probability, evaluation.d_training,
                                    options.strata, options.resampling);
  return evaluation;
}

EntryEvaluation evaluate_entries(const parallel::Communicator& comm, const Ensemble& ensemble,
                                 const dataset::FeatureSet& entries, const parallel::DeviceBinding& device,
                                 const EvaluationOptions& options) {
  require_unseen(ensemble, entries);
  EntryEvaluation result;
  const auto weights = ensemble.composition_weights();
  const auto& all_weights = ensemble.weights();
  result.judging = weights.size();
  result.abstaining = ensemble.members() - result.judging;
  result.judging_kinds = ensemble.configurations(true);
  result.abstaining_kinds = ensemble.configurations(false);
  result.share = std::accumulate(weights.begin(), weights.end(), 0.0) /
                 std::accumulate(all_weights.begin(), all_weights.end(), 0.0);
  const auto all = judged(comm, entries, [&](const dataset::FeatureSet& part) {
    return summarize(ensemble.predict_compositions(part, device), weights);
  });
  result.scored = with_probabilities(entries, all, result.judging, options);
  fill_in_scores(result.scored, ensemble, options);
  return result;
}

Evaluation evaluated_together(const Ensemble& ensemble, const Evaluation& structures,
                              const Evaluation& entries, const EvaluationOptions& options) {
  Evaluation both = structures;
  const auto append = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
  append(both.id, entries.id);
  append(both.label, entries.label);
  append(both.conductivity, entries.conductivity);
  append(both.probability, entries.probability);
  append(both.sd, entries.sd);
  append(both.judges, entries.judges);
  both.d_training.clear();
  both.by_distance.clear();
  fill_in_scores(both, ensemble, options);
  return both;
}

} // namespace ionsift::learn
