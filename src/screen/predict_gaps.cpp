// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/progress.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"
#include "ionsift/screen/band_gap.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>

namespace ionsift::screen {

namespace {

/// Structures read and evaluated as one item of work: few enough to balance, enough to make reading cheap.
constexpr std::uint64_t structures_per_item = 32;
/// Reasons that one rank spells out; further ones are counted.
constexpr std::uint64_t reasons_logged = 5;

struct Gap {
  std::uint64_t index;
  double value;
};

/// First and number of the structures of one item.
std::pair<std::uint64_t, std::uint64_t> range_of(std::uint64_t item, std::uint64_t structures) {
  const auto first = item * structures_per_item;
  return {first, std::min(structures_per_item, structures - first)};
}

/// Cost of every item, from the distinct sites of its structures (edges grow with these). Collective.
std::vector<double> estimate_costs(const parallel::Communicator& comm, const store::Reader& store) {
  const auto items = (store.size() + structures_per_item - 1) / structures_per_item;
  const auto mine = parallel::slice_of(items, comm.rank(), comm.size());
  std::vector<double> costs;
  parallel::together(comm, [&] {
    for (auto item = mine.first; item < mine.last; ++item) {
      const auto [first, count] = range_of(item, store.size());
      double cost = static_cast<double>(count);
      for (const auto rows : store.facts(first, count).rows) {
        cost += static_cast<double>(rows);
      }
      costs.push_back(cost);
    }
  });
  return comm.all_gather(std::span<const double>(costs));
}

megnet::FeaturizerOptions gap_options(const std::optional<megnet::GraphConverter>& converter) {
  megnet::FeaturizerOptions result;
  result.representations = {crystal::Representation::CAMN};
  result.request.levels = {};
  result.request.prediction = true;
  result.converter = converter;
  result.isolated_atoms = megnet::IsolatedAtoms::ignore;
  return result;
}

} // namespace

GapPredictor::GapPredictor(const megnet::Parent& parent,
                           const std::optional<megnet::GraphConverter>& converter)
    : featurizer_(parent, gap_options(converter)) {
}

double GapPredictor::operator()(const crystal::Crystal& crystal) {
  try {
    const auto features = featurizer_.run(crystal);
    const auto& prediction = features.representations.front().prediction;
    IONSIFT_VALIDATE(prediction, data, "the structure has no site", "a gap needs atoms", "Leave it out.");
    return *prediction;
  } catch (const Error& error) {
    if (++failures_ <= reasons_logged) {
      log::warning("no band gap for {}: {}", crystal.id, error.what());
    }
    return std::numeric_limits<double>::quiet_NaN();
  }
}

std::vector<double> predict_gaps(const parallel::Communicator& comm, const store::Reader& store,
                                 const megnet::Parent& parent,
                                 const std::optional<megnet::GraphConverter>& converter) {
  parallel::WorkQueue queue(comm);
  queue.refill(estimate_costs(comm, store));
  std::vector<Gap> mine;
  std::uint64_t failures = 0;
  Progress progress("band gaps", store.size());
  parallel::together(comm, [&] {
    GapPredictor predict(parent, converter);
    while (const auto item = queue.next()) {
      const auto [first, count] = range_of(*item, store.size());
      const auto crystals = store.crystals(first, count);
      for (std::uint64_t i = 0; i < count; ++i) {
        mine.push_back({first + i, predict(crystals[i])});
      }
      // The ranks draw from one queue, so the progress of this one is that of all.
      progress.update(std::min(store.size(), mine.size() * static_cast<std::uint64_t>(comm.size())));
    }
    failures = predict.failures();
  });
  std::vector<double> gaps(store.size(), std::numeric_limits<double>::quiet_NaN());
  for (const auto& gap : comm.all_gather(std::span<const Gap>(mine))) {
    gaps[gap.index] = gap.value;
  }
  progress.update(store.size());
  failures = comm.all_reduce(failures, parallel::Reduction::sum);
  if (failures > 0 && comm.is_root()) {
    log::warning("{} of {} band gaps could not be predicted", failures, store.size());
  }
  return gaps;
}

} // namespace ionsift::screen
