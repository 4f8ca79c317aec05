// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/search/search_ranks.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/base/progress.hpp"
#include "ionsift/base/timer.hpp"
#include "ionsift/parallel/interruption.hpp"
#include "ionsift/parallel/item_times.hpp"
#include "ionsift/parallel/mailbox.hpp"

#include "model/json_keys.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <thread>

namespace ionsift::learn {

namespace {

/// The decision at a rung: the search's own on rank 0, its answer elsewhere.
using Decide = std::function<bool(int epoch, double value)>;

/// The mean over the window that ends with the curve.
double rolling_mean(const EpochCurve& curve, int window) {
  const auto width = std::min(curve.size(), static_cast<std::size_t>(window));
  double sum = 0;
  for (auto i = curve.size() - width; i < curve.size(); ++i) {
    sum += curve[i].auc_pr;
  }
  return sum / static_cast<double>(width);
}

/// Trains a task and watches it: rungs of trials, the best window. `between` is called after every epoch;
/// if it returns false the training is abandoned, and nothing returned.
std::optional<TaskEnd> watch(const SearchTask& task, const SearchOptions& options, const TrainTask& train,
                             const Decide& decide, const std::function<bool()>& between) {
  const Stopwatch clock;
  const auto rungs = AshaStopper(options.halving).rungs();
  EpochCurve curve; // the score, whichever it is, has the place of AUC-PR
  bool given_up = false;
  const auto record = train(task, [&](int epoch, double score) {
    given_up = !between();
    if (given_up) {
      return false;
    }
    curve.push_back({epoch, 0, score, 0, 0});
    const bool at_rung = !task.repeat && std::find(rungs.begin(), rungs.end(), epoch) != rungs.end();
    return !at_rung || decide(epoch, rolling_mean(curve, options.rule.window));
  });
  if (given_up) {
    return std::nullopt;
  }
  TaskEnd end;
  end.epochs = record.epochs;
  end.diverged = record.diverged;
  if (const auto window = best_window(curve, options.rule); window && !end.diverged) {
    end.best = window->auc_pr;
    end.best_epoch = window->centre.epoch;
  }
  if (task.repeat && !end.diverged) {
    std::transform(curve.begin(), curve.end(), std::back_inserter(end.curve),
                   [](const auto& p) { return p.auc_pr; });
  }
  end.seconds = clock.seconds();
  return end;
}

/// The next message. A waiting rank checks for signals like a training one.
parallel::Message patiently(parallel::Mailbox& mailbox, parallel::Interruption& interruption,
                            const std::function<void()>& at_the_end = {}) {
  for (bool told = false;;) {
    if (auto message = mailbox.receive()) {
      return *message;
    }
    if (!told && interruption.ending()) {
      told = true;
      if (at_the_end) {
        at_the_end();
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1)); // yields the core to others
  }
}

/// Rank 0's service to the others: answers requests, hands out trainings, dismisses ranks.
class Host {
public:
  Host(Search& search, parallel::Mailbox& mailbox, parallel::Interruption& interruption)
      : search_(search), mailbox_(mailbox), interruption_(interruption),
        progress_("trainings", search.total()) {}

  /// Answers everything that has arrived; does not wait.
  void serve() {
    while (const auto message = mailbox_.receive()) {
      answer(*message);
    }
    hand_out();
  }
  void wait() {
    answer(patiently(mailbox_, interruption_, [&] { close(); }));
    serve();
  }
  /// From now on nothing is handed out: ranks that ask are dismissed.
  void close() {
    closed_ = true;
    hand_out();
  }
  bool all_home() const { return home_ == mailbox_.peers(); }
  void note_progress() {
    progress_.set_total(search_.total());
    progress_.update(search_.ended());
  }

private:
  void answer(const parallel::Message& message) {
    const auto json = nlohmann::json::parse(message.text);
    if (json.contains("gives up")) {
      ++home_;
      return;
    }
    if (json.contains("rung")) {
      const auto value = number_or_nan(json["value"]);
      const bool goes_on = search_.report(json["rung"].get<std::uint64_t>(), json["epoch"].get<int>(), value);
      mailbox_.send(message.from, nlohmann::json({{"goes_on", goes_on}}).dump());
      return;
    }
    if (json.contains("end")) {
      search_.end(json["end"].get<std::uint64_t>(), task_end_from_json(json["result"]));
      note_progress();
    }
    waiting_.push_back(message.from);
  }

  /// Ranks without a task until others have ended keep waiting.
  void hand_out() {
    while (!waiting_.empty()) {
      const auto task = closed_ ? std::nullopt : search_.next();
      if (!task && !closed_ && !search_.done()) {
        return;
      }
      mailbox_.send(waiting_.front(), task ? nlohmann::json({{"task", to_json(*task)}}).dump() : "{}");
      home_ += task ? 0 : 1;
      waiting_.pop_front();
    }
  }

  Search& search_;
  parallel::Mailbox& mailbox_;
  parallel::Interruption& interruption_;
  Progress progress_;
  std::deque<int> waiting_; ///< ranks that wait for a training
  int home_ = 0;
  bool closed_ = false;
};

/// The work of one rank.
class Share {
public:
  Share(std::uint64_t queue, int rank) : queue_(queue), rank_(rank) {}
  void add(int task, double seconds, bool finished) {
    busy_ += seconds;
    trainings_ += finished ? 1 : 0;
    parallel::add_item_time({queue_, 0, static_cast<std::uint64_t>(task), seconds, rank_});
  }
  std::uint64_t trainings() const { return trainings_; }
  double busy() const { return busy_; }

private:
  std::uint64_t queue_;
  int rank_;
  std::uint64_t trainings_ = 0;
  double busy_ = 0; ///< seconds
};

void train_and_host(Search& search, parallel::Mailbox& mailbox, parallel::Interruption& interruption,
                    const TrainTask& train, Share& share) {
  Host host(search, mailbox, interruption);
  for (;;) {
    host.serve();
    if (interruption.ending()) {
      break;
    }
    if (const auto task = search.next()) {
      const Stopwatch clock;
      const auto end = watch(
          *task, search.options(), train,
          [&](int epoch, double value) { return search.report(task->id, epoch, value); },
          [&] {
            host.serve();
            return !interruption.ending();
          });
      share.add(task->id, clock.seconds(), end.has_value());
      if (end) {
        search.end(task->id, *end);
        host.note_progress();
      }
    } else if (!search.done()) {
      host.wait();
    } else {
      break;
    }
  }
  host.close();
  while (!host.all_home()) {
    host.wait();
  }
}

void train_for_host(int rank, const SearchOptions& options, parallel::Mailbox& mailbox,
                    parallel::Interruption& interruption, const TrainTask& train, Share& share) {
  nlohmann::json question = {{"ask", true}};
  for (;;) {
    mailbox.send(0, question.dump());
    const auto answer = nlohmann::json::parse(patiently(mailbox, interruption).text);
    if (!answer.contains("task")) {
      return;
    }
    const auto task = search_task_from_json(answer["task"]);
    const Stopwatch clock;
    auto end = watch(
        task, options, train,
        [&](int epoch, double value) {
          mailbox.send(0, nlohmann::json({{"rung", task.id}, {"epoch", epoch}, {"value", value}}).dump());
          return nlohmann::json::parse(patiently(mailbox, interruption).text).at("goes_on").get<bool>();
        },
        [&] { return !interruption.ending(); });
    share.add(task.id, clock.seconds(), end.has_value());
    if (!end) {
      mailbox.send(0, nlohmann::json({{"gives up", task.id}}).dump());
      return;
    }
    end->rank = rank;
    question = {{"end", task.id}, {"result", to_json(*end)}};
  }
}

} // namespace

SearchRun run_search(const parallel::Communicator& comm, Search* search, const SearchOptions& options,
                     const TrainTask& train) {
  IONSIFT_ASSERT((search != nullptr) == comm.is_root(), "only rank 0 must hold the search");
  const Stopwatch watch;
  Share share(parallel::next_queue_number(), comm.rank());
  {
    parallel::Interruption interruption(comm);
    parallel::Mailbox mailbox(comm);
    if (search != nullptr) {
      train_and_host(*search, mailbox, interruption, train, share);
    } else {
      train_for_host(comm.rank(), options, mailbox, interruption, train, share);
    }
  }
  SearchRun run;
  run.cost = parallel::sum_up(comm, watch.seconds(), share.trainings(), share.busy());
  run.done = comm.all_reduce(search != nullptr && search->done() ? 1 : 0, parallel::Reduction::max) == 1;
  return run;
}

} // namespace ionsift::learn
