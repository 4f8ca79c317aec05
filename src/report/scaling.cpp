// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/report/scaling.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/json.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include "text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <ostream>
#include <utility>

namespace ionsift::report {

namespace {

namespace fs = std::filesystem;

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

double largest(const std::vector<double>& values) {
  return values.empty() ? 0.0 : *std::max_element(values.begin(), values.end());
}

double cell_number(const CsvTable& table, std::size_t row, std::size_t column) {
  const auto number = parse_number(table.cell(row, column));
  IONSIFT_VALIDATE(number && *number >= 0, format,
                   fmt::format("{}: '{}' in record {}", table.name(), table.cell(row, column), row + 1),
                   "item times are numbers that are not negative", "Give a file that --item-times wrote.");
  return *number;
}

void read_items(const fs::path& path, ScalingRun& run) {
  const auto table = CsvTable::read(path);
  const auto queue = table.column("queue"), round = table.column("round"), seconds = table.column("seconds"),
             rank = table.column("rank");
  run.busy.assign(static_cast<std::size_t>(run.ranks), 0.0);
  std::pair<std::string, std::string> now;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const std::pair here(table.cell(row, queue), table.cell(row, round));
    if (row == 0 || here != now) {
      run.rounds.emplace_back();
      now = here;
    }
    const double spent = cell_number(table, row, seconds);
    const auto who = static_cast<std::size_t>(cell_number(table, row, rank));
    IONSIFT_VALIDATE(who < run.busy.size(), format,
                     fmt::format("{}: rank {} in record {}", path.string(), who, row + 1),
                     fmt::format("the run had {} ranks", run.ranks), "Give the file of this run.");
    run.rounds.back().push_back(spent);
    run.busy[who] += spent;
  }
}

/// The rounds, merged in their order until each has enough items for the ranks.
std::vector<std::vector<double>> merge_rounds(const std::vector<std::vector<double>>& rounds,
                                              std::size_t least) {
  std::vector<std::vector<double>> merged;
  for (const auto& round : rounds) {
    if (merged.empty() || merged.back().size() >= std::max(least, round.size())) {
      merged.emplace_back();
    }
    merged.back().insert(merged.back().end(), round.begin(), round.end());
  }
  return merged;
}

/// Seconds of the queues, and the mean of a rank.
parallel::ScheduleForecast replay(const std::vector<std::vector<double>>& rounds, int ranks,
                                  const ForecastOptions& options) {
  parallel::ScheduleForecast total;
  const auto least = options.items_per_rank * static_cast<std::size_t>(ranks);
  for (const auto& round : merge_rounds(rounds, least)) {
    const auto part = parallel::forecast_schedule(round, ranks, options.ticket_seconds);
    total.makespan += part.makespan;
    total.mean += part.mean;
  }
  return total;
}

/// Costs besides the items of the queues.
struct Beside {
  double serial = 0;    ///< whatever the work
  double unpacking = 0; ///< for each item
  double writing = 0;   ///< for each item
};

Beside split_seconds(const ScalingRun& run) {
  const auto items = static_cast<double>(run.items());
  Beside beside;
  beside.unpacking = run.phase("unpacking") / items;
  beside.writing = run.phase("writing") / items;
  beside.serial = std::max(0.0, run.other() - run.phase("unpacking") - run.phase("writing"));
  return beside;
}

/// Seconds of so many items: ranks unpack and compute side by side, but a reader can do no more than unpack;
/// then they write together.
double seconds_of(const Beside& beside, const parallel::ScheduleForecast& queues, std::size_t items,
                  int ranks, const ForecastOptions& options) {
  const auto n = static_cast<double>(items);
  const double unpacking = n * beside.unpacking;
  return beside.serial +
         std::max(queues.makespan + unpacking / ranks, unpacking / std::min(options.readers, ranks)) +
         n * beside.writing / ranks;
}

/// @param growth of the work against `alone`, the seconds of one rank
ScalingRow forecast_row(const char* kind, int ranks, double seconds, const parallel::ScheduleForecast& queues,
                        double alone, double growth) {
  ScalingRow row;
  row.kind = kind;
  row.ranks = ranks;
  row.seconds = seconds;
  row.speedup = row.seconds > 0 ? growth * alone / row.seconds : growth;
  row.efficiency = row.speedup / ranks;
  row.imbalance = queues.mean > 0 ? queues.makespan / queues.mean : 1;
  return row;
}

std::vector<double> repeat(const std::vector<double>& items, std::size_t n) {
  std::vector<double> repeated(n);
  for (std::size_t i = 0; i < n; ++i) {
    repeated[i] = items[i % items.size()];
  }
  return repeated;
}

} // namespace

std::size_t ScalingRun::items() const {
  return std::accumulate(rounds.begin(), rounds.end(), std::size_t(0),
                         [](std::size_t n, const auto& round) { return n + round.size(); });
}
double ScalingRun::work() const {
  return sum(busy);
}
double ScalingRun::imbalance() const {
  const double mean = work() / ranks;
  return mean > 0 ? largest(busy) / mean : 1;
}
double ScalingRun::phase(const std::string& name) const {
  const auto found = phases.find(name);
  return found != phases.end() ? found->second : 0;
}
double ScalingRun::other() const {
  return std::max(0.0, seconds - largest(busy));
}

ScalingRun read_scaling_run(const fs::path& path) {
  const auto json = parse_json_or_discard(read_file(path));
  const auto is_record = !json.is_discarded() && json.contains("command") && json.contains("environment") &&
                         json.at("environment").contains("ranks") && json.contains("input");
  IONSIFT_VALIDATE(is_record, format, fmt::format("{} is not a record of a run", path.string()),
                   "it lacks a command, its input or its ranks", "Give the run.json that a command left.");
  IONSIFT_VALIDATE(
      json.value("status", "") == "ok", data, fmt::format("{}: the run did not finish", path.string()),
      fmt::format("its status is '{}'", json.value("status", "")), "Leave it out, or run it again.");
  const std::string items = json.at("input").value("item-times", "");
  IONSIFT_VALIDATE(!items.empty(), data, fmt::format("{} has no times of its items", path.string()),
                   "the command did not request them", "Run it with --item-times FILE.");
  ScalingRun run;
  run.command = json.at("command").get<std::string>();
  run.ranks = integer<int>(json.at("environment").at("ranks"));
  run.seconds = json.at("seconds").get<double>();
  run.phases = json.value("phases", std::map<std::string, double>{});
  const auto beside = path.parent_path() / fs::path(items).filename();
  read_items(fs::exists(beside) ? beside : fs::path(items), run);
  return run;
}

std::vector<ScalingRow> measured_scaling(const std::vector<ScalingRun>& runs, bool weak) {
  IONSIFT_VALIDATE(!runs.empty(), usage, "there are no runs", "scaling needs at least one",
                   "Name the run.json of each run.");
  std::vector<const ScalingRun*> ordered;
  for (const auto& run : runs) {
    IONSIFT_VALIDATE(run.command == runs.front().command, usage,
                     fmt::format("runs of {} and of {}", runs.front().command, run.command),
                     "only the same work can be compared", "Call scaling once for each command.");
    ordered.push_back(&run);
  }
  std::stable_sort(ordered.begin(), ordered.end(), [](auto* a, auto* b) { return a->ranks < b->ranks; });
  const auto& first = *ordered.front();
  std::vector<ScalingRow> rows;
  for (const auto* run : ordered) {
    ScalingRow row;
    row.kind = weak ? "measured weak" : "measured";
    row.ranks = run->ranks;
    row.seconds = run->seconds;
    const double growth = weak ? static_cast<double>(run->ranks) / first.ranks : 1.0;
    row.speedup = growth * first.ranks * first.seconds / run->seconds;
    row.efficiency = row.speedup / run->ranks;
    row.imbalance = run->imbalance();
    rows.push_back(row);
  }
  return rows;
}

std::vector<ScalingRow> forecast_scaling(const ScalingRun& run, const ForecastOptions& options) {
  IONSIFT_VALIDATE(run.items() > 0, data, fmt::format("the run of {} recorded no items", run.command),
                   "nothing in it is handed out piece by piece", "Forecast another command.");
  IONSIFT_VALIDATE(options.readers >= 1, usage, "nothing is read by no reader", "--readers is 0",
                   "Give the number of archives, documents or tables.");
  std::vector<ScalingRow> rows;
  const Beside other = split_seconds(run);
  std::vector<double> all;
  for (const auto& round : run.rounds) {
    all.insert(all.end(), round.begin(), round.end());
  }
  const auto rounds =
      options.items == 0 ? run.rounds : std::vector<std::vector<double>>{repeat(all, options.items)};
  const auto items = options.items == 0 ? all.size() : options.items;
  const auto strong = [&](int ranks) {
    const auto queues = replay(rounds, ranks, options);
    return std::pair(queues, seconds_of(other, queues, items, ranks, options));
  };
  const double alone = strong(1).second;
  for (const int ranks : options.ranks) {
    const auto [queues, seconds] = strong(ranks);
    rows.push_back(forecast_row("strong", ranks, seconds, queues, alone, 1));
  }
  const auto each = options.weak_items > 0 ? options.weak_items : std::max<std::size_t>(1, all.size() / 64);
  const auto weak = [&](int ranks) {
    const auto n = each * static_cast<std::size_t>(ranks);
    const auto queues = replay({repeat(all, n)}, ranks, options);
    return std::pair(queues, seconds_of(other, queues, n, ranks, options));
  };
  const double share = weak(1).second;
  for (const int ranks : options.ranks) {
    const auto [queues, seconds] = weak(ranks);
    rows.push_back(forecast_row("weak", ranks, seconds, queues, share, ranks));
  }
  return rows;
}

void write_scaling(const fs::path& folder, const std::vector<ScalingRun>& runs,
                   const std::vector<ScalingRow>& rows) {
  make_folder(folder);
  write_file_atomically(folder / "scaling.csv", [&](std::ostream& out) {
    write_csv_row(out, {"kind", "ranks", "seconds", "speedup", "efficiency", "imbalance"});
    for (const auto& row : rows) {
      out << fmt::format("{},{},{:.6g},{:.6g},{:.6g},{:.6g}\n", row.kind, row.ranks, row.seconds, row.speedup,
                         row.efficiency, row.imbalance);
    }
  });
  write_file_atomically(folder / "phases.csv", [&](std::ostream& out) {
    write_csv_row(out, {"ranks", "phase", "seconds"});
    for (const auto& run : runs) {
      for (const auto& [phase, seconds] : run.phases) {
        write_csv_row(out, {std::to_string(run.ranks), phase, fmt::format("{:.6g}", seconds)});
      }
    }
  });
}

nlohmann::json scaling_document(const std::vector<ScalingRun>& runs, const std::vector<ScalingRow>& rows) {
  nlohmann::json document = {{"command", runs.front().command},
                             {"runs", nlohmann::json::array()},
                             {"rows", nlohmann::json::array()}};
  for (const auto& run : runs) {
    document["runs"].push_back({{"ranks", run.ranks},
                                {"seconds", run.seconds},
                                {"items", run.items()},
                                {"rounds", run.rounds.size()},
                                {"seconds_of_items", run.work()},
                                {"seconds_outside", run.other()},
                                {"imbalance", run.imbalance()},
                                {"phases", run.phases}});
  }
  for (const auto& row : rows) {
    document["rows"].push_back({{"kind", row.kind},
                                {"ranks", row.ranks},
                                {"seconds", row.seconds},
                                {"speedup", row.speedup},
                                {"efficiency", row.efficiency},
                                {"imbalance", row.imbalance}});
  }
  return document;
}

void print_scaling(std::ostream& out, const std::vector<ScalingRow>& rows) {
  TextTable table({"kind", "ranks", "seconds", "speedup", "efficiency", "imbalance"},
                  {Align::left, Align::right, Align::right, Align::right, Align::right, Align::right});
  for (const auto& row : rows) {
    table.add({row.kind, std::to_string(row.ranks), fmt::format("{:.4g}", row.seconds),
               fmt::format("{:.2f}", row.speedup), fmt::format("{:.3f}", row.efficiency),
               fmt::format("{:.3f}", row.imbalance)});
  }
  table.print(out);
}

} // namespace ionsift::report
