// SPDX-License-Identifier: BSD-3-Clause
// Expectations under independent occupancies.
#include "ionsift/dataset/descriptors/atomistic.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/errands.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/labels/table_columns.hpp"

#include "site_neighbours.hpp"

#include <algorithm>
#include <set>

namespace ionsift::dataset {

namespace {

constexpr int lithium = 3;
constexpr double farthest = 30;       // angstrom
constexpr double negligible = 1e-9;   // probability that nothing was found yet
constexpr double least_chance = 1e-9; // of a site whose rivals are known to be empty

/// The surroundings of one occupied site: each neighbour with those that exclude it.
class Surroundings {
public:
  Surroundings(const OccupiedSites& sites, std::size_t centre, double radius)
      : sites_(sites), radius_(radius), neighbours_(sites.around(centre, radius)),
        excluded_(neighbours_.size()), rivals_(neighbours_.size()) {
    for (std::size_t k = 0; k < neighbours_.size(); ++k) {
      const auto& one = neighbours_[k];
      excluded_[k] = sites.exclude(centre, one.site, one.distance);
      // Rivals of k are about as far from the centre as k itself.
      for (std::size_t j = k; j-- > 0 && one.distance - neighbours_[j].distance < largest_exclusion;) {
        const double apart = (one.from - neighbours_[j].from).norm();
        if (sites.exclude(neighbours_[j].site, one.site, apart)) {
          rivals_[k].push_back(j);
          rivals_[j].push_back(k);
        }
      }
    }
  }

  double radius() const { return radius_; }
  std::size_t size() const { return neighbours_.size(); }
  const SiteNeighbour& operator[](std::size_t k) const { return neighbours_[k]; }
  const Occupants& occupants(std::size_t k) const { return sites_.of(neighbours_[k].site); }

  /// Factor by which the probabilities at k grow if its rivals are known to be empty because the centre
  /// excludes them; 0 where the centre excludes k.
  double factor(std::size_t k) const {
    return factor(k, [](std::size_t) { return 0.0; });
  }

  /// The same if part of the probability of some further rivals is known to be absent.
  /// @param absent probability of what is known not to be on a rival that the centre does not exclude
  template <typename Absent>
  double factor(std::size_t k, const Absent& absent) const {
    if (excluded_[k]) {
      return 0;
    }
    double gone = 0;
    for (const auto rival : rivals_[k]) {
      gone += excluded_[rival] ? occupants(rival).total : absent(rival);
    }
    return 1 / std::max(least_chance, 1 - gone);
  }

  bool are_rivals(std::size_t j, std::size_t k) const { return std::ranges::count(rivals_[j], k) > 0; }

private:
  const OccupiedSites& sites_;
  double radius_;
  std::vector<SiteNeighbour> neighbours_;
  std::vector<char> excluded_; ///< by the centre
  std::vector<std::vector<std::size_t>> rivals_;
};

/// Probability that the nearest of a kind is at each neighbour, the first of those at equal distance.
struct Nearest {
  std::vector<double> at;
  double nowhere = 1;
};

/// @param kind the member of Occupants to search for
Nearest nearest_of(const Surroundings& around, double Occupants::*kind) {
  Nearest nearest{std::vector<double>(around.size(), 0.0), 1};
  for (std::size_t k = 0; k < around.size() && nearest.nowhere > negligible; ++k) {
    const auto absent = [&](std::size_t rival) { return rival < k ? around.occupants(rival).*kind : 0.0; };
    const double here = std::min(1.0, around.occupants(k).*kind * around.factor(k, absent));
    nearest.at[k] = nearest.nowhere * here;
    nearest.nowhere *= 1 - here;
  }
  return nearest;
}

double mean_distance(const Surroundings& around, const Nearest& nearest) {
  double sum = nearest.nowhere * around.radius();
  for (std::size_t k = 0; k < around.size(); ++k) {
    sum += nearest.at[k] * around[k].distance;
  }
  return sum;
}

/// Anions nearer than the nearest plus a shell, given where that is.
double mean_shell(const Surroundings& around, const Nearest& nearest, double shell) {
  double sum = 0;
  for (std::size_t k = 0; k < around.size(); ++k) {
    if (nearest.at[k] == 0) {
      continue;
    }
    run_errands();
    double count = 1;
    for (auto m = k + 1; m < around.size() && around[m].distance < around[k].distance + shell; ++m) {
      if (around.are_rivals(k, m)) {
        continue;
      }
      const auto absent = [&](std::size_t rival) {
        return around.are_rivals(k, rival) ? around.occupants(rival).total
               : rival < k                 ? around.occupants(rival).anion
                                           : 0.0;
      };
      count += std::min(1.0, around.occupants(m).anion * around.factor(m, absent));
    }
    sum += nearest.at[k] * count;
  }
  return nearest.nowhere < 1 ? sum / (1 - nearest.nowhere) : 0;
}

/// Sums over atoms, of which the features are the ratios.
struct Sums {
  double lithium = 0, li_li_distance = 0, li_anion_distance = 0, li_li_pairs = 0;
  double anions = 0, anion_shell = 0;
  double pairs = 0, ionicity = 0;
};

/// Wide enough that the nearest are found and their shells are complete.
Surroundings wide_surroundings(const OccupiedSites& sites, std::size_t site,
                               const AtomisticOptions& options) {
  const auto& here = sites.of(site);
  for (double radius = std::max(6.0, options.pair_cutoff);; radius = std::min(farthest, 1.4 * radius)) {
    run_errands();
    Surroundings around(sites, site, radius);
    const auto reached = [&](double Occupants::*kind) {
      double nowhere = 1;
      for (std::size_t k = 0; k < around.size() && around[k].distance < radius - options.shell; ++k) {
        nowhere *= 1 - std::min(1.0, around.occupants(k).*kind * around.factor(k));
      }
      return nowhere <= negligible;
    };
    const bool enough = (here.lithium == 0 || (reached(&Occupants::lithium) && reached(&Occupants::anion))) &&
                        (here.anion == 0 || reached(&Occupants::anion));
    if (enough || radius >= farthest) {
      return around;
    }
  }
}

void add_pairs(const Surroundings& around, const Occupants& here, double multiplicity, double cutoff,
               Sums& sums) {
  for (std::size_t k = 0; k < around.size() && around[k].distance <= cutoff; ++k) {
    const double factor = around.factor(k);
    for (const auto& a : here.species) {
      for (const auto& b : around.occupants(k).species) {
        const double weight = multiplicity * a.occupancy * std::min(1.0, b.occupancy * factor);
        if (a.atomic_number == lithium && b.atomic_number == lithium) {
          sums.li_li_pairs += weight;
        } else {
          sums.pairs += weight;
          sums.ionicity += weight * electronegativity_difference(a.atomic_number, b.atomic_number);
        }
      }
    }
  }
}

} // namespace

AtomisticFeatures expected_features(const crystal::Crystal& crystal, const AtomisticOptions& options) {
  const OccupiedSites sites(crystal, options);
  Sums sums;
  for (std::size_t orbit = 0; orbit < crystal.orbits.size(); ++orbit) {
    run_errands();
    const auto& here = sites.of_orbit(orbit);
    const auto around =
        wide_surroundings(sites, static_cast<std::size_t>(crystal.orbits[orbit].representative), options);
    const double multiplicity = crystal.orbits[orbit].multiplicity;
    add_pairs(around, here, multiplicity, options.pair_cutoff, sums);
    const auto nearest_anion = nearest_of(around, &Occupants::anion);
    if (here.lithium > 0) {
      const double weight = multiplicity * here.lithium;
      sums.lithium += weight;
      sums.li_li_distance += weight * mean_distance(around, nearest_of(around, &Occupants::lithium));
      sums.li_anion_distance += weight * mean_distance(around, nearest_anion);
    }
    if (here.anion > 0) {
      const double weight = multiplicity * here.anion;
      sums.anions += weight;
      sums.anion_shell += weight * mean_shell(around, nearest_anion, options.shell);
    }
  }
  IONSIFT_VALIDATE(sums.pairs > 0, data, fmt::format("structure {} has no pair of atoms", crystal.id),
                   fmt::format("no two sites are within {} A of each other", options.pair_cutoff),
                   "Check the cell, or leave the structure out.");
  return {sums.li_li_distance / sums.lithium, sums.li_anion_distance / sums.lithium,
          sums.li_li_pairs / sums.lithium, sums.ionicity / sums.pairs, sums.anion_shell / sums.anions};
}

std::string in_words(std::string_view feature, bool larger) {
  const auto choose = [larger](const char* more, const char* less) {
    return std::string(larger ? more : less);
  };
  if (feature == "li_li_distance") {
    return choose("long Li-Li distances", "short Li-Li distances");
  }
  if (feature == "li_anion_distance") {
    return choose("long Li-anion distances", "short Li-anion distances");
  }
  if (feature == "li_li_neighbours") {
    return choose("many Li neighbours of each Li", "few Li neighbours of each Li");
  }
  if (feature == "ionicity") {
    return choose("an ionic sublattice", "a covalent sublattice");
  }
  if (feature == "anion_coordination") {
    return choose("many anions around each anion", "few anions around each anion");
  }
  return fmt::format("{} {}", larger ? "large" : "small", feature);
}

FeatureTable FeatureTable::read(const std::filesystem::path& path, const std::string& id_column) {
  const auto table = CsvTable::read(path);
  const auto ids = find_id_column(table, id_column);
  FeatureTable features;
  for (std::size_t column = 0; column < table.header().size(); ++column) {
    if (column != ids) {
      features.names.push_back(table.header()[column]);
    }
  }
  std::set<std::string> seen;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const std::string id(trim(table.cell(row, ids)));
    IONSIFT_VALIDATE(seen.insert(id).second, data,
                     fmt::format("{}: structure {} occurs twice", table.name(), id),
                     "its features are not clear", "Keep one row for each structure.");
    features.ids.push_back(id);
    auto& values = features.values.emplace_back();
    for (std::size_t column = 0; column < table.header().size(); ++column) {
      if (column == ids) {
        continue;
      }
      const auto value = parse_number(trim(table.cell(row, column)));
      IONSIFT_VALIDATE(
          value, data,
          fmt::format("{}: structure {}: \"{}\" is not a number", table.name(), id, table.cell(row, column)),
          fmt::format("in the column {}", table.header()[column]),
          "Correct the value, or leave the structure out.");
      values.push_back(*value);
    }
  }
  return features;
}

} // namespace ionsift::dataset
