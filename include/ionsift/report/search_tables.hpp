// What a search found, as files and in print.
#pragma once

#include "ionsift/learn/tune.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <iosfwd>

namespace ionsift::report {

/// What a search cost.
struct SearchCost {
  int ranks = 1;
  double seconds = 0; ///< of this run, from the first training to the last
};

/// For each cluster its candidates and its winner; trainings, epochs, seconds and trainings a second.
nlohmann::json to_json(const learn::TuneResult& result, const SearchCost& cost);

/// `members.json`, the plan; `trials.csv`, every training in the order in which they were handed out:
/// cluster, trial, repeat, values, epochs, best rolling mean and its epoch, how it ended, seconds, rank. Rank
/// 0 calls it.
void write_search(const std::filesystem::path& folder, const learn::SearchSpace& space,
                  const learn::TuneResult& result);

void print_search(std::ostream& out, const learn::TuneResult& result, const SearchCost& cost);

} // namespace ionsift::report
