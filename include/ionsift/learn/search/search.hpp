// SPDX-License-Identifier: BSD-3-Clause
// The state of a search for the best configuration of each of several clusters: its trials, their results and
// the next proposal. Nothing here trains or communicates.
#pragma once

#include "ionsift/learn/metrics/epoch_curve.hpp"
#include "ionsift/learn/search/asha.hpp"
#include "ionsift/learn/search/search_space.hpp"
#include "ionsift/learn/search/tpe.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ionsift::learn {

/// METHOD: section 4.
struct SearchOptions {
  int trials = 250;    ///< configurations tried for each cluster
  int best = 10;       ///< number of the best ones that are trained again
  int repeats = 10;    ///< trainings of each of these, for all epochs, with other seeds
  TpeOptions tpe;      ///< options of the proposals
  AshaOptions halving; ///< early stopping of trials; repeats run to the end
  BestEpochRule rule;  ///< window of the rolling mean, and the epochs before it counts
  std::uint64_t seed = 1;
};

/// One training that the search proposes.
struct SearchTask {
  std::uint64_t id = 0;        ///< number in the order of proposal
  int cluster = 0;             ///< position of the cluster
  int trial = 0;               ///< number of the configuration within the cluster, from 0
  std::optional<int> repeat{}; ///< number of the repeat; none: a trial
  std::uint64_t seed = 0;
  Point point;

  bool operator==(const SearchTask&) const = default;
};
nlohmann::json to_json(const SearchTask& task);
SearchTask search_task_from_json(const nlohmann::json& json);

/// Result of a training.
struct TaskEnd {
  int epochs = 0;               ///< finished epochs
  bool diverged = false;        ///< whether it diverged; ranks below all others
  std::optional<double> best{}; ///< score, mean over the best window; none: no whole window
  int best_epoch = 0;           ///< centre of the best window
  double seconds = 0;
  int rank = 0;
  std::vector<double> curve{}; ///< score after each epoch, of repeats alone
};
nlohmann::json to_json(const TaskEnd& end);
TaskEnd task_end_from_json(const nlohmann::json& json);

struct RungReport {
  int epoch = 0;
  double value = 0; ///< score, mean over the window that ends there
  bool goes_on = false;
};

/// A task with its scores and result.
struct TaskRecord {
  SearchTask task;
  std::vector<RungReport> rungs;
  std::optional<TaskEnd> end;
};

/// A configuration that was repeated.
struct Candidate {
  int trial = 0;
  int repeats = 0;              ///< repeats that did not diverge
  std::optional<double> best{}; ///< best score of their mean curve
  int best_epoch = 0;
};

struct ClusterResult {
  std::string name;
  std::vector<Candidate> candidates;            ///< by their rolling mean as trials, best first
  std::optional<Candidate> winner;              ///< none: all repeats diverged
  std::optional<Configuration> configuration{}; ///< the winner's, with its best epoch
};

/// The state of a search, which one rank owns. Clusters are independent of each other: each has its proposals
/// and its halving. Trials of all clusters come first, in turns; once all trials of a cluster have ended its
/// best distinct configurations are repeated.
///
/// Everything that happens is first a record of the journal (base/append_log.hpp). A search that is made with
/// a journal resumes where that ended, or where it is damaged: trainings that had not ended are handed out
/// again with their seed, and what they report at rungs already known is answered as before. One that has
/// ended is extended by more trials: the best of all are repeated, those that were repeated before not again.
/// With one rank, which trains one after the other, it ends as if it had never stopped.
class Search {
public:
  /// @param input text of everything else that determines the results
  /// @throws Error usage for impossible options; conflict for a journal of another search, format for one
  /// that was changed, naming the file; io
  Search(SearchSpace space, std::vector<std::string> clusters, const SearchOptions& options,
         const std::filesystem::path& journal, const std::string& input);
  ~Search();
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

  /// The next training; nothing if others have to end first.
  std::optional<SearchTask> next();
  /// Records a score at a rung; true if the training continues.
  bool report(std::uint64_t id, int epoch, double value);
  void end(std::uint64_t id, const TaskEnd& end);
  bool done() const;

  const SearchSpace& space() const { return space_; }
  const SearchOptions& options() const { return options_; }
  const std::vector<std::string>& clusters() const { return names_; }
  const std::vector<TaskRecord>& tasks() const { return tasks_; } ///< tasks by id
  std::uint64_t ended() const { return ended_; }
  /// Trainings altogether, as far as is known: of clusters whose trials have not ended, as many as they may
  /// be.
  std::uint64_t total() const;
  /// One for each cluster. @throws Error internal unless done
  std::vector<ClusterResult> results() const;

private:
  class Journal;
  struct Cluster {
    AshaStopper halving;
    std::vector<std::uint64_t> trials;  ///< ids of trials
    int open = 0;                       ///< trials that have not ended
    bool ranked = false;                ///< all trials have ended, and `best` is known
    std::vector<int> best;              ///< trials to repeat
    std::vector<std::uint64_t> repeats; ///< ids; also of trials that were among the best before an extension
  };

  std::optional<SearchTask> proposed_trial();
  std::optional<SearchTask> next_repeat();
  const TaskRecord* find_repeat(const Cluster& cluster, int trial, int repeat) const;
  Point proposal(int cluster, int trial) const;
  void record(const nlohmann::json& line);
  /// Applies a line of the journal. @throws Error format for one that this search cannot have written there
  void replay(const nlohmann::json& line, const std::filesystem::path& journal);
  static std::string decision_of(const TaskRecord& task);
  void apply(const nlohmann::json& line);
  void apply_end(TaskRecord& task, TaskEnd end);
  void rank_trials(Cluster& cluster);
  /// Whether the first candidate wins: by the best window of the mean curve, candidates of which at most half
  /// of the repeats converged behind all others.
  bool better(const Candidate& a, const Candidate& b) const;
  Candidate candidate(const Cluster& cluster, std::size_t place) const;

  SearchSpace space_;
  std::vector<std::string> names_;
  SearchOptions options_;
  std::vector<Cluster> clusters_;
  std::vector<TaskRecord> tasks_;
  std::vector<std::uint64_t> reopened_; ///< tasks left open by the journal, last first
  std::uint64_t ended_ = 0;
  std::unique_ptr<Journal> journal_;
};

} // namespace ionsift::learn
