// SPDX-License-Identifier: BSD-3-Clause
#include "annealing.hpp"

#include "ionsift/base/random.hpp"

#include <algorithm>
#include <cmath>

namespace ionsift::crystal {

namespace {

constexpr double last_temperature = 1e-3; // fraction of the initial temperature
constexpr double rounding = 1e-9;         // eV; smaller changes are not improvements

Occupants random_occupants(const ArrangementProblem& problem, RandomStream& random) {
  Occupants occupants;
  for (const auto& counts : problem.counts) {
    std::vector<int> mixed;
    for (std::size_t kind = 0; kind < counts.size(); ++kind) {
      mixed.insert(mixed.end(), static_cast<std::size_t>(counts[kind]), static_cast<int>(kind));
    }
    random.shuffle(mixed);
    occupants.insert(occupants.end(), mixed.begin(), mixed.end());
  }
  return occupants;
}

/// One descent from a random arrangement.
class Annealing {
public:
  Annealing(const ArrangementProblem& problem, RandomStream& random)
      : problem_(problem), random_(random), arrangement_(problem, random_occupants(problem, random)) {
    for (int site = 0; site < problem.sites(); ++site) {
      const auto sublattice = static_cast<std::size_t>(problem.sublattice[static_cast<std::size_t>(site)]);
      if (sublattice >= members_.size()) {
        members_.push_back({site, 0});
      }
      ++members_[sublattice].count;
    }
  }

  void run(std::uint64_t steps, const TimeBudget& budget) {
    const double start = mean_change();
    const double factor =
        std::pow(last_temperature, 1 / static_cast<double>(std::max<std::uint64_t>(1, steps)));
    double temperature = start;
    for (std::uint64_t step = 0; step < steps; ++step, temperature *= factor) {
      budget.check();
      const int i = pick(problem_.sites());
      step_to(i, partner(i), temperature);
    }
    while (descend(budget)) {
    }
  }

  const Arrangement& arrangement() const { return arrangement_; }

private:
  struct Members {
    int first = 0, count = 0;
  };

  bool same_sublattice(int i, int j) const {
    return problem_.sublattice[static_cast<std::size_t>(i)] ==
           problem_.sublattice[static_cast<std::size_t>(j)];
  }
  int pick(int n) { return static_cast<int>(random_.below(static_cast<std::uint64_t>(n))); }

  /// Any site of the same sublattice.
  int partner(int i) {
    const Members& members =
        members_[static_cast<std::size_t>(problem_.sublattice[static_cast<std::size_t>(i)])];
    return members.first + pick(members.count);
  }

  int occupant(int site) const { return arrangement_.occupants()[static_cast<std::size_t>(site)]; }

  double mean_change() {
    constexpr int draws = 200;
    double sum = 0;
    for (int draw = 0; draw < draws; ++draw) {
      const int i = pick(problem_.sites());
      sum += std::abs(arrangement_.change(i, partner(i)));
    }
    return sum / draws;
  }

  bool accepts(double change, double temperature) {
    return change <= 0 || (temperature > 0 && random_.uniform() < std::exp(-change / temperature));
  }

  /// Exchanges the occupants of two sites, unless that costs too much or puts rivals together. If the
  /// arriving atom meets a single rival, the rival may move to a site that another rival left.
  bool step_to(int i, int j, double temperature) {
    if (occupant(i) == occupant(j)) {
      return false;
    }
    if (arrangement_.is_vacant(i)) {
      std::swap(i, j);
    }
    const long conflicts = arrangement_.conflicts();
    const double energy = arrangement_.energy();
    if (!may_meet(i, j)) {
      if (!accepts(arrangement_.change(i, j), temperature)) {
        return false;
      }
      arrangement_.exchange(i, j);
      return true;
    }
    arrangement_.exchange(i, j);
    const auto way_out = arrangement_.conflicts() > conflicts ? way_out_of(i, j) : std::nullopt;
    if (way_out) {
      arrangement_.exchange(way_out->first, way_out->second);
    }
    const bool fewer = arrangement_.conflicts() < conflicts;
    if (fewer ||
        (arrangement_.conflicts() == conflicts && accepts(arrangement_.energy() - energy, temperature))) {
      return true;
    }
    if (way_out) {
      arrangement_.exchange(way_out->first, way_out->second);
    }
    arrangement_.exchange(i, j);
    return false;
  }

  /// Whether rivals are involved in this exchange.
  bool may_meet(int i, int j) const {
    return arrangement_.is_vacant(j) &&
           (!problem_.rivals[static_cast<std::size_t>(i)].empty() || arrangement_.occupied_rivals(j) > 0);
  }

  /// After an atom has moved from i to j: the only rival that it meets there, and a site of the rival's
  /// sublattice that it blocked at i.
  std::optional<std::pair<int, int>> way_out_of(int i, int j) const {
    if (arrangement_.occupied_rivals(j) != 1) {
      return std::nullopt;
    }
    const auto& met = problem_.rivals[static_cast<std::size_t>(j)];
    const auto rival = std::ranges::find_if(met, [&](int site) { return !arrangement_.is_vacant(site); });
    for (const int site : problem_.rivals[static_cast<std::size_t>(i)]) {
      if (arrangement_.is_vacant(site) && same_sublattice(site, *rival)) {
        return std::pair(*rival, site);
      }
    }
    return std::nullopt;
  }

  /// Tries every exchange once. Returns whether any lowered the energy.
  bool descend(const TimeBudget& budget) {
    bool better = false;
    for (int i = 0; i < problem_.sites(); ++i) {
      budget.check();
      for (int j = i + 1; j < problem_.sites() && same_sublattice(i, j); ++j) {
        const double energy = arrangement_.energy();
        const long conflicts = arrangement_.conflicts();
        if (step_to(i, j, 0)) {
          better =
              better || arrangement_.energy() < energy - rounding || arrangement_.conflicts() < conflicts;
        }
      }
    }
    return better;
  }

  const ArrangementProblem& problem_;
  RandomStream& random_;
  Arrangement arrangement_;
  std::vector<Members> members_; ///< [sublattices] their sites
};

} // namespace

std::optional<Annealed> anneal(const ArrangementProblem& problem, const AnnealingOptions& options,
                               const TimeBudget& budget) {
  RandomStream random(options.seed, options.key);
  std::optional<Annealed> best;
  const std::uint64_t steps =
      static_cast<std::uint64_t>(options.steps) * static_cast<std::uint64_t>(problem.sites());
  for (int start = 0; start < options.starts; ++start) {
    Annealing annealing(problem, random);
    annealing.run(steps, budget);
    const Arrangement& end = annealing.arrangement();
    const double energy = end.recomputed_energy();
    if (end.conflicts() > 0 || (best && energy > best->energy + options.tie_tolerance)) {
      continue;
    }
    const bool is_tie = best && energy > best->energy - options.tie_tolerance;
    if (is_tie) {
      ++best->ties;
    } else {
      best = Annealed{end.occupants(), energy, 0, 1};
    }
  }
  if (best) {
    best->tried = steps * static_cast<std::uint64_t>(options.starts);
  }
  return best;
}

} // namespace ionsift::crystal
