// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/screen/screening.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/progress.hpp"
#include "ionsift/parallel/interruption.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"
#include "ionsift/screen/prediction_file.hpp"

#include "row_maker.hpp"
#include "same_structures.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace ionsift::screen {

namespace {

/// Chunks of one window, for each rank: enough that few wait at its end, few enough to be held.
constexpr std::uint64_t chunks_per_rank = 32;

/// Makes, judges, counts and writes all rows. Collective.
class Sweep {
public:
  Sweep(const parallel::Communicator& comm, const Inputs& inputs, const ScreeningOptions& options,
        UnfinishedRows& unfinished, ScreeningResult& result)
      : comm_(comm), options_(options), structures_(inputs.store.size()), maker_(inputs, options, unfinished),
        result_(result), top_(options.keep), interruption_(comm), queue_(comm),
        table_(comm, options.predictions, columns_of({})) {
    write_attributes(table_, inputs.keys.prediction, inputs.keys.gap);
  }

  /// The best rows, on rank 0; nothing, on all ranks, when the run is to end before.
  std::optional<std::vector<Rank>> run(PhaseTimes& phases) {
    const auto window = options_.chunk * chunks_per_rank * static_cast<std::uint64_t>(comm_.size());
    Progress progress("screening", structures_);
    for (std::uint64_t first = 0; first < structures_; first += window) {
      const auto count = std::min(window, structures_ - first);
      auto rows = make(first, count, phases);
      made_ += rows.size();
      if (must_end()) {
        return std::nullopt;
      }
      write(count, rows, phases);
      progress.update(first + count);
    }
    table_.close();
    result_.reductions.copied = maker_.copied();
    result_.reductions.sum(comm_);
    const auto failures = comm_.all_reduce(maker_.gap_failures(), parallel::Reduction::sum);
    if (failures > 0 && comm_.is_root()) {
      log::warning("{} band gaps could not be predicted", failures);
    }
    return top_.merge(comm_);
  }

private:
  /// This rank's rows of a window; windows begin at whole chunks.
  std::vector<Candidate> make(std::uint64_t first, std::uint64_t count, PhaseTimes& phases) {
    const ScopedPhase phase(phases, "prediction");
    const auto chunk = options_.chunk;
    queue_.refill(std::vector<double>((count + chunk - 1) / chunk, 1.0));
    std::vector<Candidate> rows;
    interruption_.rest();
    parallel::together(comm_, [&] {
      while (!interruption_.ending()) {
        const auto item = queue_.next();
        if (!item) {
          break;
        }
        const Stopwatch watch;
        const auto begin = *item * chunk;
        for (auto& row : maker_.make(first + begin, std::min(chunk, count - begin))) {
          result_.reductions.add(row);
          if (!row.dropped_by) {
            top_.add({row.probability, row.id, row.index});
          }
          rows.push_back(std::move(row));
        }
        busy_ += watch.seconds();
      }
    });
    return rows;
  }

  /// Whether the run is to stop here; collective. Predictions are already saved.
  bool must_end() {
    const auto ends =
        comm_.all_reduce(std::uint64_t(interruption_.ending() ? 1 : 0), parallel::Reduction::max);
    if (ends == 0) {
      return false;
    }
    table_.close();
    result_.interrupted = true;
    result_.cost = parallel::sum_up(comm_, watch_.seconds(), made_, busy_);
    result_.finished = result_.cost.items;
    return true;
  }

  void write(std::uint64_t count, const std::vector<Candidate>& rows, PhaseTimes& phases) {
    const ScopedPhase phase(phases, "writing");
    std::vector<std::uint64_t> indices;
    for (const auto& row : rows) {
      indices.push_back(row.index);
    }
    table_.append(count, indices, columns_of(rows));
  }

  parallel::Communicator comm_;
  const ScreeningOptions& options_;
  std::uint64_t structures_;
  RowMaker maker_;
  ScreeningResult& result_;
  TopRows top_;
  parallel::Interruption interruption_;
  parallel::WorkQueue queue_;
  store::TableWriter table_;
  Stopwatch watch_;
  std::uint64_t made_ = 0; ///< rows, by this rank
  double busy_ = 0;        ///< seconds that it took
};

/// The training set in the plane of its first two principal components. Rank 0.
void place_training_set(const Inputs& inputs, ScreeningResult& result) {
  const auto& training = inputs.training;
  const auto components = inputs.distance.components(training.means);
  const auto& variances = inputs.distance.variances();
  const auto kept = std::min<Eigen::Index>(2, components.cols());
  for (std::size_t t = 0; t < training.id.size(); ++t) {
    auto& point = result.training.emplace_back();
    point.id = training.id[t];
    point.formula = training.formula[t];
    point.label = training.label[t];
    for (Eigen::Index c = 0; c < kept; ++c) {
      point.component[static_cast<std::size_t>(c)] = components(static_cast<Eigen::Index>(t), c);
    }
  }
  for (Eigen::Index c = 0; c < kept; ++c) {
    result.explained[static_cast<std::size_t>(c)] = variances[c] / variances.sum();
  }
}

/// The rows with these places, in that order, from the table. Rank 0.
std::vector<Candidate> read_kept(const std::filesystem::path& table, const std::vector<Rank>& best) {
  std::vector<std::uint64_t> positions;
  for (const auto& rank : best) {
    positions.push_back(rank.index);
  }
  std::ranges::sort(positions);
  auto kept = PredictionReader(table).rows_at(positions);
  std::ranges::sort(kept, [](const Candidate& a, const Candidate& b) {
    return Rank{a.probability, a.id, a.index} < Rank{b.probability, b.id, b.index};
  });
  return kept;
}

} // namespace

ScreeningResult screen(const parallel::Communicator& comm, const ScreeningOptions& given,
                       PhaseTimes& phases) {
  IONSIFT_VALIDATE(given.chunk > 0, usage, "structures cannot be predicted 0 at once",
                   "a chunk holds at least one", "Give a chunk of about 256.");
  auto options = given;
  options.filters.gaps_known = options.gap_parent || options.gaps;
  std::optional<Inputs> inputs;
  {
    const ScopedPhase phase(phases, "load");
    inputs = load_inputs(comm, options);
  }
  log::info("{} structures against {} members, trained on {} structures", inputs->store.size(),
            inputs->ensemble.members(), inputs->training.id.size());
  ScreeningResult result;
  UnfinishedRows unfinished(comm, options.predictions.string() + ".partial.d", inputs->keys);
  const Stopwatch watch;
  const auto best = Sweep(comm, *inputs, options, unfinished, result).run(phases);
  const auto partial = store::partial_table(options.predictions);
  if (!best) {
    parallel::on_root(comm, [&] { std::filesystem::remove(partial); });
    return result;
  }
  result.ensemble = inputs->ensemble;
  result.measured = inputs->training.measured;
  const auto apart = inputs->distance.among_themselves();
  constexpr double usual = 0.95;
  result.scale.usual_distance =
      apart[static_cast<std::size_t>(usual * static_cast<double>(apart.size() - 1))];
  const ScopedPhase phase(phases, "groups");
  parallel::on_root(comm, [&] {
    result.kept = read_kept(partial, *best);
    place_training_set(*inputs, result);
  });
  const parallel::JobFolder comparisons{unfinished.folder() / "groups", "ionsift screen, groups",
                                        inputs->keys.prediction};
  if (!group_kept(comm, inputs->store, options, comparisons, result)) {
    parallel::on_root(comm, [&] { std::filesystem::remove(partial); });
    result.interrupted = true;
    result.finished = inputs->store.size();
    result.cost = parallel::sum_up(comm, watch.seconds(), 0, watch.seconds());
    return result;
  }
  parallel::on_root(comm, [&] {
    write_groups(partial, inputs->store.size(), result.kept);
    std::error_code ignored; // what cannot be removed cannot be replaced either, and that is reported
    std::filesystem::remove(options.finished, ignored);
    store::publish_table(options.predictions);
  });
  unfinished.remove();
  return result;
}

} // namespace ionsift::screen
