// SPDX-License-Identifier: BSD-3-Clause
#include "row_maker.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/base/errands.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/base/version.hpp"
#include "ionsift/dataset/features/reference.hpp"
#include "ionsift/learn/ensemble/training_identity.hpp"
#include "ionsift/parallel/together.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ionsift::screen {

namespace {

PredictionKeys keys_of(const ScreeningOptions& options, const store::Reader& candidates,
                       const learn::Ensemble& ensemble, const std::optional<megnet::Parent>& gap_parent) {
  const auto& provenance = candidates.provenance();
  PredictionKeys keys;
  keys.prediction = sha256(fmt::format("{}\n{}\n{}\n{}\n{}{}", version(), provenance.program_version,
                                       provenance.parent_sha256, dataset::name_of(options.scaling),
                                       ensemble.manifest().dump(),
                                       options.given ? options.given->sha256() : std::string()));
  if (gap_parent) {
    keys.gap = sha256(fmt::format("{}\n{}\n{}", version(), gap_parent->sha256, options.study_gap_graph));
  }
  return keys;
}

} // namespace

Inputs load_inputs(const parallel::Communicator& comm, const ScreeningOptions& options) {
  std::optional<Inputs> inputs;
  parallel::together(comm, [&] {
    store::Reader candidates(options.store);
    const store::Reader reference(options.reference);
    auto ensemble = learn::Ensemble::load(options.ensemble);
    const auto needed = ensemble.needs();
    const auto ensemble_name = options.ensemble.string();
    candidates.provenance().require_compatible(needed, options.store.string(), ensemble_name);
    reference.provenance().require_compatible(needed, options.reference.string(), ensemble_name);
    const auto unnamed = ensemble.composition_ids().size() - ensemble.composition_formulas().size();
    if (comm.is_root() && unnamed > 0) {
      log::warning(
          "{} is of an earlier version, which did not store the compositions of the {} table entries that "
          "it was trained on: candidates like them count as new. Train it again to have them known.",
          ensemble_name, unnamed);
    }
    auto training = TrainingSet::load(reference, ensemble, options.novelty_tolerance);
    training.add_known(options.known);
    dataset::TrainingDistance distance(training.means, options.scaling);
    std::optional<megnet::Parent> gap_parent;
    if (options.gap_parent) {
      gap_parent = megnet::Parent::load(*options.gap_parent);
    }
    auto keys = keys_of(options, candidates, ensemble, gap_parent);
    PreviousPredictions previous;
    if (options.previous) {
      previous = PreviousPredictions(*options.previous, keys);
    }
    inputs =
        Inputs{std::move(candidates), std::move(ensemble),   std::move(training), std::move(distance), {}, {},
               options.known,         std::move(gap_parent), std::move(keys),     std::move(previous)};
  });
  const store::Reader reference(options.reference);
  const auto& trained = inputs->ensemble.training_ids();
  learn::require_training_structures(comm, inputs->ensemble, reference, trained,
                                     dataset::locate(reference, trained), options.ensemble.string());
  if (options.gaps) {
    inputs->gaps =
        PropertyTable::read(comm, *options.gaps, band_gap_property, options.gap_columns, inputs->store);
  }
  if (options.hull) {
    inputs->hull =
        PropertyTable::read(comm, *options.hull, hull_property, options.hull_columns, inputs->store);
  }
  return std::move(*inputs);
}

double member_quantile(std::vector<std::pair<double, double>> members, double share) {
  IONSIFT_ASSERT(!members.empty(), "a quantile of no members was requested");
  std::ranges::sort(members);
  double total = 0;
  for (const auto& member : members) {
    total += member.second;
  }
  double below = 0;
  for (const auto& [probability, weight] : members) {
    below += weight;
    // A hair below the share counts as the share: sums of weights round.
    if (below >= share * total * (1 - 1e-12)) {
      return probability;
    }
  }
  return members.back().first;
}

RowMaker::RowMaker(const Inputs& inputs, const ScreeningOptions& options, UnfinishedRows& unfinished)
    : inputs_(inputs), options_(options), unfinished_(unfinished) {
  if (inputs.gap_parent) {
    predict_gap_.emplace(*inputs.gap_parent, options.study_gap_graph
                                                 ? std::optional(megnet::GraphConverter::study())
                                                 : std::nullopt);
  }
}

std::vector<Candidate> RowMaker::start(std::uint64_t first, std::uint64_t count) const {
  auto facts = inputs_.store.facts(first, count);
  std::vector<Candidate> rows(count);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto& row = rows[i];
    row.index = first + i;
    row.id = std::move(facts.id[i]);
    row.formula = std::move(facts.formula[i]);
    row.source = std::move(facts.source[i]);
    row.sha256 = std::move(facts.sha256[i]);
    row.ordered = facts.ordered[i] != 0;
    row.intermetallic = facts.intermetallic[i] != 0;
  }
  return rows;
}

void RowMaker::predict(std::vector<Candidate>& rows, const std::vector<std::size_t>& positions) const {
  const auto& ensemble = inputs_.ensemble;
  std::vector<std::uint8_t> empty;
  auto content = ensemble.plan().content();
  content.given = options_.given;
  auto structures = dataset::slice(inputs_.store, content, rows.front().index, rows.size(), empty);
  if (positions.size() < rows.size()) {
    structures = structures.select(positions);
  }
  const auto members = ensemble.predict(structures, options_.device);
  const auto probabilities = learn::summarize(members, ensemble.weights());
  const auto nearest = inputs_.distance(structures.of(ensemble.plan().view).means());
  for (std::size_t s = 0; s < positions.size(); ++s) {
    auto& row = rows[positions[s]];
    if (empty[positions[s]] != 0) {
      continue;
    }
    row.probability = probabilities[s].mean;
    row.sd = probabilities[s].sd;
    std::vector<std::pair<double, double>> weighed;
    for (Eigen::Index m = 0; m < members.rows(); ++m) {
      weighed.emplace_back(members(m, static_cast<Eigen::Index>(s)),
                           ensemble.weights()[static_cast<std::size_t>(m)]);
    }
    std::ranges::sort(weighed);
    for (std::size_t q = 0; q < member_quantiles.size(); ++q) {
      row.quantile[q] = member_quantile(weighed, member_quantiles[q]);
    }
    row.d_training = nearest[s].distance;
    row.d_centroid = nearest[s].centroid;
    row.component = nearest[s].component;
    row.nearest_id = inputs_.training.id[nearest[s].training];
    row.nearest_formula = inputs_.training.formula[nearest[s].training];
    row.nearest_label = inputs_.training.label[nearest[s].training];
  }
}

void RowMaker::set_values(Candidate& row, const crystal::Composition& composition) const {
  set_element_values(row, composition, options_.filters);
  const auto& known = inputs_.training.compositions;
  row.known_as = inputs_.known.contains(row.id) ? row.id : known.match(composition).value_or("");
  const auto nearest = known.nearest(composition, measured_neighbours);
  if (!nearest.empty()) {
    row.composition_distance = nearest.front().distance;
    row.nearest_composition = nearest.front().id;
  }
  for (std::size_t n = 1; n < nearest.size(); ++n) {
    row.next_compositions[n - 1] = {nearest[n].id, nearest[n].distance};
  }
  if (const auto hull = inputs_.hull.find(row.id)) {
    row.hull = hull->value;
  }
}

bool RowMaker::set_gap(Candidate& row, bool needed) {
  const bool predicts = predict_gap_ && std::isnan(row.predicted_gap) && (needed || options_.all_gaps);
  if (predicts) {
    row.predicted_gap = (*predict_gap_)(inputs_.store.crystals(row.index, 1).front());
  }
  if (const auto known = inputs_.gaps.find(row.id)) {
    row.known_gap = row.band_gap = known->value;
    row.band_gap_source = known->source;
  } else {
    row.band_gap = row.predicted_gap;
    row.band_gap_source = std::isnan(row.predicted_gap) ? "unknown" : "predicted";
  }
  return predicts;
}

std::vector<Candidate> RowMaker::make(std::uint64_t first, std::uint64_t count) {
  auto rows = start(first, count);
  std::vector<std::size_t> unpredicted;
  const bool left = unfinished_.copy(rows);
  for (std::size_t i = 0; i < rows.size() && !left; ++i) {
    if (!inputs_.previous.copy_prediction(rows[i])) {
      unpredicted.push_back(i);
    }
  }
  copied_ += rows.size() - unpredicted.size();
  if (!unpredicted.empty()) {
    predict(rows, unpredicted);
  }
  // The crystals' own compositions: formulas are rounded.
  const auto crystals = inputs_.store.crystals(first, count);
  bool computed = !unpredicted.empty();
  for (auto& row : rows) {
    run_errands();
    set_values(row, crystals[row.index - first].composition());
    const bool decides = judge_without_gap(row, options_.filters);
    computed = set_gap(row, decides) || computed;
    if (decides) {
      judge_gap(row, options_.filters);
    }
  }
  if (computed) {
    unfinished_.keep(rows);
  }
  return rows;
}

} // namespace ionsift::screen
