// SPDX-License-Identifier: BSD-3-Clause
// How runs scale: measured from their records, and forecast from the times of their pieces of work.
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

namespace ionsift::report {

/// One run of a command, from its record (run.json) and its file of --item-times.
struct ScalingRun {
  std::string command;
  int ranks = 1;
  double seconds = 0;                   ///< duration of the run, without the start of the program
  std::map<std::string, double> phases; ///< seconds on rank 0
  std::vector<std::vector<double>>
      rounds;               ///< seconds of the items of each round of each queue; ranks wait between
  std::vector<double> busy; ///< [ranks] seconds of each rank's items

  std::size_t items() const;
  double work() const;      ///< seconds of all items
  double imbalance() const; ///< busiest rank over the mean; 1 without items
  double other() const;     ///< `seconds` less those of the busiest rank: what waits for no queue
  double phase(const std::string& name) const; ///< 0 where there was none
};

/// @param path run.json; the file of item times is the one that it names (--item-times), as it stands or
/// beside it
/// @throws Error missing, format; data where the run failed, or has no item times
ScalingRun read_scaling_run(const std::filesystem::path& path);

struct ScalingRow {
  std::string
      kind; ///< "measured", "strong" (forecast: the same work), "weak" (forecast: work grows with the ranks)
  int ranks = 1;
  double seconds = 0;
  double speedup = 1;    ///< strong: T(1) / T; weak: as much as the work grew, times T(1) / T
  double efficiency = 1; ///< speedup / ranks
  double imbalance = 1;  ///< busiest rank over the mean, of the items alone
};

/// Rows of runs of the same work, by ranks. The run with the fewest ranks counts as its share of a perfect
/// one.
/// @param weak work grew with the ranks  @throws Error usage for none, or runs of different commands
std::vector<ScalingRow> measured_scaling(const std::vector<ScalingRun>& runs, bool weak);

struct ForecastOptions {
  std::vector<int> ranks = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000};
  double ticket_seconds = 1e-5;   ///< one access to the common counter
  std::size_t items_per_rank = 8; ///< rounds are merged until they have so many, as featurize's batches are
  std::size_t weak_items = 0;     ///< items a rank of the weak forecast; 0: a 64th of the run's, at least 1
  std::size_t items = 0;          ///< items of the strong forecast, repeating the run's; 0: the run's
  int readers = 1;                ///< archives, documents or tables that are read at once
};

/// Replays a run's items on simulated ranks (parallel::forecast_schedule), strong and weak. Of what was not
/// in a queue, two phases grow with the items: "unpacking" of archives, which runs beside the items, no
/// faster than its readers; and "writing", which the ranks share (a file system that cannot take what all
/// write is not in it). The rest is taken as serial and as long as it was.
std::vector<ScalingRow> forecast_scaling(const ScalingRun& run, const ForecastOptions& options);

/// scaling.csv: kind, ranks, seconds, speedup, efficiency, imbalance; phases.csv: ranks, phase, seconds.
/// @throws Error io
void write_scaling(const std::filesystem::path& folder, const std::vector<ScalingRun>& runs,
                   const std::vector<ScalingRow>& rows);
nlohmann::json scaling_document(const std::vector<ScalingRun>& runs, const std::vector<ScalingRow>& rows);
void print_scaling(std::ostream& out, const std::vector<ScalingRow>& rows);

} // namespace ionsift::report
