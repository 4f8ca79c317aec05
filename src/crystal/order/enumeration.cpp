// SPDX-License-Identifier: BSD-3-Clause
#include "enumeration.hpp"

#include "ionsift/base/random.hpp"

#include <algorithm>

namespace ionsift::crystal {

namespace {

/// Visits arrangements in lexicographic order, site after site.
class Enumerator {
public:
  Enumerator(const ArrangementProblem& problem, const SitePermutations& symmetry,
             const EnumerationOptions& options, const TimeBudget& budget)
      : problem_(problem), symmetry_(symmetry), options_(options), budget_(budget), left_(problem.counts),
        occupants_(static_cast<std::size_t>(problem.sites())), charges_(problem.sites()),
        random_(options.seed, options.key) {}

  std::optional<Enumeration> run() {
    place(0, problem_.fixed_energy);
    return too_many_ ? std::nullopt : std::optional(found_);
  }

private:
  /// Dead ends caused by rivals cost time as well.
  static constexpr std::uint64_t most_nodes_for_one = 200;

  void place(int site, double energy) {
    if (site == problem_.sites()) {
      finish(energy);
      return;
    }
    too_many_ = too_many_ || ++nodes_ > most_nodes_for_one * options_.max_arrangements;
    budget_.check();
    auto& left = left_[static_cast<std::size_t>(problem_.sublattice[static_cast<std::size_t>(site)])];
    // Species that are already placed act on this site.
    const double potential =
        problem_.field(site) + problem_.interactions.col(site).head(site).dot(charges_.head(site));
    for (int occupant = 0; occupant < problem_.kinds(site) && !too_many_; ++occupant) {
      int& available = left[static_cast<std::size_t>(occupant)];
      if (available == 0 || (!problem_.is_vacant(site, occupant) && has_occupied_rival(site))) {
        continue;
      }
      --available;
      occupants_[static_cast<std::size_t>(site)] = occupant;
      const double charge = problem_.charge(site, occupant);
      charges_(site) = charge;
      place(site + 1,
            energy + charge * potential + 0.5 * charge * charge * problem_.interactions(site, site));
      ++available;
    }
  }

  bool has_occupied_rival(int site) const {
    return std::ranges::any_of(problem_.rivals[static_cast<std::size_t>(site)], [&](int rival) {
      return rival < site && !problem_.is_vacant(rival, occupants_[static_cast<std::size_t>(rival)]);
    });
  }

  void finish(double energy) {
    if (++found_.arrangements > options_.max_arrangements) {
      too_many_ = true;
      return;
    }
    const std::uint64_t copies = copies_if_first();
    if (copies == 0) {
      return;
    }
    ++found_.distinct;
    if (found_.ties > 0 && energy > found_.energy + options_.tie_tolerance) {
      return;
    }
    if (found_.ties == 0 || energy < found_.energy - options_.tie_tolerance) {
      found_.ties = 0;
      tied_copies_ = 0;
    }
    ++found_.ties;
    tied_copies_ += copies;
    if (random_.below(tied_copies_) < copies) {
      found_.best = occupants_;
      found_.energy = energy;
    }
  }

  /// Number of symmetry-equivalent arrangements, or 0 if this one is not the first of them.
  std::uint64_t copies_if_first() const {
    std::uint64_t unchanged = 0;
    for (const auto& permutation : symmetry_) {
      std::size_t site = 0;
      while (site < occupants_.size() &&
             occupants_[static_cast<std::size_t>(permutation[site])] == occupants_[site]) {
        ++site;
      }
      if (site == occupants_.size()) {
        ++unchanged;
      } else if (occupants_[static_cast<std::size_t>(permutation[site])] < occupants_[site]) {
        return 0;
      }
    }
    return symmetry_.size() / std::max<std::uint64_t>(1, unchanged);
  }

  const ArrangementProblem& problem_;
  const SitePermutations& symmetry_;
  const EnumerationOptions& options_;
  const TimeBudget& budget_;
  std::vector<std::vector<int>> left_;
  Occupants occupants_;
  Eigen::VectorXd charges_;
  RandomStream random_;
  Enumeration found_;
  std::uint64_t tied_copies_ = 0, nodes_ = 0;
  bool too_many_ = false;
};

} // namespace

bool are_too_many(const ArrangementProblem& problem, std::uint64_t max_arrangements) {
  return !problem.has_rivals() && problem.possible() > static_cast<double>(max_arrangements);
}

std::optional<Enumeration> enumerate(const ArrangementProblem& problem, const SitePermutations& symmetry,
                                     const EnumerationOptions& options, const TimeBudget& budget) {
  if (are_too_many(problem, options.max_arrangements)) {
    return std::nullopt;
  }
  return Enumerator(problem, symmetry, options, budget).run();
}

} // namespace ionsift::crystal
