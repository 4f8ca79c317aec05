#include "ionsift/screen/screening.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/progress.hpp"
#include "ionsift/parallel/gather.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include "training_set.hpp"

#include <cmath>
#include <limits>

namespace ionsift::screen {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t none = -1;

/// What the ranks find out of one structure; the rest of its row is in the store.
struct Finding {
  double probability = nan, sd = nan;
  double d_training = nan;
  std::int64_t nearest = none;  ///< position in the training set
  std::int64_t known_as = none; ///< the same
};

/// Everything that stays the same while a store is screened.
struct Inputs {
  store::Reader store;
  learn::Ensemble ensemble;
  TrainingSet training;
  dataset::TrainingDistance distance;
};

Inputs load_inputs(const ScreeningOptions& options) {
  store::Reader candidates(options.store);
  const store::Reader reference(options.reference);
  auto ensemble = learn::Ensemble::load(options.ensemble);
  const auto needed = ensemble.needs();
  const auto ensemble_name = options.ensemble.string();
  candidates.provenance().require_compatible(needed, options.store.string(), ensemble_name);
  reference.provenance().require_compatible(needed, options.reference.string(), ensemble_name);
  auto training = TrainingSet::load(reference, ensemble.plan().view, ensemble.training_ids(),
                                    ensemble.training_labels(), options.novelty_tolerance);
  dataset::TrainingDistance distance(training.means, options.scaling);
  return {std::move(candidates), std::move(ensemble), std::move(training), std::move(distance)};
}

/// Findings of consecutive structures.
std::vector<Finding> examine(const Inputs& inputs, const parallel::DeviceBinding& device, std::uint64_t first,
                             std::uint64_t count) {
  const auto& ensemble = inputs.ensemble;
  std::vector<std::uint8_t> empty;
  const auto structures = dataset::slice(inputs.store, ensemble.plan().content(), first, count, empty);
  const auto probabilities = learn::summarize(ensemble.predict(structures, device), ensemble.weights());
  const auto nearest = inputs.distance(structures.of(ensemble.plan().view).means());
  const auto formulas = inputs.store.facts(first, count).formula;

  std::vector<Finding> findings(count);
  for (std::size_t i = 0; i < count; ++i) {
    auto& finding = findings[i];
    if (empty[i] == 0) {
      finding.probability = probabilities[i].mean;
      finding.sd = probabilities[i].sd;
      finding.d_training = nearest[i].distance;
      finding.nearest = static_cast<std::int64_t>(nearest[i].training);
    }
    if (const auto id = inputs.training.compositions.match(crystal::Composition::parse(formulas[i]))) {
      finding.known_as = inputs.training.position.at(*id);
    }
  }
  return findings;
}

/// Findings of the whole store in its order, on rank 0. Collective.
std::vector<Finding> examine_all(const parallel::Communicator& comm, const Inputs& inputs,
                                 const ScreeningOptions& options) {
  const auto chunk = options.chunk;
  const auto structures = inputs.store.size();
  parallel::WorkQueue queue(comm);
  queue.refill(std::vector<double>((structures + chunk - 1) / chunk, 1.0));
  std::vector<std::uint64_t> indices;
  std::vector<Finding> findings;
  Progress progress("screening", structures);
  parallel::together(comm, [&] {
    while (const auto item = queue.next()) {
      const auto first = *item * chunk;
      const auto count = std::min(chunk, structures - first);
      const auto part = examine(inputs, options.device, first, count);
      for (std::uint64_t i = 0; i < count; ++i) {
        indices.push_back(first + i);
        findings.push_back(part[i]);
      }
      // The ranks draw from one queue, so this one's share tells how far all are.
      progress.update(std::min(structures, indices.size() * static_cast<std::uint64_t>(comm.size())));
    }
  });
  progress.update(structures);
  return parallel::gather_in_order(comm, std::span<const std::uint64_t>(indices),
                                   std::span<const Finding>(findings));
}

/// Gaps of the whole store: predicted ones (empty without a parent) and the known ones by id.
struct Gaps {
  std::vector<double> predicted;
  std::unordered_map<std::string, KnownGap> known;
};

/// Collective.
Gaps find_gaps(const parallel::Communicator& comm, const ScreeningOptions& options,
               const store::Reader& store) {
  Gaps gaps;
  if (options.gaps) {
    parallel::on_root(comm, [&] { gaps.known = read_gaps(*options.gaps, options.gap_options); });
  }
  if (options.gap_parent) {
    std::optional<megnet::Parent> parent;
    parallel::together(comm, [&] { parent = megnet::Parent::load(*options.gap_parent); });
    const auto converter =
        options.study_gap_graph ? std::optional(megnet::GraphConverter::study()) : std::nullopt;
    gaps.predicted = predict_gaps(comm, store, *parent, converter);
  }
  return gaps;
}

void set_gap(Candidate& row, const Gaps& gaps) {
  row.predicted_gap = gaps.predicted.empty() ? nan : gaps.predicted[row.index];
  const auto known = gaps.known.find(row.id);
  if (known != gaps.known.end()) {
    row.band_gap = known->second.value;
    row.band_gap_source = known->second.source;
  } else {
    row.band_gap = row.predicted_gap;
    row.band_gap_source = std::isnan(row.predicted_gap) ? "unknown" : "predicted";
  }
}

void set_finding(Candidate& row, const Finding& finding, const TrainingSet& training) {
  row.probability = finding.probability;
  row.sd = finding.sd;
  row.d_training = finding.d_training;
  if (finding.nearest != none) {
    row.nearest_id = training.id[static_cast<std::size_t>(finding.nearest)];
    row.nearest_label = training.label[static_cast<std::size_t>(finding.nearest)];
  }
  if (finding.known_as != none) {
    row.known_as = training.id[static_cast<std::size_t>(finding.known_as)];
  }
}

/// The rows of all structures, judged.
std::vector<Candidate> assemble(const Inputs& inputs, const std::vector<Finding>& findings, const Gaps& gaps,
                                const ScreeningOptions& options) {
  auto facts = inputs.store.facts(0, inputs.store.size());
  std::vector<Candidate> rows(facts.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto& row = rows[i];
    row.index = i;
    row.id = std::move(facts.id[i]);
    row.formula = std::move(facts.formula[i]);
    row.source = std::move(facts.source[i]);
    row.ordered = facts.ordered[i] != 0;
    row.intermetallic = facts.intermetallic[i] != 0;
    set_finding(row, findings[i], inputs.training);
    set_gap(row, gaps);
    row.dropped_by = first_failed(row, options);
  }
  return rows;
}

/// Counts of the result from its rows.
void count(ScreeningResult& result, const Gaps& gaps) {
  double error = 0;
  for (const auto& row : result.rows) {
    ++result.funnel.structures;
    if (row.dropped_by) {
      ++result.funnel.dropped[static_cast<std::size_t>(*row.dropped_by)];
    } else {
      ++result.funnel.kept;
    }
    const bool known = gaps.known.contains(row.id);
    const bool predicted = !std::isnan(row.predicted_gap);
    result.gaps_known += known ? 1 : 0;
    result.gaps_predicted += predicted ? 1 : 0;
    if (known && predicted) {
      ++result.gaps_both;
      error += std::abs(row.predicted_gap - row.band_gap);
    }
  }
  result.gap_error = result.gaps_both == 0 ? nan : error / static_cast<double>(result.gaps_both);
}

/// Gives rank 0's counts to every rank. Collective.
void share_counts(const parallel::Communicator& comm, ScreeningResult& result) {
  struct Counts {
    Funnel funnel;
    std::uint64_t known, predicted, both;
    double error;
  };
  std::vector<Counts> counts;
  if (comm.is_root()) {
    counts.push_back(
        {result.funnel, result.gaps_known, result.gaps_predicted, result.gaps_both, result.gap_error});
  }
  counts = comm.broadcast(std::move(counts));
  result.funnel = counts.front().funnel;
  result.gaps_known = counts.front().known;
  result.gaps_predicted = counts.front().predicted;
  result.gaps_both = counts.front().both;
  result.gap_error = counts.front().error;
}

} // namespace

ScreeningResult screen(const parallel::Communicator& comm, const ScreeningOptions& options,
                       PhaseTimes& phases) {
  IONSIFT_VALIDATE(options.chunk > 0, usage, "structures cannot be predicted 0 at once",
                   "a chunk holds at least one", "Give a chunk of about 256.");
  std::optional<Inputs> inputs;
  {
    const ScopedPhase phase(phases, "load");
    parallel::together(comm, [&] { inputs = load_inputs(options); });
  }
  log::info("{} structures against {} members, trained on {} structures", inputs->store.size(),
            inputs->ensemble.members(), inputs->training.id.size());
  Gaps gaps;
  {
    const ScopedPhase phase(phases, "band gaps");
    gaps = find_gaps(comm, options, inputs->store);
  }
  std::vector<Finding> findings;
  {
    const ScopedPhase phase(phases, "prediction");
    findings = examine_all(comm, *inputs, options);
  }
  const ScopedPhase phase(phases, "verdicts");
  ScreeningResult result;
  parallel::on_root(comm, [&] {
    result.rows = assemble(*inputs, findings, gaps, options);
    count(result, gaps);
  });
  share_counts(comm, result);
  return result;
}

} // namespace ionsift::screen
