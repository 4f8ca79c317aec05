// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/parallel/kept_work.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/progress.hpp"
#include "ionsift/base/timer.hpp"
#include "ionsift/base/work_journal.hpp"
#include "ionsift/parallel/gather.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace ionsift::parallel {

namespace {

namespace fs = std::filesystem;

/// Results by item.
using Results = std::map<std::uint64_t, std::string>;

constexpr double seconds_between_writes = 1;
constexpr std::string_view nothing = "null";

WorkJournal::Owner owner_of(const JobFolder& place) {
  return {place.job + " journal", place.input, "structures, options or program version"};
}

/// The results of earlier runs of the job. For rank 0.
Results read_kept(const JobFolder& place, std::uint64_t items, bool discard) {
  if (discard) {
    forget(place);
  }
  try {
    Results results;
    for (auto& [item, lines] : WorkJournal::read(place.folder, owner_of(place))) {
      if (item < items) {
        results.emplace(item, lines.back());
      }
    }
    return results;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::conflict) {
      throw;
    }
    log::warning("{} is of other structures, options or another version of the program, and is dropped",
                 place.folder.string());
    forget(place);
    return {};
  }
}

/// Items without a result, the same on every rank.
std::vector<std::uint64_t> open_items(const Communicator& comm, const Results& results, std::uint64_t items) {
  std::vector<std::uint64_t> known;
  for (const auto& [item, text] : results) {
    known.push_back(item);
  }
  known = comm.broadcast(std::move(known));
  std::vector<std::uint64_t> open;
  auto next = known.begin();
  for (std::uint64_t item = 0; item < items; ++item) {
    if (next != known.end() && *next == item) {
      ++next;
    } else {
      open.push_back(item);
    }
  }
  return open;
}

/// Results of this rank on their way into its journal: seldom, since many take less time than writing does.
class Keeper {
public:
  Keeper(const JobFolder& place, int rank) : place_(place), rank_(rank) {}

  void add(std::uint64_t item, const std::string& result) {
    waiting_.emplace_back(item, result);
    if (since_.seconds() >= seconds_between_writes) {
      write();
    }
  }
  /// For an interrupted run.
  void write() {
    since_.restart();
    if (!waiting_.empty() && !journal_) {
      make_folder(place_.folder);
      journal_.emplace(place_.folder, owner_of(place_), rank_);
    }
    for (const auto& [item, result] : waiting_) {
      journal_->append(item, result);
    }
    waiting_.clear();
  }

private:
  const JobFolder& place_;
  int rank_;
  Stopwatch since_;
  std::vector<std::pair<std::uint64_t, std::string>> waiting_;
  std::optional<WorkJournal> journal_;
};

} // namespace

KeptWork work_through(const Communicator& comm, const std::vector<double>& costs, const JobFolder& place,
                      bool discard, const ComputeItem& compute) {
  const Stopwatch watch;
  KeptWork work;
  work.items = costs.size();
  on_root(comm, [&] { work.results = read_kept(place, work.items, discard); });
  const auto open = open_items(comm, work.results, work.items);
  work.known = work.items - open.size();
  if (work.known > 0) {
    log::info("{} of {} results were left by an earlier run, and are not computed again", work.known,
              work.items);
  }
  std::vector<double> open_costs;
  for (const auto item : open) {
    open_costs.push_back(costs[item]);
  }
  Interruption interruption(comm);
  WorkQueue queue(comm);
  queue.refill(open_costs);
  std::vector<std::uint64_t> mine;
  std::vector<std::string> texts;
  std::uint64_t done = 0;
  double busy = 0;
  Keeper keeper(place, comm.rank());
  together(comm, [&] {
    Progress progress(place.job, open.size());
    while (!interruption.ending()) {
      const auto next = queue.next();
      if (!next) {
        break;
      }
      const Stopwatch item_watch;
      auto result = compute(open[*next], interruption);
      busy += item_watch.seconds();
      if (!result) {
        break;
      }
      keeper.add(open[*next], *result);
      if (*result != nothing) {
        mine.push_back(open[*next]);
        texts.push_back(std::move(*result));
      }
      ++done;
      // The ranks draw from one queue, so this one's share shows the progress of all.
      progress.update(std::min<std::uint64_t>(open.size(), done * static_cast<std::uint64_t>(comm.size())));
    }
  });
  work.cost = sum_up(comm, watch.seconds(), done, busy);
  if (work.interrupted()) {
    together(comm, [&] { keeper.write(); });
    return work;
  }
  const auto items = gather_in_order<std::uint64_t>(comm, mine, mine);
  auto fresh = gather_text_in_order(comm, mine, texts);
  for (std::size_t i = 0; i < items.size(); ++i) {
    work.results[items[i]] = std::move(fresh[i]);
  }
  std::erase_if(work.results, [](const auto& result) { return result.second == nothing; });
  return work;
}

void forget(const JobFolder& place) {
  std::error_code failed;
  fs::remove_all(place.folder, failed);
  if (failed) {
    log::warning("cannot remove {}: {}", place.folder.string(), failed.message());
  }
}

} // namespace ionsift::parallel
