// SPDX-License-Identifier: BSD-3-Clause
// ranking.csv: every structure of a screening in one order, for people.
#pragma once

#include "ionsift/parallel/communicator.hpp"
#include "ionsift/screen/measured.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace ionsift::report {

struct RankingOptions {
  std::filesystem::path predictions; ///< predictions.h5
  std::filesystem::path store;       ///< the candidates' store, which also lists what could not be read
  screen::CommentScale scale;
  std::uint64_t comments = 100;         ///< so many of the first candidates get a comment
  std::uint64_t rows_in_memory = 32768; ///< rows that each rank sorts at a time
};

/// Writes all structures by falling P_SI (then id, then position), those without one behind them, and last
/// what could not be read: rank, id, formula, P_SI, SD, status (screen::status_of), the three nearest
/// measured compounds with conductivity and reference, comment, source. Unknown numbers are empty.
///
/// Each rank reads its share of the predictions, sorts it in pieces and keeps these beside `path`; rank 0
/// merges all pieces into the table, holding a buffer of each. The same bytes on any number of ranks.
/// Collective.
/// @return on rank 0 how many structures have each status, without what stands behind its colon
/// @throws Error io, data for damaged predictions
std::map<std::string, std::uint64_t> write_ranking(const parallel::Communicator& comm,
                                                   const std::filesystem::path& path,
                                                   const screen::MeasuredCompounds& measured,
                                                   const RankingOptions& options);

} // namespace ionsift::report
