// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/search/search.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/version.hpp"

#include "model/json_keys.hpp"
#include "search_journal.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ionsift::learn {

namespace {

constexpr const char* format_name = "ionsift search journal";

/// Keys of the random streams of a search.
enum class SearchPurpose : std::uint64_t { propose = 1, trial = 2, repeat = 3 };

std::uint64_t key(SearchPurpose purpose, int cluster, int number) {
  return (static_cast<std::uint64_t>(purpose) << 56) | (static_cast<std::uint64_t>(cluster) << 32) |
         static_cast<std::uint64_t>(number);
}

nlohmann::json header_of(const SearchSpace& space, const std::vector<std::string>& clusters,
                         const SearchOptions& o, const std::string& input) {
  return {
      {"format", format_name},
      {"program_version", version()},
      {"input", input},
      {"space", space.to_json()},
      {"clusters", clusters},
      {"seed", o.seed},
      {"trials", o.trials},
      {"best", o.best},
      {"repeats", o.repeats},
      {"tpe", {o.tpe.random_start, o.tpe.good_share, o.tpe.most_good, o.tpe.candidates, o.tpe.prior_weight}},
      {"halving", {o.halving.grace, o.halving.epochs, o.halving.factor}},
      {"best_epoch", {o.rule.after, o.rule.window}}};
}

double value_of(const TaskRecord& task) {
  return task.end && task.end->best && !task.end->diverged ? *task.end->best
                                                           : -std::numeric_limits<double>::infinity();
}

} // namespace

Search::Search(SearchSpace space, std::vector<std::string> clusters, const SearchOptions& options,
               const std::filesystem::path& journal, const std::string& input)
    : space_(std::move(space)), names_(std::move(clusters)), options_(options) {
  IONSIFT_VALIDATE(!names_.empty() && options.trials >= 1 && options.best >= 1 && options.repeats >= 1, usage,
                   fmt::format("a search over {} clusters with {} trials, the best {} repeated {} times",
                               names_.size(), options.trials, options.best, options.repeats),
                   "each of these is at least 1", "Correct it.");
  IONSIFT_VALIDATE(
      options.rule.window >= 1 && options.rule.after + options.rule.window <= options.halving.grace, usage,
      fmt::format("a window of {} epochs after epoch {} does not fit into {} epochs of grace",
                  options.rule.window, options.rule.after, options.halving.grace),
      "every trial must have a rolling mean, also one that ends at the first rung",
      "Shorten the window, or give more grace.");
  for (std::size_t c = 0; c < names_.size(); ++c) {
    clusters_.emplace_back().halving = AshaStopper(options.halving);
  }
  journal_ = std::make_unique<Journal>(journal, header_of(space_, names_, options_, input));
  for (const auto& line : journal_->found()) {
    replay(line, journal);
  }
  for (auto task = tasks_.rbegin(); task != tasks_.rend(); ++task) {
    if (!task->end) {
      reopened_.push_back(task->task.id);
    }
  }
}

void Search::replay(const nlohmann::json& line, const std::filesystem::path& journal) {
  const auto refuse = [&](const std::string& why) {
    throw Error(ErrorCode::format, fmt::format("{} is not the journal of this search", journal.string()),
                fmt::format("{}: {}", why, line.dump()), "Start from the beginning with --overwrite.");
  };
  try {
    apply(line);
  } catch (const std::exception& error) {
    refuse(error.what());
  }
  if (line.contains("rung") &&
      line.value("decision", "") != decision_of(tasks_[line["rung"].get<std::uint64_t>()])) {
    refuse("its decision does not follow from the scores before it");
  }
}

Search::~Search() = default;

std::optional<SearchTask> Search::next() {
  if (!reopened_.empty()) {
    const auto id = reopened_.back();
    reopened_.pop_back();
    return tasks_[id].task;
  }
  auto task = proposed_trial();
  if (!task) {
    task = next_repeat();
  }
  if (task) {
    task->id = tasks_.size();
    record({{"proposal", to_json(*task)}, {"values", space_.values(task->point)}});
  }
  return task;
}

std::optional<SearchTask> Search::proposed_trial() {
  // In turns: the cluster with the fewest trials so far.
  const auto cluster = std::min_element(clusters_.begin(), clusters_.end(), [](const auto& a, const auto& b) {
    return a.trials.size() < b.trials.size();
  });
  const auto number = static_cast<int>(cluster->trials.size());
  if (number >= options_.trials) {
    return std::nullopt;
  }
  SearchTask task;
  task.cluster = static_cast<int>(cluster - clusters_.begin());
  task.trial = number;
  task.seed = RandomStream(options_.seed, key(SearchPurpose::trial, task.cluster, number)).bits() >> 1;
  task.point = proposal(task.cluster, number);
  return task;
}

Point Search::proposal(int cluster, int trial) const {
  std::vector<Observation> known;
  for (const auto id : clusters_[static_cast<std::size_t>(cluster)].trials) {
    if (tasks_[id].end) {
      known.push_back({tasks_[id].task.point, value_of(tasks_[id])});
    }
  }
  RandomStream random(options_.seed, key(SearchPurpose::propose, cluster, trial));
  return propose(space_.parameters, std::move(known), options_.tpe, random);
}

const TaskRecord* Search::find_repeat(const Cluster& cluster, int trial, int repeat) const {
  const auto found = std::find_if(cluster.repeats.begin(), cluster.repeats.end(), [&](std::uint64_t id) {
    return tasks_[id].task.trial == trial && tasks_[id].task.repeat == repeat;
  });
  return found == cluster.repeats.end() ? nullptr : &tasks_[*found];
}

std::optional<SearchTask> Search::next_repeat() {
  for (std::size_t c = 0; c < clusters_.size(); ++c) {
    const auto& cluster = clusters_[c];
    for (std::size_t i = 0;
         cluster.ranked && i < cluster.best.size() * static_cast<std::size_t>(options_.repeats); ++i) {
      SearchTask task;
      task.cluster = static_cast<int>(c);
      task.trial = cluster.best[i / static_cast<std::size_t>(options_.repeats)];
      task.repeat = static_cast<int>(i) % options_.repeats;
      if (find_repeat(cluster, task.trial, *task.repeat) != nullptr) {
        continue;
      }
      // The same for every candidate, so that they are compared with the same random numbers.
      task.seed =
          RandomStream(options_.seed, key(SearchPurpose::repeat, task.cluster, *task.repeat)).bits() >> 1;
      task.point = tasks_[cluster.trials[static_cast<std::size_t>(task.trial)]].task.point;
      return task;
    }
  }
  return std::nullopt;
}

bool Search::report(std::uint64_t id, int epoch, double value) {
  const auto& rungs = tasks_.at(id).rungs;
  const auto known =
      std::find_if(rungs.begin(), rungs.end(), [&](const auto& r) { return r.epoch == epoch; });
  if (known != rungs.end()) {
    return known->goes_on; // a training that the journal left open is repeated
  }
  record({{"rung", id}, {"epoch", epoch}, {"value", value}});
  return tasks_[id].rungs.back().goes_on;
}

void Search::end(std::uint64_t id, const TaskEnd& end) {
  record({{"end", id}, {"result", to_json(end)}});
}

std::string Search::decision_of(const TaskRecord& task) {
  return task.rungs.back().goes_on ? "goes on" : "ends";
}

void Search::record(const nlohmann::json& line) {
  apply(line);
  auto noted = line;
  if (line.contains("rung")) {
    noted["decision"] = decision_of(tasks_[line["rung"].get<std::uint64_t>()]);
  }
  journal_->append(noted);
}

void Search::apply(const nlohmann::json& line) {
  if (line.contains("proposal")) {
    const auto task = search_task_from_json(line["proposal"]);
    auto& cluster = clusters_.at(static_cast<std::size_t>(task.cluster));
    (task.repeat ? cluster.repeats : cluster.trials).push_back(task.id);
    cluster.open += task.repeat ? 0 : 1;
    tasks_.push_back({task, {}, {}});
    return;
  }
  if (line.contains("rung")) {
    auto& task = tasks_.at(line["rung"].get<std::uint64_t>());
    const auto epoch = line.at("epoch").get<int>();
    const auto value = number_or_nan(line.at("value"));
    auto& halving = clusters_[static_cast<std::size_t>(task.task.cluster)].halving;
    const auto& rungs = halving.rungs();
    const auto rung = std::find(rungs.begin(), rungs.end(), epoch);
    IONSIFT_ASSERT(rung != rungs.end(),
                   fmt::format("a score was reported at epoch {}, which is not a rung", epoch));
    const bool goes_on = halving.report(static_cast<std::size_t>(rung - rungs.begin()), value);
    task.rungs.push_back({epoch, value, goes_on});
    return;
  }
  apply_end(tasks_.at(line.at("end").get<std::uint64_t>()), task_end_from_json(line.at("result")));
}

void Search::apply_end(TaskRecord& task, TaskEnd end) {
  task.end = std::move(end);
  ++ended_;
  auto& cluster = clusters_[static_cast<std::size_t>(task.task.cluster)];
  if (task.task.repeat) {
    return;
  }
  --cluster.open;
  if (cluster.open == 0 && cluster.trials.size() == static_cast<std::size_t>(options_.trials)) {
    rank_trials(cluster);
  }
}

void Search::rank_trials(Cluster& cluster) {
  std::vector<std::uint64_t> order = cluster.trials;
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return value_of(tasks_[a]) > value_of(tasks_[b]); });
  std::vector<Point> taken;
  for (const auto id : order) {
    const auto& task = tasks_[id];
    if (cluster.best.size() == static_cast<std::size_t>(options_.best) || std::isinf(value_of(task))) {
      break;
    }
    // Proposals may come back to a configuration; it is repeated once.
    if (std::find(taken.begin(), taken.end(), task.task.point) == taken.end()) {
      taken.push_back(task.task.point);
      cluster.best.push_back(task.task.trial);
    }
  }
  cluster.ranked = true;
}

bool Search::done() const {
  return std::all_of(clusters_.begin(), clusters_.end(), [&](const Cluster& cluster) {
    return cluster.ranked && std::all_of(cluster.best.begin(), cluster.best.end(), [&](int trial) {
             for (int repeat = 0; repeat < options_.repeats; ++repeat) {
               const auto* task = find_repeat(cluster, trial, repeat);
               if (task == nullptr || !task->end) {
                 return false;
               }
             }
             return true;
           });
  });
}

std::uint64_t Search::total() const {
  std::uint64_t total = 0;
  for (const auto& cluster : clusters_) {
    const auto best = cluster.ranked ? cluster.best.size()
                                     : static_cast<std::size_t>(std::min(options_.best, options_.trials));
    // Repeats from before an extension count even if their trials are no longer among the best.
    const auto others = std::count_if(cluster.repeats.begin(), cluster.repeats.end(), [&](std::uint64_t id) {
      return std::find(cluster.best.begin(), cluster.best.end(), tasks_[id].task.trial) == cluster.best.end();
    });
    total += static_cast<std::uint64_t>(options_.trials) +
             best * static_cast<std::uint64_t>(options_.repeats) +
             (cluster.ranked ? static_cast<std::uint64_t>(others) : 0);
  }
  return total;
}

Candidate Search::candidate(const Cluster& cluster, std::size_t place) const {
  Candidate result;
  result.trial = cluster.best[place];
  std::vector<EpochCurve> curves;
  for (const auto id : cluster.repeats) {
    const auto& [task, rungs, end] = tasks_[id];
    if (task.trial == result.trial && end && !end->diverged) {
      auto& curve = curves.emplace_back();
      for (std::size_t e = 0; e < end->curve.size(); ++e) {
        curve.push_back({static_cast<int>(e) + 1, 0, end->curve[e], 0, 0});
      }
    }
  }
  result.repeats = static_cast<int>(curves.size());
  if (const auto window = best_window(mean_curve(curves), options_.rule)) {
    result.best = window->auc_pr;
    result.best_epoch = window->centre.epoch;
  }
  return result;
}

bool Search::better(const Candidate& a, const Candidate& b) const {
  // The mean of few converged repeats does not represent the configuration.
  const auto converged = [&](const Candidate& c) { return 2 * c.repeats > options_.repeats; };
  return std::pair(converged(a), *a.best) > std::pair(converged(b), *b.best);
}

std::vector<ClusterResult> Search::results() const {
  IONSIFT_ASSERT(done(), "the result of a search was requested before its trainings were finished");
  std::vector<ClusterResult> results;
  for (std::size_t c = 0; c < clusters_.size(); ++c) {
    auto& result = results.emplace_back();
    result.name = names_[c];
    for (std::size_t place = 0; place < clusters_[c].best.size(); ++place) {
      const auto& found = result.candidates.emplace_back(candidate(clusters_[c], place));
      if (found.best && (!result.winner || better(found, *result.winner))) {
        result.winner = found;
      }
    }
    if (result.winner) {
      const auto id = clusters_[c].trials[static_cast<std::size_t>(result.winner->trial)];
      result.configuration = space_.configuration(tasks_[id].task.point, fmt::format("cluster {}", names_[c]),
                                                  result.winner->best_epoch);
    }
  }
  return results;
}

} // namespace ionsift::learn
