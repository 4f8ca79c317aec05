// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/report/recovery_tables.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"

#include "score_documents.hpp"
#include "text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <ostream>

namespace ionsift::report {

namespace {

using screen::Outcome;
using screen::Recovery;

std::string name_of(const std::optional<Outcome>& outcome) {
  if (!outcome) {
    return "known";
  }
  return *outcome == Outcome::superionic ? "superionic" : *outcome == Outcome::poor ? "poor" : "unmeasured";
}

nlohmann::json interval_json(double value, const learn::Interval& interval) {
  return {{"value", number_or_null(value)},
          {"low", number_or_null(interval.low)},
          {"high", number_or_null(interval.high)}};
}

nlohmann::json proportion_json(const screen::Proportion& proportion) {
  auto json = interval_json(proportion.value(), proportion.interval);
  json["hits"] = number_or_null(proportion.hits);
  json["of"] = proportion.of;
  return json;
}

nlohmann::json to_json(const screen::RankedOutcome& one) {
  const auto& recovery = one.recovery;
  nlohmann::json recovered = nlohmann::json::object(), precision = nlohmann::json::object();
  for (std::size_t i = 0; i < screen::recovery_shares.size(); ++i) {
    recovered[fmt::format("{:.2f}", screen::recovery_shares[i])] = proportion_json(recovery.recovered[i]);
  }
  for (std::size_t i = 0; i < screen::recovery_counts.size(); ++i) {
    precision[std::to_string(screen::recovery_counts[i])] = proportion_json(recovery.precision[i]);
  }
  return {
      {"ranking", one.ranking},
      {"recovered", recovered},
      {"median_rank", interval_json(recovery.median_rank, recovery.median_interval)},
      {"precision_among_measured", precision},
      {"average_precision", interval_json(recovery.average_precision, recovery.average_precision_interval)},
      {"average_precision_of_chance",
       number_or_null(static_cast<double>(recovery.superionic) / static_cast<double>(recovery.ranked))}};
}

std::string share_cell(const screen::Proportion& proportion) {
  return fmt::format("{:.0f} ({:.0f}..{:.0f})", 100 * proportion.value(), 100 * proportion.interval.low,
                     100 * proportion.interval.high);
}

/// Superionic ones among so many that were measured: "3 / 10"; empty where no more were measured than before.
std::string precision_cell(const Recovery& recovery, std::size_t i) {
  const auto& here = recovery.precision[i];
  if (here.of <= 0 || (i > 0 && here.of <= recovery.precision[i - 1].of)) {
    return "";
  }
  return fmt::format("{:.0f}/{:.0f}", here.hits, here.of);
}

void print_results(std::ostream& out, const std::vector<screen::RankedOutcome>& results,
                   bool with_precision) {
  std::vector<std::string> header = {"ranking", "first 1 %", "2 %", "5 %", "10 %", "median rank"};
  std::vector<Align> align(6, Align::right);
  align.front() = Align::left;
  if (with_precision) {
    for (const char* title : {"of 10", "of 20", "of 50", "of 100", "AP", "over chance"}) {
      header.emplace_back(title);
      align.push_back(Align::right);
    }
  }
  TextTable table(header, align);
  for (const auto& [ranking, recovery] : results) {
    std::vector<std::string> cells = {ranking};
    for (const auto& share : recovery.recovered) {
      cells.push_back(share_cell(share));
    }
    cells.push_back(fmt::format("{:.1f} ({:.1f}..{:.1f})", 100 * recovery.median_rank,
                                100 * recovery.median_interval.low, 100 * recovery.median_interval.high));
    if (with_precision) {
      for (std::size_t i = 0; i < screen::recovery_counts.size(); ++i) {
        cells.push_back(precision_cell(recovery, i));
      }
      cells.push_back(with_interval(recovery.average_precision, recovery.average_precision_interval.low,
                                    recovery.average_precision_interval.high));
      const double chance = static_cast<double>(recovery.superionic) / static_cast<double>(recovery.ranked);
      cells.push_back(fmt::format("{:.0f} x", recovery.average_precision / chance));
    }
    table.add(std::move(cells));
  }
  table.print(out);
}

} // namespace

nlohmann::json to_json(const LookingBack& back) {
  nlohmann::json scenarios = nlohmann::json::array();
  for (const auto& result : back.scenarios) {
    nlohmann::json rankings = nlohmann::json::array();
    for (const auto& one : result.results) {
      rankings.push_back(to_json(one));
    }
    const auto count = [&](const std::optional<Outcome>& outcome) {
      return std::ranges::count(result.outcome, outcome);
    };
    scenarios.push_back({{"name", result.scenario.name},
                         {"held_back", result.scenario.year > 0 ? "what was measured later" : "a chemistry"},
                         {"trained", result.trained},
                         {"trained_superionic", result.trained_superionic},
                         {"known", result.known},
                         {"ranked", result.outcome.size() - result.known},
                         {"superionic", count(Outcome::superionic)},
                         {"superionic_in_test_set", result.in_test_set},
                         {"poor", count(Outcome::poor)},
                         {"rankings", rankings}});
  }
  nlohmann::json pooled = nlohmann::json::array();
  for (const auto& one : back.pooled) {
    pooled.push_back(to_json(one));
  }
  return {{"trained_on", back.trained_on}, {"scenarios", scenarios}, {"pooled_over_chemistries", pooled}};
}

void print_recovery(std::ostream& out, const LookingBack& back) {
  out << back.trained_on << '\n'
      << "per cent of the compounds found superionic later, among the first 1, 2, 5, 10 % of the ranking, "
         "and their "
         "median rank in per cent, with 95 % intervals;\nsuperionic among the first 10, 20, 50, 100 of those "
         "measured later; average precision (AP) over all\n";
  for (const auto& result : back.scenarios) {
    const auto superionic = std::ranges::count(result.outcome, std::optional(Outcome::superionic));
    const auto poor = std::ranges::count(result.outcome, std::optional(Outcome::poor));
    out << fmt::format("\n{}: trained on {} labels ({} superionic){}; {} of {} compositions ranked, {} "
                       "measured later, {} of them "
                       "superionic\n",
                       result.scenario.name, result.trained, result.trained_superionic,
                       result.scenario.year > 0 ? " published until then" : " of other chemistries",
                       result.outcome.size() - result.known, result.outcome.size(), superionic + poor,
                       superionic);
    if (!result.results.empty()) {
      print_results(out, result.results, true);
    }
  }
  if (!back.pooled.empty()) {
    out << fmt::format("\nall chemistries, each held back in turn: {} found superionic\n",
                       back.pooled.front().recovery.superionic);
    print_results(out, back.pooled, false);
  }
}

void write_found(const std::filesystem::path& path, const LookingBack& back,
                 const screen::CandidatePool& pool) {
  write_file_atomically(path, [&](std::ostream& out) {
    std::vector<std::string> header = {"scenario", "formula", "id"};
    for (const auto& ranking : back.scenarios.front().rankings) {
      header.push_back(ranking.name);
    }
    write_csv_row(out, header);
    for (const auto& result : back.scenarios) {
      std::vector<std::vector<double>> rank; // [rankings][compositions] among those that are ranked
      std::vector<std::size_t> place;
      for (std::size_t c = 0; c < result.outcome.size(); ++c) {
        if (result.outcome[c]) {
          place.push_back(c);
        }
      }
      for (const auto& ranking : result.rankings) {
        std::vector<double> score;
        for (const auto c : place) {
          score.push_back(ranking.score[c]);
        }
        rank.push_back(screen::ranks_of(score));
      }
      for (std::size_t i = 0; i < place.size(); ++i) {
        if (result.outcome[place[i]] != Outcome::superionic) {
          continue;
        }
        const auto& candidate = pool.compositions[place[i]];
        std::vector<std::string> cells = {result.scenario.name, candidate.formula,
                                          pool.id[candidate.structures.front()]};
        for (const auto& ranks : rank) {
          cells.push_back(fmt::format("{:.4f}", ranks[i] / static_cast<double>(place.size())));
        }
        write_csv_row(out, cells);
      }
    }
  });
}

void write_lists(const std::filesystem::path& path, const LookingBack& back,
                 const screen::CandidatePool& pool, std::size_t count) {
  write_file_atomically(path, [&](std::ostream& out) {
    write_csv_row(out, {"scenario", "ranking", "rank", "formula", "id", "score", "became"});
    for (const auto& result : back.scenarios) {
      for (const auto& ranking : result.rankings) {
        const auto rank = screen::ranks_of(ranking.score);
        std::vector<std::size_t> order;
        for (std::size_t c = 0; c < rank.size(); ++c) {
          if (result.outcome[c]) {
            order.push_back(c);
          }
        }
        std::ranges::stable_sort(order, {}, [&](std::size_t c) { return rank[c]; });
        for (std::size_t i = 0; i < std::min(count, order.size()); ++i) {
          const auto& candidate = pool.compositions[order[i]];
          write_csv_row(out,
                        {result.scenario.name, ranking.name, std::to_string(i + 1), candidate.formula,
                         pool.id[candidate.structures.front()], format_number(ranking.score[order[i]], 4, ""),
                         name_of(result.outcome[order[i]])});
        }
      }
    }
  });
}

} // namespace ionsift::report
