// SPDX-License-Identifier: BSD-3-Clause
#include "commensurate.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/crystal/order/supercell.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace ionsift::crystal {

namespace {

constexpr double full = 1 - 1e-3; // as Crystal::is_ordered

bool is_ordered(const Orbit& orbit) {
  return orbit.species.size() == 1 && orbit.species.front().occupancy >= full;
}

bool same_species(const std::vector<Species>& a, const std::vector<Species>& b) {
  return std::ranges::equal(a, b, [](const Species& x, const Species& y) {
    return x.atomic_number == y.atomic_number && x.oxidation == y.oxidation &&
           std::abs(x.occupancy - y.occupancy) < 1e-6;
  });
}

/// Sites are those of one cell, counts are empty.
std::vector<Sublattice> disordered_sublattices(const Crystal& crystal) {
  std::vector<Sublattice> found;
  for (std::size_t i = 0; i < crystal.orbits.size(); ++i) {
    const Orbit& orbit = crystal.orbits[i];
    if (is_ordered(orbit)) {
      continue;
    }
    // Without symmetry operators an orbit is often a single site, whose occupancy is that of all its kind.
    const auto same = std::ranges::find_if(found, [&](const Sublattice& known) {
      return crystal.orbit_source != OrbitSource::operators && same_species(known.species, orbit.species);
    });
    Sublattice& sublattice =
        same == found.end() ? found.emplace_back(Sublattice{{}, orbit.species, 0, {}}) : *same;
    sublattice.orbits.push_back(static_cast<int>(i));
    sublattice.sites += orbit.multiplicity;
  }
  return found;
}

/// Rounds all sublattices together.
class Rounding {
public:
  Rounding(std::vector<Sublattice> sublattices, int multiple) : sublattices_(std::move(sublattices)) {
    for (Sublattice& sublattice : sublattices_) {
      sublattice.sites *= multiple;
      round_by_largest_remainder(sublattice);
    }
    // Terminates: every step lowers the deviation, and counts stay within one of the values that they round.
    while (improve()) {
    }
  }

  std::vector<Sublattice> take() { return std::move(sublattices_); }

  double occupancy_error() const {
    double largest = 0;
    for (const Sublattice& sublattice : sublattices_) {
      for (std::size_t s = 0; s < sublattice.species.size(); ++s) {
        const double share = static_cast<double>(sublattice.counts[s]) / sublattice.sites;
        largest = std::max(largest, std::abs(share - sublattice.species[s].occupancy));
      }
    }
    return largest;
  }

private:
  static double wanted(const Sublattice& sublattice, std::size_t s) {
    const double share =
        s < sublattice.species.size() ? sublattice.species[s].occupancy : sublattice.vacant();
    return share * sublattice.sites;
  }

  static void round_by_largest_remainder(Sublattice& sublattice) {
    const std::size_t kinds = sublattice.species.size() + 1;
    std::vector<double> remainder(kinds);
    sublattice.counts.assign(kinds, 0);
    for (std::size_t s = 0; s < kinds; ++s) {
      sublattice.counts[s] = static_cast<int>(std::floor(wanted(sublattice, s) + 1e-9));
      remainder[s] = wanted(sublattice, s) - sublattice.counts[s];
    }
    std::vector<std::size_t> order(kinds);
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::ranges::stable_sort(order, [&](auto a, auto b) { return remainder[a] > remainder[b] + 1e-9; });
    int left = sublattice.sites - std::accumulate(sublattice.counts.begin(), sublattice.counts.end(), 0);
    for (std::size_t i = 0; left > 0; i = (i + 1) % kinds, --left) {
      ++sublattice.counts[order[i]];
    }
  }

  /// Atoms of the elements and charge first, then the single sublattices.
  double deviation() const {
    std::map<int, double> of_element;
    double charge = 0, single = 0;
    for (const Sublattice& sublattice : sublattices_) {
      for (std::size_t s = 0; s < sublattice.counts.size(); ++s) {
        const double difference = sublattice.counts[s] - wanted(sublattice, s);
        single += difference * difference;
        if (s < sublattice.species.size()) {
          of_element[sublattice.species[s].atomic_number] += difference;
          charge += difference * sublattice.species[s].oxidation;
        }
      }
    }
    double sum = 0.1 * single + 0.2 * charge * charge;
    for (const auto& [element, difference] : of_element) {
      sum += difference * difference;
    }
    return sum;
  }

  /// Assigns one site of a sublattice to another species if that is better.
  bool improve() {
    const double before = deviation();
    for (Sublattice& sublattice : sublattices_) {
      for (std::size_t from = 0; from < sublattice.counts.size(); ++from) {
        for (std::size_t to = 0; to < sublattice.counts.size(); ++to) {
          // Only from a count that was rounded up to one that was rounded down.
          if (sublattice.counts[from] < wanted(sublattice, from) + 1e-9 ||
              sublattice.counts[to] > wanted(sublattice, to) - 1e-9) {
            continue;
          }
          --sublattice.counts[from];
          ++sublattice.counts[to];
          if (deviation() < before - 1e-9) {
            return true;
          }
          ++sublattice.counts[from];
          --sublattice.counts[to];
        }
      }
    }
    return false;
  }

  std::vector<Sublattice> sublattices_;
};

} // namespace

double Sublattice::vacant() const {
  double share = 1;
  for (const Species& one : species) {
    share -= one.occupancy;
  }
  return std::max(0.0, share);
}

Commensurate make_commensurate(const Crystal& crystal, const OrderingOptions& options) {
  const std::vector<Sublattice> sublattices = disordered_sublattices(crystal);
  double nearest = 1;
  int tried = 0;
  for (int multiple = 1; multiple <= options.max_multiple &&
                         crystal.sites.size() * static_cast<std::size_t>(multiple) <= options.max_sites;
       ++multiple) {
    Rounding rounding(sublattices, multiple);
    const double error = rounding.occupancy_error();
    if (error <= options.occupancy_tolerance + 1e-9) {
      return {roundest_repeats(crystal.lattice, multiple), rounding.take(), error};
    }
    nearest = std::min(nearest, error);
    tried = multiple;
  }
  IONSIFT_VALIDATE(tried > 0, limit, fmt::format("the cell has {} sites", crystal.sites.size()),
                   fmt::format("at most {} are ordered", options.max_sites),
                   "Raise the limit of sites, or leave the structure out.");
  throw Error(
      ErrorCode::limit, "the occupancies fit no supercell within the limits",
      fmt::format("up to {} cells they differ from whole numbers of atoms by {:.3g}; the tolerance is {:g}",
                  tried, nearest, options.occupancy_tolerance),
      "Raise the limits of multiples and sites, or the tolerance of occupancies.");
}

} // namespace ionsift::crystal
