// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/search/tune.hpp"

#include "ionsift/base/enum_names.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/learn/ensemble/fit.hpp"
#include "ionsift/learn/metrics/scores.hpp"
#include "ionsift/parallel/together.hpp"

#include "validation/fold_journal.hpp"

#include <algorithm>
#include <optional>

namespace ionsift::learn {

namespace {

bool has_both_classes(const std::vector<int>& label, const std::vector<std::size_t>& positions) {
  const auto positive =
      std::count_if(positions.begin(), positions.end(), [&](std::size_t i) { return label[i] == 1; });
  return positive > 0 && positive < static_cast<std::ptrdiff_t>(positions.size());
}

void require_searchable(const dataset::FeatureSet& structures, const dataset::Folds& clusters) {
  for (std::size_t c = 0; c < clusters.size(); ++c) {
    IONSIFT_VALIDATE(
        has_both_classes(structures.label, clusters.validated(static_cast<int>(c))) &&
            has_both_classes(structures.label, clusters.trained(static_cast<int>(c))),
        data, fmt::format("cluster {} cannot be left out", clusters.name[c]),
        "its structures, or all others, are of one class: there is no precision and recall, or nothing "
        "to learn",
        "Merge it with another cluster in the split, or leave it out.");
  }
}

/// Trains single tasks. The data of the current cluster are cached, as the next task is often of the same.
class Tasks {
public:
  Tasks(const dataset::FeatureSet& structures, const dataset::Folds& clusters, const TuneOptions& options)
      : structures_(structures), clusters_(clusters), options_(options) {}

  TrainingRecord train(const SearchTask& task, const AfterEpoch& after) {
    if (cluster_ != task.cluster) {
      cluster_ = task.cluster;
      train_ = structures_.select(clusters_.trained(cluster_));
      validated_ = structures_.select(clusters_.validated(cluster_));
    }
    const auto configuration = options_.space.configuration(task.point, "", options_.search.halving.epochs);
    FitOptions watching;
    watching.watched = &validated_;
    watching.observer = [&](const TrainingEpoch& epoch) {
      const auto said = epoch.probabilities();
      const std::vector<double> probability(said.begin(), said.end());
      const auto scores = score(validated_.label, probability);
      return after(epoch.number,
                   options_.objective == Objective::auc_pr ? scores.auc_pr : scores.average_precision);
    };
    return fit(configuration, train_, task.seed, options_.device, watching).record;
  }

private:
  const dataset::FeatureSet& structures_;
  const dataset::Folds& clusters_;
  const TuneOptions& options_;
  int cluster_ = -1;
  dataset::FeatureSet train_, validated_;
};

TuneResult result_of(const Search& search, const TuneOptions& options) {
  TuneResult result;
  result.clusters = search.results();
  result.tasks = search.tasks();
  result.plan.view = options.space.view;
  result.plan.seeds = options.seeds;
  for (const auto& cluster : result.clusters) {
    if (cluster.configuration) {
      result.plan.configurations.push_back(*cluster.configuration);
    } else {
      log::warning("cluster {} has no configuration: all trainings of it diverged", cluster.name);
    }
  }
  IONSIFT_VALIDATE(!result.plan.configurations.empty(), numeric, "no configuration was found",
                   "every training that was repeated diverged",
                   "Lower the learning rates of the search space.");
  for (const auto& task : result.tasks) {
    result.epochs += static_cast<std::uint64_t>(task.end->epochs);
    result.training_seconds += task.end->seconds;
  }
  return result;
}

constexpr auto objective_names = enum_names<Objective>(
    {{Objective::auc_pr, "auc-pr"}, {Objective::average_precision, "average-precision"}});

} // namespace

std::string_view name_of(Objective objective) {
  return objective_names.name(objective);
}

Objective objective_of(std::string_view name) {
  return objective_names.parse(name, "objective");
}

TuneResult tune(const parallel::Communicator& comm, const dataset::FeatureSet& structures,
                const dataset::Folds& clusters, const TuneOptions& options,
                const std::filesystem::path& journal) {
  require_searchable(structures, clusters);
  std::unique_ptr<Search> search;
  parallel::on_root(comm, [&] {
    search = std::make_unique<Search>(
        options.space, clusters.name, options.search, journal,
        fmt::format("{} {}", name_of(options.objective), fingerprint(structures, clusters, {})));
  });
  const auto known = search ? search->ended() : 0;
  if (known > 0) {
    log::info("{} trainings are in the journal already", known);
  }
  Tasks tasks(structures, clusters, options);
  const auto run =
      run_search(comm, search.get(), options.search,
                 [&](const SearchTask& task, const AfterEpoch& after) { return tasks.train(task, after); });
  TuneResult result;
  parallel::on_root(comm, [&] {
    if (run.done) {
      result = result_of(*search, options);
    }
    result.ended = search->ended();
    result.trained = search->ended() - known;
  });
  result.cost = run.cost;
  result.interrupted = !run.done;
  return result;
}

} // namespace ionsift::learn
