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

} // namespace

Evaluation evaluate(const parallel::Communicator& comm, const Ensemble& ensemble,
                    const dataset::FeatureSet& structures, const Matrix<double>& training_means,
                    const parallel::DeviceBinding& device, const EvaluationOptions& options) {
  require_unseen(ensemble, structures);

  std::vector<Probability> mine;
  parallel::together(comm, [&] {
    const auto slice = parallel::slice_of(structures.size(), comm.rank(), comm.size());
    std::vector<std::size_t> positions(slice.size());
    std::iota(positions.begin(), positions.end(), slice.first);
    if (!positions.empty()) {
      mine = summarize(ensemble.predict(structures.select(positions), device), ensemble.weights());
    }
  });
  const auto all = comm.all_gather(std::span<const Probability>(mine));

  Evaluation evaluation;
  evaluation.set = options.set;
  evaluation.resampling = options.resampling;
  evaluation.structures = structures.size();
  evaluation.id = structures.id;
  evaluation.label = structures.label;
  evaluation.conductivity = structures.conductivity;
  evaluation.positive =
      static_cast<std::size_t>(std::count(structures.label.begin(), structures.label.end(), 1));
  for (const auto& probability : all) {
    evaluation.probability.push_back(probability.mean);
    evaluation.sd.push_back(probability.sd);
  }
  evaluation.scores = score(evaluation.label, evaluation.probability);
  evaluation.intervals = bootstrap(evaluation.label, evaluation.probability, options.resampling);
  evaluation.controls = controls(ensemble.training_labels(), evaluation.label, options.resampling.draws,
                                 options.resampling.seed);
  const dataset::TrainingDistance distance(training_means, dataset::ComponentScaling::study_code);
  for (const auto& nearest : distance(structures.of(ensemble.plan().view).means())) {
    evaluation.d_training.push_back(nearest.distance);
  }
  const auto& label = evaluation.label;
  const auto& probability = evaluation.probability;
  evaluation.calibration = calibrate(label, probability, options.bins, options.resampling);
  evaluation.spread_against_error =
      spread_against_error(label, probability, evaluation.sd, options.strata, options.resampling);
  evaluation.by_distance =
      stratify(label, probability, evaluation.d_training, options.strata, options.resampling);
  return evaluation;
}

} // namespace ionsift::learn
