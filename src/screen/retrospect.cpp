// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/screen/retrospect.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/dataset/descriptors/chemistry.hpp"
#include "ionsift/dataset/features/feature_set.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"
#include "ionsift/screen/element_lists.hpp"
#include "ionsift/screen/kinds.hpp"
#include "ionsift/screen/novelty.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ionsift::screen {

namespace {

constexpr std::uint64_t structures_at_once = 256;
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

std::string key_of(const crystal::Composition& composition) {
  const auto normalized = composition.normalized();
  std::string key;
  for (const auto& [element, amount] : normalized.amounts()) {
    key += fmt::format("{}:{:.3f} ", element, amount);
  }
  return key;
}

/// Of each composition the largest value of its structures. @param value [structures of the store]
std::vector<double> best_of_structures(const CandidatePool& pool, const std::vector<double>& value) {
  std::vector<double> best;
  for (const auto& candidate : pool.compositions) {
    double largest = nothing;
    for (const auto structure : candidate.structures) {
      largest = std::fmax(largest, value[structure]); // NaN gives way
    }
    best.push_back(largest);
  }
  return best;
}

} // namespace

bool Scenario::trains_on(const dataset::MeasuredWhen& when) const {
  return year > 0 ? when.year > 0 && when.year <= year
                  : !when.chemistry.empty() && when.chemistry != chemistry;
}

std::optional<Outcome> Scenario::outcome_of(const dataset::KnownCompound* known) const {
  if (known == nullptr) {
    return Outcome::unmeasured;
  }
  if (year > 0) {
    if (known->first_year <= year) { // also 0: not known
      return std::nullopt;
    }
    return known->first_superionic_year > year ? Outcome::superionic : Outcome::poor;
  }
  if (known->chemistry != chemistry) {
    return std::nullopt;
  }
  return known->superionic ? Outcome::superionic : Outcome::poor;
}

CandidatePool pool_candidates(const store::Reader& store) {
  auto facts = store.facts(0, store.size());
  CandidatePool pool;
  std::unordered_map<std::string, std::size_t> place;
  for (std::size_t s = 0; s < facts.size(); ++s) {
    if (facts.intermetallic[s] != 0) {
      ++pool.intermetallic;
      continue;
    }
    auto composition = crystal::Composition::parse(facts.formula[s]);
    if (found_in(composition, anion_formers()).empty()) {
      ++pool.without_anion;
      continue;
    }
    const auto [known, fresh] = place.try_emplace(key_of(composition), pool.compositions.size());
    if (fresh) {
      pool.compositions.push_back({facts.formula[s], {}, std::move(composition)});
    }
    pool.compositions[known->second].structures.push_back(s);
  }
  pool.id = std::move(facts.id);
  return pool;
}

CandidateFeatures read_candidates(const parallel::Communicator& comm, const store::Reader& store,
                                  const CandidatePool& pool, const dataset::Content& content) {
  std::vector<std::uint64_t> wanted;
  for (const auto& candidate : pool.compositions) {
    wanted.insert(wanted.end(), candidate.structures.begin(), candidate.structures.end());
  }
  std::ranges::sort(wanted);
  CandidateFeatures mine;
  parallel::together(comm, [&] {
    const auto slice = parallel::slice_of(store.size(), comm.rank(), comm.size());
    auto next = std::ranges::lower_bound(wanted, slice.first);
    for (auto first = slice.first; first < slice.last; first += structures_at_once) {
      const auto count = std::min(structures_at_once, slice.last - first);
      std::vector<std::size_t> chosen;
      for (; next != wanted.end() && *next < first + count; ++next) {
        chosen.push_back(*next - first);
      }
      if (chosen.empty()) {
        continue;
      }
      std::vector<std::uint8_t> empty;
      mine.chunks.push_back(dataset::slice(store, content, first, count, empty).select(chosen));
      for (const auto position : chosen) {
        mine.structure.push_back(first + position);
        mine.empty.push_back(empty[position]);
      }
    }
  });
  return mine;
}

std::vector<Ranking> rank_by_ensemble(const parallel::Communicator& comm, const CandidateFeatures& candidates,
                                      const CandidatePool& pool, const learn::Ensemble& ensemble,
                                      const parallel::DeviceBinding& device) {
  const auto groups = 1 + ensemble.plan().configurations.size();
  std::vector<double> mine; // [structures of this rank][groups]
  parallel::together(comm, [&] {
    std::size_t structure = 0;
    for (const auto& chunk : candidates.chunks) {
      const auto value = probabilities_by_kind(ensemble, ensemble.predict(chunk, device));
      for (std::size_t s = 0; s < chunk.size(); ++s, ++structure) {
        for (std::size_t group = 0; group < groups; ++group) {
          mine.push_back(candidates.empty[structure] != 0 ? nothing : value[group][s]);
        }
      }
    }
  });
  const auto structures = comm.gather(std::span<const std::uint64_t>(candidates.structure));
  const auto all = comm.gather(std::span<const double>(mine));
  std::vector<Ranking> rankings;
  if (!comm.is_root()) {
    return rankings;
  }
  for (std::size_t group = 0; group < groups; ++group) {
    if (group > 0 && groups == 2) {
      continue; // the only configuration is all there is
    }
    std::vector<double> value(pool.id.size(), nothing);
    for (std::size_t s = 0; s < structures.size(); ++s) {
      value[structures[s]] = all[s * groups + group];
    }
    rankings.push_back({group == 0 ? "P_SI" : ensemble.plan().configurations[group - 1].name,
                        best_of_structures(pool, value)});
  }
  return rankings;
}

Ranking rank_by_nearest(const parallel::Communicator& comm, const CandidatePool& pool,
                        const std::vector<crystal::Composition>& trained, const std::vector<int>& label) {
  std::vector<double> mine;
  parallel::together(comm, [&] {
    KnownCompositions compositions;
    for (std::size_t i = 0; i < trained.size(); ++i) {
      compositions.add(std::to_string(i), trained[i]);
    }
    const auto slice = parallel::slice_of(pool.compositions.size(), comm.rank(), comm.size());
    for (auto c = slice.first; c < slice.last; ++c) {
      const auto nearest = compositions.nearest(pool.compositions[c].composition);
      if (nearest.id.empty()) {
        mine.push_back(nothing);
        continue;
      }
      const bool conducts = label[static_cast<std::size_t>(std::stoul(nearest.id))] == 1;
      const double nearness = 1 / (1 + nearest.distance);
      mine.push_back(conducts ? nearness : -nearness);
    }
  });
  return {"nearest neighbour", comm.all_gather(std::span<const double>(mine))};
}

Ranking rank_by_rule(const CandidatePool& pool) {
  Ranking ranking{"rule of thumb", {}};
  for (const auto& candidate : pool.compositions) {
    ranking.score.push_back(dataset::rule_of_thumb(candidate.composition));
  }
  return ranking;
}

Ranking rank_by_barrier(const CandidatePool& pool, const std::unordered_map<std::string, double>& barrier) {
  std::vector<double> value;
  for (const auto& id : pool.id) {
    const auto known = barrier.find(id);
    value.push_back(known == barrier.end() ? nothing : -known->second);
  }
  return {"barrier", best_of_structures(pool, value)};
}

Ranking mean_of_ranks(std::string name, const std::vector<Ranking>& rankings) {
  Ranking mean{std::move(name), std::vector<double>(rankings.front().score.size(), 0.0)};
  for (const auto& ranking : rankings) {
    const auto ranks = ranks_of(ranking.score);
    for (std::size_t i = 0; i < ranks.size(); ++i) {
      mean.score[i] -= ranks[i] / static_cast<double>(rankings.size());
    }
  }
  return mean;
}

ScenarioResult look_back(const Scenario& scenario, const CandidatePool& pool,
                         const std::unordered_map<std::string, dataset::KnownCompound>& known,
                         const std::vector<crystal::Composition>& trained, double tolerance,
                         std::vector<Ranking> rankings, const learn::Resampling& resampling) {
  ScenarioResult result{scenario, trained.size(), 0, 0, 0, {}, std::move(rankings), {}};
  KnownCompositions compositions(tolerance);
  for (std::size_t i = 0; i < trained.size(); ++i) {
    compositions.add(std::to_string(i), trained[i]);
  }
  bool any = false;
  for (const auto& candidate : pool.compositions) {
    std::optional<Outcome> outcome = Outcome::unmeasured;
    bool test = false;
    for (const auto structure : candidate.structures) {
      const auto found = known.find(pool.id[structure]);
      const auto one = scenario.outcome_of(found == known.end() ? nullptr : &found->second);
      if (!one || !outcome) {
        outcome = std::nullopt;
      } else if (*one > *outcome) {
        outcome = one;
        test = found->second.in_test_set;
      }
    }
    if (outcome && compositions.match(candidate.composition)) {
      outcome = std::nullopt;
    }
    result.known += outcome ? 0U : 1U;
    const bool superionic = outcome == Outcome::superionic;
    result.in_test_set += superionic && test ? 1U : 0U;
    any = any || superionic;
    result.outcome.push_back(outcome);
  }
  for (const auto& ranking : result.rankings) {
    std::vector<double> score;
    std::vector<Outcome> outcome;
    for (std::size_t c = 0; c < result.outcome.size(); ++c) {
      if (result.outcome[c]) {
        score.push_back(ranking.score[c]);
        outcome.push_back(*result.outcome[c]);
      }
    }
    if (any) {
      result.results.push_back({ranking.name, recovery_of(score, outcome, resampling)});
    }
  }
  return result;
}

} // namespace ionsift::screen
