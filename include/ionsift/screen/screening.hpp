// A database release against an ensemble: probabilities, distances, gaps, novelty, verdicts.
#pragma once

#include "ionsift/base/timer.hpp"
#include "ionsift/dataset/training_distance.hpp"
#include "ionsift/learn/ensemble.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/screen/band_gap.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ionsift::screen {

/// The filters in the order in which they are asked; the first that a row fails is the one that drops it.
enum class Filter { features, probability, intermetallic, band_gap, novelty };
inline constexpr std::array all_filters = {Filter::features, Filter::probability, Filter::intermetallic,
                                           Filter::band_gap, Filter::novelty};
std::string_view name_of(Filter filter);

struct ScreeningOptions {
  std::filesystem::path store;     ///< candidates
  std::filesystem::path reference; ///< store that holds the training structures
  std::filesystem::path ensemble;
  std::optional<std::filesystem::path> gap_parent;
  std::optional<std::filesystem::path> gaps;
  GapOptions gap_options;
  bool study_gap_graph = false; ///< feed the gap parent the study's 5 A graph instead of its own
  double min_probability = 0.5;
  double min_band_gap = 1.0; ///< eV; asked only where `gap_parent` or `gaps` is given
  double novelty_tolerance = 0.05;
  parallel::DeviceBinding device; ///< where members predict
  dataset::ComponentScaling scaling = dataset::ComponentScaling::study_code;
  std::uint64_t chunk = 256; ///< structures predicted at once on a rank
};

/// One structure's row.
struct Candidate {
  std::uint64_t index = 0; ///< in the store
  std::string id, formula, source;
  bool ordered = true, intermetallic = false;
  double probability = 0, sd = 0; ///< NaN without features
  double d_training = 0;          ///< NaN without features
  std::string nearest_id;         ///< nearest training structure; empty without features
  int nearest_label = 0;
  double band_gap = 0;         ///< eV, the known one before the predicted one; NaN where there is neither
  std::string band_gap_source; ///< of the known one ("megnet2019"), "predicted" or "unknown"
  double predicted_gap = 0;    ///< eV; NaN where not predicted
  std::string known_as;        ///< training entry of (nearly) the same composition; empty where novel
  std::optional<Filter> dropped_by;
};

struct Funnel {
  std::uint64_t structures = 0;
  std::array<std::uint64_t, all_filters.size()> dropped{}; ///< by each filter, in order
  std::uint64_t kept = 0;
};

struct ScreeningResult {
  std::vector<Candidate> rows; ///< on rank 0, all structures in store order; empty elsewhere
  Funnel funnel;               ///< on every rank, as the rest
  std::uint64_t gaps_known = 0, gaps_predicted = 0;
  std::uint64_t gaps_both = 0; ///< structures with a known and a predicted gap
  double gap_error = 0;        ///< mean |predicted - known| in eV over these, NaN where there is none
};

/// Screens all structures of a store; collective. Structures are predicted in chunks that depend on
/// `options.chunk` alone, so that the result is the same for any number of ranks.
/// @throws Error conflict when stores and ensemble do not belong together
ScreeningResult screen(const parallel::Communicator& comm, const ScreeningOptions& options,
                       PhaseTimes& phases);

/// The first filter that a row fails: no features, probability below `min_probability`, intermetallic, gap
/// unknown or below `min_band_gap` (unless the options name no source of gaps), not novel.
std::optional<Filter> first_failed(const Candidate& row, const ScreeningOptions& options);

/// Positions of the kept rows by falling probability, ties by id.
std::vector<std::size_t> rank_candidates(const std::vector<Candidate>& rows);

} // namespace ionsift::screen
