// SPDX-License-Identifier: BSD-3-Clause
// The same features by Monte Carlo, as published.
#include "ionsift/base/errands.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/dataset/descriptors/atomistic.hpp"

#include "site_neighbours.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace ionsift::dataset {

namespace {

constexpr int lithium = 3;
constexpr int vacant = 0;

struct Neighbour {
  std::size_t atom = 0;
  double distance = 0;
};

/// A repeated cell whose sites are filled again for every draw.
class Supercell {
public:
  Supercell(const OccupiedSites& sites, const AtomisticOptions& options, double min_edge)
      : sites_(sites), options_(options) {
    for (int axis = 0; axis < 3; ++axis) {
      const double edge = sites.crystal().lattice.row(axis).norm();
      repeats_(axis) = std::max(1, static_cast<int>(std::ceil(min_edge / edge - 1e-9)));
    }
    // Far enough for nearly all nearest neighbours; larger distances count as this.
    radius_ = std::max(min_edge, options.pair_cutoff);
    for (std::size_t site = 0; site < sites.sites(); ++site) {
      run_errands();
      around_.push_back(sites.around(site, radius_));
    }
    const auto cells = static_cast<std::size_t>(repeats_.prod());
    neighbours_.resize(cells * sites.sites());
    rivals_.resize(neighbours_.size());
    for (std::size_t atom = 0; atom < neighbours_.size(); ++atom) {
      connect(atom);
    }
    element_.assign(neighbours_.size(), vacant);
    order_.resize(neighbours_.size());
    for (std::size_t atom = 0; atom < order_.size(); ++atom) {
      order_[atom] = atom;
    }
  }

  /// Fills the sites in random order, each unless a rival is there; the probability makes up for the rivals
  /// that are known to be empty, so that occupancies are met.
  void draw(RandomStream& random) {
    random.shuffle(order_);
    std::ranges::fill(element_, undecided);
    for (const auto atom : order_) {
      element_[atom] = draw_element(atom, random.uniform());
    }
  }

  /// Nothing if no Li, or no anion, was drawn.
  std::optional<AtomisticFeatures> features() const {
    double lithiums = 0, li_li = 0, li_anion = 0, li_pairs = 0, anions = 0, shell = 0, pairs = 0,
           ionicity = 0;
    for (std::size_t atom = 0; atom < element_.size(); ++atom) {
      const int element = element_[atom];
      if (element == vacant) {
        continue;
      }
      for (const auto& [other, distance] : neighbours_[atom]) {
        if (distance > options_.pair_cutoff) {
          break;
        }
        if (element == lithium && element_[other] == lithium) {
          ++li_pairs;
        } else if (element_[other] != vacant) {
          ++pairs;
          ionicity += electronegativity_difference(element, element_[other]);
        }
      }
      if (element == lithium) {
        ++lithiums;
        li_li += nearest(atom, lithium);
        li_anion += nearest(atom, sites_.anion());
      } else if (element == sites_.anion()) {
        ++anions;
        shell += shell_of(atom);
      }
    }
    if (lithiums == 0 || anions == 0 || pairs == 0) {
      return std::nullopt;
    }
    return AtomisticFeatures{li_li / lithiums, li_anion / lithiums, li_pairs / lithiums, ionicity / pairs,
                             shell / anions};
  }

private:
  static constexpr int undecided = -1;

  void connect(std::size_t atom) {
    run_errands();
    const auto site = atom % sites_.sites();
    const auto cell = atom / sites_.sites();
    const Eigen::Vector3i repeats = repeats_;
    const Eigen::Vector3i place(static_cast<int>(cell) / (repeats(1) * repeats(2)),
                                static_cast<int>(cell) / repeats(2) % repeats(1),
                                static_cast<int>(cell) % repeats(2));
    for (const auto& neighbour : around_[site]) {
      Eigen::Vector3i there = place + neighbour.image;
      for (int axis = 0; axis < 3; ++axis) {
        there(axis) = (there(axis) % repeats(axis) + repeats(axis)) % repeats(axis);
      }
      const auto number =
          static_cast<std::size_t>((there(0) * repeats(1) + there(1)) * repeats(2) + there(2));
      const auto other = number * sites_.sites() + neighbour.site;
      if (sites_.exclude(site, neighbour.site, neighbour.distance)) {
        if (other != atom) {
          rivals_[atom].push_back(other);
        }
      } else {
        neighbours_[atom].push_back({other, neighbour.distance});
      }
    }
  }

  int draw_element(std::size_t atom, double number) const {
    double gone = 0;
    for (const auto rival : rivals_[atom]) {
      if (element_[rival] > vacant) {
        return vacant;
      }
      if (element_[rival] == vacant) {
        gone += sites_.of(rival % sites_.sites()).total;
      }
    }
    number *= std::max(1e-9, 1 - gone);
    for (const auto& species : sites_.of(atom % sites_.sites()).species) {
      if (number < species.occupancy) {
        return species.atomic_number;
      }
      number -= species.occupancy;
    }
    return vacant;
  }

  double nearest(std::size_t atom, int element) const {
    for (const auto& [other, distance] : neighbours_[atom]) {
      if (element_[other] == element) {
        return distance;
      }
    }
    return radius_;
  }

  double shell_of(std::size_t atom) const {
    const double limit = nearest(atom, sites_.anion()) + options_.shell;
    double count = 0;
    for (const auto& [other, distance] : neighbours_[atom]) {
      if (distance >= limit) {
        break;
      }
      count += element_[other] == sites_.anion() ? 1 : 0;
    }
    return count;
  }

  const OccupiedSites& sites_;
  AtomisticOptions options_;
  double radius_ = 0;
  Eigen::Vector3i repeats_;
  std::vector<std::vector<SiteNeighbour>> around_; ///< neighbours of the sites of one cell
  std::vector<std::vector<Neighbour>> neighbours_; ///< of all sites, the nearest first, without rivals
  std::vector<std::vector<std::size_t>> rivals_;
  std::vector<int> element_; ///< atomic numbers
  std::vector<std::size_t> order_;
};

using Values = std::array<double, 5>;

/// One run: the means once they have settled.
Values settled_means(Supercell& cell, const SamplingOptions& sampling, const std::string& id,
                     RandomStream& random, std::uint64_t& steps) {
  Values mean{};
  int taken = 0, settled = 0;
  for (int step = 0; step < sampling.max_steps && settled < sampling.settled; ++step) {
    ++steps;
    run_errands();
    cell.draw(random);
    const auto features = cell.features();
    if (!features) {
      continue;
    }
    ++taken;
    bool small = true;
    const auto values = features->values();
    for (std::size_t i = 0; i < mean.size(); ++i) {
      const double change = (values[i] - mean[i]) / taken;
      mean[i] += change;
      small = small && std::abs(change) <= sampling.tolerance * std::abs(mean[i]);
    }
    settled = small ? settled + 1 : 0;
  }
  IONSIFT_VALIDATE(settled >= sampling.settled, numeric,
                   fmt::format("structure {}: the means did not settle", id),
                   fmt::format("{} draws were taken", sampling.max_steps),
                   "Use the exact expectation, or allow more draws.");
  return mean;
}

} // namespace

SampledFeatures sampled_features(const crystal::Crystal& crystal, const SamplingOptions& sampling,
                                 std::uint64_t key, const AtomisticOptions& options) {
  const OccupiedSites sites(crystal, options);
  Supercell cell(sites, options, sampling.min_edge);
  RandomStream random(sampling.seed, key);
  SampledFeatures result;
  Values mean{};
  for (int run = 0; run < sampling.runs; ++run) {
    const auto values = settled_means(cell, sampling, crystal.id, random, result.steps);
    for (std::size_t i = 0; i < mean.size(); ++i) {
      mean[i] += values[i] / sampling.runs;
    }
  }
  result.mean = {mean[0], mean[1], mean[2], mean[3], mean[4]};
  return result;
}

} // namespace ionsift::dataset
