// SPDX-License-Identifier: BSD-3-Clause
#include "environments.hpp"

#include "ionsift/crystal/cell/images.hpp"

#include "cell/fractional.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <span>

namespace ionsift::crystal {

namespace {

/// Graphs include edges up to this much longer than their cutoff.
constexpr double cutoff_slack = 1e-8;
/// Distances count in these units, so that a neighbour is one integer: its class, then its distance.
constexpr double unit = 1e-10;
constexpr int distance_bits = 40;
constexpr std::uint64_t distance_mask = (std::uint64_t{1} << distance_bits) - 1;
constexpr double largest_radius = 100; ///< angstrom
static_assert(largest_radius / unit < double(distance_mask));
/// Largest amount by which featurizers raise a cutoff without edges.
constexpr double largest_raise = 10;
/// 5e-6 angstrom. On candidates of the Materials Project features then differ by up to 4e-5; with 2e-5
/// angstrom some differ by 3e-4, for 3 % fewer rows.
constexpr std::uint64_t tolerance = 50'000;

/// A site and its distance in one number that sorts by distance.
constexpr int site_bits = 64 - distance_bits;

/// All neighbours within the radius of every site, images included, nearest first.
class Neighbourhoods {
public:
  Neighbourhoods(const Crystal& crystal, double radius, const TimeBudget& budget)
      : first_(crystal.sites.size() + 1, 0) {
    const std::vector<Pair> pairs = find_pairs(crystal, radius, budget);
    for (const Pair& pair : pairs) {
      ++first_[pair.a + 1];
      first_[pair.b + 1] += pair.a != pair.b ? 1 : 0;
    }
    std::partial_sum(first_.begin(), first_.end(), first_.begin());
    neighbours_.resize(first_.back());
    std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
    for (const Pair& pair : pairs) {
      neighbours_[next[pair.a]++] = pair.distance << site_bits | pair.b;
      if (pair.a != pair.b) {
        neighbours_[next[pair.b]++] = pair.distance << site_bits | pair.a;
      }
    }
    for (std::size_t i = 0; i < size(); ++i) {
      std::sort(neighbours_.data() + first_[i], neighbours_.data() + first_[i + 1]);
    }
  }

  std::size_t size() const { return first_.size() - 1; }

  /// The neighbours of a site by class (numbers below the number of sites), then by distance, each as one
  /// number: the class, then the distance.
  void sort_by_class(std::size_t site, const std::vector<int>& class_of, std::vector<std::uint64_t>& sorted) {
    const auto neighbours = std::span(neighbours_).subspan(first_[site], first_[site + 1] - first_[site]);
    const auto class_at = [&](std::uint64_t neighbour) {
      return static_cast<std::size_t>(class_of[neighbour & site_mask]);
    };
    place_.assign(size() + 1, 0);
    for (const std::uint64_t neighbour : neighbours) {
      ++place_[class_at(neighbour) + 1];
    }
    std::partial_sum(place_.begin(), place_.end(), place_.begin());
    sorted.resize(neighbours.size());
    for (const std::uint64_t neighbour : neighbours) {
      const std::size_t name = class_at(neighbour);
      sorted[place_[name]++] = std::uint64_t{name} << distance_bits | neighbour >> site_bits;
    }
  }

private:
  struct Pair {
    std::uint32_t a, b;     ///< sites, a <= b; if they are equal, the image and its opposite are two pairs
    std::uint64_t distance; ///< distance in units
  };

  static std::vector<Pair> find_pairs(const Crystal& crystal, double radius, const TimeBudget& budget) {
    ImageSearch images(crystal.lattice, radius);
    std::vector<Pair> pairs;
    std::vector<double> squared;
    const auto n = static_cast<std::uint32_t>(crystal.sites.size());
    for (std::uint32_t a = 0; a < n; ++a) {
      budget.check();
      for (std::uint32_t b = a; b < n; ++b) {
        squared.clear();
        images.append_squared(crystal.sites[b].fractional - crystal.sites[a].fractional, squared);
        for (const double distance : squared) {
          const auto whole = static_cast<std::uint64_t>(std::llround(std::sqrt(distance) / unit));
          if (whole > 0) { // else the site itself
            pairs.push_back({a, b, whole});
          }
        }
      }
    }
    return pairs;
  }

  static constexpr std::uint64_t site_mask = (std::uint64_t{1} << site_bits) - 1;
  std::vector<std::size_t> first_; ///< [sites + 1] where each site's neighbours begin
  std::vector<std::uint64_t> neighbours_;
  std::vector<std::size_t> place_; ///< position of the next neighbour of each class
};

/// Equal numbers for equal names, counted from 0.
std::vector<int> counted(const std::vector<int>& names) {
  std::map<int, int> numbers;
  std::vector<int> result;
  result.reserve(names.size());
  for (const int name : names) {
    result.push_back(numbers.try_emplace(name, static_cast<int>(numbers.size())).first->second);
  }
  return result;
}

/// Compares neighbours of one site with those of another.
class Agreement {
public:
  explicit Agreement(double cutoff) : cutoff_(static_cast<std::uint64_t>(std::llround(cutoff / unit))) {}

  bool operator()(std::uint64_t a, std::uint64_t b) const {
    if (a >> distance_bits != b >> distance_bits) {
      return false;
    }
    const std::uint64_t near = std::min(a, b) & distance_mask;
    const std::uint64_t far = std::max(a, b) & distance_mask;
    return far - near <= tolerance && (far - near <= 1 || shell(near) == shell(far));
  }

private:
  /// On which side of the cutoffs a distance lies.
  std::uint64_t shell(std::uint64_t distance) const {
    constexpr auto angstrom = static_cast<std::uint64_t>(1 / unit);
    constexpr auto slack = static_cast<std::uint64_t>(cutoff_slack / unit);
    return distance < cutoff_ + slack ? 0 : 1 + (distance - slack - cutoff_) / angstrom;
  }

  std::uint64_t cutoff_;
};

/// The nearest two of these sites, images included, up to a limit; infinity where there are none.
double nearest_distance(const Crystal& crystal, const std::vector<std::size_t>& sites, double limit) {
  ImageSearch images(crystal.lattice, limit);
  double nearest = std::numeric_limits<double>::infinity();
  std::vector<double> squared;
  for (std::size_t i = 0; i < sites.size(); ++i) {
    for (std::size_t j = i; j < sites.size(); ++j) {
      squared.clear();
      images.append_squared(crystal.sites[sites[j]].fractional - crystal.sites[sites[i]].fractional, squared);
      for (const double distance : squared) {
        nearest = std::sqrt(distance) > unit ? std::min(nearest, std::sqrt(distance)) : nearest;
      }
    }
  }
  return nearest;
}

/// Whether a cell edge, or two sites as they stand, are nearer than this: true for all but sparse crystals.
bool are_surely_near(const Crystal& crystal, const std::vector<std::size_t>& sites, double distance) {
  if (crystal.lattice.rowwise().norm().minCoeff() <= distance) {
    return true;
  }
  for (std::size_t i = 0; i < sites.size(); ++i) {
    for (std::size_t j = i + 1; j < sites.size(); ++j) {
      const Eigen::Vector3d apart =
          wrapped(crystal.sites[sites[j]].fractional - crystal.sites[sites[i]].fractional);
      if ((crystal.lattice.transpose() * apart).norm() <= distance) {
        return true;
      }
    }
  }
  return false;
}

bool holds_more_than_lithium(const Orbit& orbit) {
  return std::ranges::any_of(orbit.species,
                             [](const Species& species) { return species.atomic_number != 3; });
}

} // namespace

EnvironmentReach reach_of(const Crystal& crystal, double cutoff) {
  constexpr double least_radius = 6.0;
  constexpr double least_cutoff = 4.0;
  EnvironmentReach reach;
  // Published models cut at 4 and 5 angstrom, and one crystal may be used with both.
  reach.cutoff = cutoff > least_cutoff ? least_cutoff + (cutoff - std::floor(cutoff)) : cutoff;
  reach.radius = std::min(std::max(least_radius, cutoff + 1), largest_radius);
  const double most = std::min(cutoff + largest_raise, largest_radius);
  for (const bool with_lithium : {true, false}) {
    std::vector<std::size_t> sites;
    for (std::size_t i = 0; i < crystal.sites.size(); ++i) {
      if (with_lithium ||
          holds_more_than_lithium(crystal.orbits[static_cast<std::size_t>(crystal.sites[i].orbit)])) {
        sites.push_back(i);
      }
    }
    if (sites.empty() || are_surely_near(crystal, sites, cutoff)) {
      continue;
    }
    const double nearest = nearest_distance(crystal, sites, most);
    if (nearest <= most) {
      reach.radius = std::max(reach.radius, std::min(nearest + 1, most) + cutoff_slack);
    }
  }
  return reach;
}

std::vector<int> equal_environments(const Crystal& crystal, const std::vector<int>& classes,
                                    const TimeBudget& budget, const EnvironmentReach& reach) {
  Neighbourhoods neighbourhoods(crystal, reach.radius, budget);
  const Agreement agree(reach.cutoff);
  std::vector<int> class_of = counted(classes);
  std::vector<std::vector<std::uint64_t>> environments(class_of.size());
  for (bool changed = true; changed;) {
    std::vector<std::vector<int>> members(class_of.size());
    for (std::size_t i = 0; i < class_of.size(); ++i) {
      members[static_cast<std::size_t>(class_of[i])].push_back(static_cast<int>(i));
    }
    // Every site joins the first one of its class that it agrees with, or begins a class of its own.
    changed = false;
    std::vector<int> refined(class_of.size());
    for (const std::vector<int>& sites : members) {
      std::vector<int> firsts;
      for (const int site : sites) {
        budget.check();
        const auto i = static_cast<std::size_t>(site);
        if (sites.size() > 1) {
          neighbourhoods.sort_by_class(i, class_of, environments[i]);
        }
        const auto same = std::ranges::find_if(firsts, [&](int other) {
          return std::ranges::equal(environments[static_cast<std::size_t>(other)], environments[i], agree);
        });
        changed = changed || (same == firsts.end() && !firsts.empty());
        refined[i] = same == firsts.end() ? site : *same;
        if (same == firsts.end()) {
          firsts.push_back(site);
        }
      }
    }
    class_of = std::move(refined);
  }
  return class_of;
}

} // namespace ionsift::crystal
