// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/parallel/kept_work.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/progress.hpp"
#include "ionsift/base/timer.hpp"
#include "ionsift/parallel/gather.hpp"
#include "ionsift/parallel/log_folder.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace ionsift::parallel {

namespace {

namespace fs = std::filesystem;

constexpr double seconds_between_writes = 1;
constexpr std::string_view nothing = "null";

std::string header_of(const JobFolder& place) {
  return nlohmann::json({{"format", place.job + " journal"}, {"input", place.input}}).dump();
}

LogUse judge(const JobFolder& place, const fs::path& file, const std::optional<std::string>& header) {
  if (header == header_of(place)) {
    return LogUse::use;
  }
  const std::string why =
      header ? place.differs + " differ from its own" : "it is damaged, or of another version";
  IONSIFT_VALIDATE(!place.lasting, conflict, fmt::format("{} belongs to another run", file.string()), why,
                   "Choose another output folder, or start from the beginning with --overwrite.");
  log::warning("{} belongs to another run ({}), and is dropped", file.string(), why);
  return LogUse::drop_all;
}

/// Results that this rank has: of earlier runs first, then its own.
struct Results {
  std::vector<std::uint64_t> items;
  std::vector<std::string> texts;

  void add(std::uint64_t item, std::string text) {
    items.push_back(item);
    texts.push_back(std::move(text));
  }
  void share(const Communicator& comm, std::map<std::uint64_t, std::string>& all) const {
    const auto sorted = gather_in_order<std::uint64_t>(comm, items, items);
    auto found = gather_text_in_order(comm, items, texts);
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      if (found[i] != nothing) {
        all.emplace(sorted[i], std::move(found[i]));
      }
    }
  }
};

/// What earlier runs have left, each rank a part of it. An item may have several results, of which some hold.
Results read_kept(const Communicator& comm, LogFolder& logs, const Job& job) {
  Results results;
  together(comm, [&] {
    for (const auto& record : logs.found()) {
      if (record.key < job.items) {
        auto text = logs.read(record);
        if (text && (!job.holds || job.holds(record.key, *text))) {
          results.add(record.key, std::move(*text));
        }
      }
    }
  });
  return results;
}

/// Items without a result, the same on every rank.
std::vector<std::uint64_t> open_items(const Communicator& comm, const Results& kept, std::uint64_t items) {
  auto known = comm.all_gather(std::span<const std::uint64_t>(kept.items));
  std::sort(known.begin(), known.end());
  std::vector<std::uint64_t> open;
  for (std::uint64_t item = 0; item < items; ++item) {
    if (!std::binary_search(known.begin(), known.end(), item)) {
      open.push_back(item);
    }
  }
  return open;
}

/// What is open, in pieces. Single items are not held as pieces: there may be many millions.
class Pieces {
public:
  Pieces(const Job& job, std::vector<std::uint64_t> open)
      : pieces_(job.divide ? job.divide(open) : std::vector<Piece>()), single_(!job.divide),
        open_(std::move(open)) {}

  std::size_t size() const { return single_ ? open_.size() : pieces_.size(); }
  Piece operator[](std::size_t i) const { return single_ ? Piece{open_[i]} : pieces_[i]; }
  std::vector<double> costs(const Job& job) const {
    std::vector<double> costs(size(), 0);
    for (std::size_t i = 0; i < costs.size(); ++i) {
      for (const auto item : (*this)[i]) {
        costs[i] += job.cost(item);
      }
    }
    return costs;
  }

private:
  std::vector<Piece> pieces_;
  bool single_;
  std::vector<std::uint64_t> open_;
};

/// Results of this run on their way into the log and the progress: at once where they are what the job is
/// for, else seldom, since many items take less time than writing does.
class Keeper {
public:
  Keeper(const Communicator& comm, LogFolder& logs, const JobFolder& place, std::uint64_t items)
      : logs_(logs), at_once_(place.lasting), done_(comm.make_counter()), root_(comm.is_root()),
        progress_(place.job, items) {}

  void add(std::uint64_t item, std::string result) {
    logs_.own().add(item, result);
    results_.add(item, std::move(result));
    if (at_once_ || since_.seconds() >= seconds_between_writes) {
      write();
    }
  }
  void write() {
    since_.restart();
    logs_.flush();
    done_->add(static_cast<std::int64_t>(results_.items.size() - told_));
    told_ = results_.items.size();
    if (root_) {
      progress_.update(static_cast<std::uint64_t>(done_->fetch_add(0)));
    }
  }
  const Results& results() const { return results_; }

private:
  LogFolder& logs_;
  bool at_once_;
  std::unique_ptr<Counter> done_; ///< items, on all ranks
  bool root_;
  Progress progress_;
  Stopwatch since_;
  std::size_t told_ = 0;
  Results results_;
};

} // namespace

KeptWork work_through(const Communicator& comm, const Job& job, const JobFolder& place, bool discard) {
  const Stopwatch watch;
  KeptWork work;
  work.items = job.items;
  if (discard) {
    on_root(comm, [&] { forget(place); });
  }
  LogFolder logs(comm, place.folder, header_of(place),
                 [&](const auto& file, const auto& header) { return judge(place, file, header); });
  if (place.lasting) { // also what is half done, and is in no log, is not for another job
    on_root(comm, [&] {
      make_folder(place.folder);
      logs.own().flush();
    });
  }
  const auto kept = read_kept(comm, logs, job);
  auto open = open_items(comm, kept, work.items);
  const auto remaining = open.size();
  work.known = work.items - remaining;
  if (work.known > 0) {
    log::info("{} of {} results were left by an earlier run, and are not computed again", work.known,
              work.items);
  }
  const Pieces pieces(job, std::move(open));
  Interruption interruption(comm);
  WorkQueue queue(comm);
  queue.refill(pieces.costs(job));
  Keeper keeper(comm, logs, place, remaining);
  double busy = 0;
  together(comm, [&] {
    for (bool whole = true; whole && !interruption.ending();) {
      const auto next = queue.next();
      if (!next) {
        break;
      }
      const Stopwatch piece_watch;
      whole = job.compute(pieces[*next], interruption,
                          [&](std::uint64_t item, std::string text) { keeper.add(item, std::move(text)); });
      busy += piece_watch.seconds();
    }
  });
  work.cost = sum_up(comm, watch.seconds(), keeper.results().items.size(), busy);
  if (work.interrupted() || place.lasting) {
    together(comm, [&] { keeper.write(); });
  }
  kept.share(comm, work.results);
  keeper.results().share(comm, work.results);
  return work;
}

decltype(Job::compute) one_by_one(ComputeItem compute) {
  return [compute = std::move(compute)](const Piece& piece, Interruption& interruption,
                                        const FinishItem& finish) {
    auto result = compute(piece.front(), interruption);
    if (result) {
      finish(piece.front(), std::move(*result));
    }
    return result.has_value();
  };
}

KeptWork work_through(const Communicator& comm, const std::vector<double>& costs, const JobFolder& place,
                      bool discard, const ComputeItem& compute) {
  return work_through(comm,
                      {.items = costs.size(),
                       .cost = [&](std::uint64_t item) { return costs[item]; },
                       .compute = one_by_one(compute)},
                      place, discard);
}

std::string broadcast_results(const Communicator& comm, const KeptWork& work) {
  std::vector<std::string> texts;
  std::transform(work.results.begin(), work.results.end(), std::back_inserter(texts),
                 [](const auto& result) { return result.second; });
  return comm.broadcast(fmt::format("[{}]", fmt::join(texts, ",")));
}

void forget(const JobFolder& place) {
  remove_logs(place.folder);
}

} // namespace ionsift::parallel
