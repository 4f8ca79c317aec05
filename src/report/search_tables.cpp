// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/report/search_tables.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/progress.hpp"
#include "ionsift/report/cost_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace ionsift::report {

namespace {

nlohmann::json to_json(const learn::Candidate& candidate) {
  nlohmann::json json = {{"trial", candidate.trial},
                         {"repeats", candidate.repeats},
                         {"score", nullptr},
                         {"best_epoch", candidate.best_epoch}};
  if (candidate.best) {
    json["score"] = *candidate.best;
  }
  return json;
}

std::string ending_of(const learn::TaskRecord& task) {
  if (task.end->diverged) {
    return "diverged";
  }
  return task.rungs.empty() || task.rungs.back().goes_on ? "complete" : "ended at a rung";
}

/// The best rolling mean among a cluster's trials, and the epochs of all its trainings.
struct ClusterSums {
  double best_trial = 0;
  int trials = 0, complete = 0, epochs = 0;
};

ClusterSums sums_of(const learn::TuneResult& result, int cluster) {
  ClusterSums sums;
  for (const auto& task : result.tasks) {
    if (task.task.cluster != cluster) {
      continue;
    }
    sums.epochs += task.end->epochs;
    if (!task.task.repeat) {
      ++sums.trials;
      sums.complete += ending_of(task) == "complete" ? 1 : 0;
      sums.best_trial = std::max(sums.best_trial, task.end->best.value_or(0));
    }
  }
  return sums;
}

} // namespace

nlohmann::json to_json(const learn::TuneResult& result, const nlohmann::json& devices) {
  auto clusters = nlohmann::json::array();
  for (std::size_t c = 0; c < result.clusters.size(); ++c) {
    const auto& cluster = result.clusters[c];
    const auto sums = sums_of(result, static_cast<int>(c));
    nlohmann::json json = {
        {"cluster", cluster.name}, {"trials", sums.trials},         {"trials_of_all_epochs", sums.complete},
        {"epochs", sums.epochs},   {"best_trial", sums.best_trial}, {"candidates", nlohmann::json::array()},
        {"winner", nullptr}};
    for (const auto& candidate : cluster.candidates) {
      json["candidates"].push_back(to_json(candidate));
    }
    if (cluster.winner) {
      json["winner"] = to_json(*cluster.winner);
      json["configuration"] = learn::to_json(*cluster.configuration);
    }
    clusters.push_back(std::move(json));
  }
  auto cost = to_json(result.cost, devices, "trainings");
  cost["trainings_of_this_run"] = result.trained;
  cost["trainings"] = result.tasks.size();
  cost["epochs"] = result.epochs;
  cost["training_seconds"] = result.training_seconds;
  return {{"clusters", std::move(clusters)}, {"cost", std::move(cost)}};
}

void write_search(const std::filesystem::path& folder, const learn::SearchSpace& space,
                  const learn::TuneResult& result) {
  write_file_atomically(folder / "trials.csv", [&](std::ostream& out) {
    std::vector<std::string> header = {"cluster", "trial", "repeat"};
    for (const auto& parameter : space.parameters) {
      header.push_back(parameter.name);
    }
    for (const auto* name : {"epochs", "score", "best_epoch", "ending", "seconds", "rank"}) {
      header.emplace_back(name);
    }
    write_csv_row(out, header);
    for (const auto& record : result.tasks) {
      const auto& [task, rungs, end] = record;
      std::vector<std::string> row = {result.clusters[static_cast<std::size_t>(task.cluster)].name,
                                      fmt::format("{}", task.trial),
                                      task.repeat ? fmt::format("{}", *task.repeat) : ""};
      const auto values = space.values(task.point);
      for (const auto& parameter : space.parameters) {
        row.push_back(values.at(parameter.name).dump());
      }
      row.push_back(fmt::format("{}", end->epochs));
      row.push_back(end->best ? fmt::format("{:.6f}", *end->best) : "");
      row.push_back(end->best ? fmt::format("{}", end->best_epoch) : "");
      row.push_back(ending_of(record));
      row.push_back(fmt::format("{:.3f}", end->seconds));
      row.push_back(fmt::format("{}", end->rank));
      write_csv_row(out, row);
    }
  });
  // Last, so that a folder with a plan has everything else.
  write_file_atomically(folder / "members.json",
                        [&](std::ostream& out) { out << result.plan.to_json().dump(2) << '\n'; });
}

void print_search(std::ostream& out, const learn::TuneResult& result, const nlohmann::json& devices) {
  out << fmt::format("{:<12}{:>7}{:>9}{:>8}{:>12}{:>12}{:>7}{:>7}\n", "cluster", "trials", "complete",
                     "epochs", "best trial", "repeats", "trial", "epoch");
  for (std::size_t c = 0; c < result.clusters.size(); ++c) {
    const auto& cluster = result.clusters[c];
    const auto sums = sums_of(result, static_cast<int>(c));
    out << fmt::format("{:<12}{:>7}{:>9}{:>8}{:>12.4f}", cluster.name, sums.trials, sums.complete,
                       sums.epochs, sums.best_trial);
    if (cluster.winner) {
      out << fmt::format("{:>12.4f}{:>7}{:>7}\n", *cluster.winner->best, cluster.winner->trial,
                         cluster.winner->best_epoch);
    } else {
      out << "    diverged\n";
    }
  }
  out << fmt::format(
      "Scores are of the cluster left out, which has chosen configuration and epoch: they flatter.\n"
      "{} trainings, {} epochs, {} of training in all; this run: {}\n",
      result.tasks.size(), result.epochs, format_duration(result.training_seconds),
      describe(result.cost, devices, "trainings"));
}

} // namespace ionsift::report
