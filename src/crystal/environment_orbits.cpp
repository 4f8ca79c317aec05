#include "environment_orbits.hpp"

#include <spglib.h>

#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <ranges>

namespace ionsift::crystal {

namespace {

constexpr double radius = 6.0;
constexpr double distance_tolerance = 1e-4;
/// Graphs are cut at whole angstroms: 4 and 5 by the published models, one more where a structure has no
/// edge.
constexpr double first_cutoff = 4.0;
/// Distances that differ by less are equal but for arithmetic.
constexpr double rounding = 1e-8;

struct Neighbour {
  int site;
  double distance;
};

/// All neighbours within the radius of every site, images included.
std::vector<std::vector<Neighbour>> find_neighbours(const Crystal& crystal) {
  const Eigen::Matrix3d to_cartesian = crystal.lattice.transpose();
  // Reach along each axis, in fractions of the cell: the radius over the spacing of the lattice planes.
  const Eigen::Vector3d reach = radius * crystal.lattice.inverse().colwise().norm().transpose();
  const std::size_t n = crystal.sites.size();
  std::vector<std::vector<Neighbour>> neighbours(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      const Eigen::Vector3d difference = crystal.sites[j].fractional - crystal.sites[i].fractional;
      const Eigen::Vector3d first = (-reach - difference).array().ceil();
      const Eigen::Vector3d last = (reach - difference).array().floor();
      for (double x = first[0]; x <= last[0]; ++x) {
        for (double y = first[1]; y <= last[1]; ++y) {
          for (double z = first[2]; z <= last[2]; ++z) {
            const Eigen::Vector3d image = difference + Eigen::Vector3d(x, y, z);
            const double squared = (to_cartesian * image).squaredNorm();
            if (squared <= radius * radius && squared > 1e-16) {
              neighbours[i].push_back({static_cast<int>(j), std::sqrt(squared)});
            }
          }
        }
      }
    }
  }
  return neighbours;
}

/// Equal numbers mean equal species lists.
std::vector<int> types_of(const Crystal& crystal) {
  std::vector<const std::vector<Species>*> known;
  std::vector<int> types;
  for (const Site& site : crystal.sites) {
    const std::vector<Species>& species = crystal.orbits[static_cast<std::size_t>(site.orbit)].species;
    const auto found = std::ranges::find_if(known, [&](const auto* other) { return *other == species; });
    types.push_back(static_cast<int>(found - known.begin()) + 1);
    if (found == known.end()) {
      known.push_back(&species);
    }
  }
  return types;
}

/// For each site the first site that spglib holds for equivalent; empty where it finds no symmetry at all.
std::vector<int> ask_spglib(const Crystal& crystal, double tolerance) {
  double lattice[3][3];
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      lattice[i][j] = crystal.lattice(j, i);
    }
  }
  std::vector<std::array<double, 3>> positions;
  for (const Site& site : crystal.sites) {
    positions.push_back({site.fractional[0], site.fractional[1], site.fractional[2]});
  }
  std::vector<int> types = types_of(crystal);
  const std::unique_ptr<SpglibDataset, decltype(&spg_free_dataset)> dataset(
      spg_get_dataset(lattice, reinterpret_cast<double(*)[3]>(positions.data()), types.data(),
                      static_cast<int>(positions.size()), tolerance),
      &spg_free_dataset);
  if (dataset == nullptr || dataset->n_atoms != static_cast<int>(positions.size())) {
    return {};
  }
  return {dataset->crystallographic_orbits, dataset->crystallographic_orbits + dataset->n_atoms};
}

/// A partition of the sites, refined until the members of each class have equal environments.
class Partition {
public:
  Partition(const Crystal& crystal, std::vector<int> classes)
      : class_of_(std::move(classes)), neighbours_(find_neighbours(crystal)) {}

  std::vector<int> refine() {
    while (split_once()) {
    }
    return class_of_;
  }

private:
  /// Compares every site with the first of its class and moves those that differ into new classes, named by
  /// their first sites.
  bool split_once() {
    for (auto& list : neighbours_) {
      std::ranges::sort(list, [&](const Neighbour& a, const Neighbour& b) {
        const int class_a = class_at(a.site);
        const int class_b = class_at(b.site);
        return class_a != class_b ? class_a < class_b : a.distance < b.distance;
      });
    }
    std::map<int, std::vector<int>> parts; // representatives of the parts of each class
    std::vector<int> refined(class_of_.size());
    bool changed = false;
    for (std::size_t i = 0; i < class_of_.size(); ++i) {
      std::vector<int>& representatives = parts[class_of_[i]];
      const auto same = std::ranges::find_if(representatives, [&](int other) {
        return equal(neighbours_[static_cast<std::size_t>(other)], neighbours_[i]);
      });
      if (same == representatives.end()) {
        changed = changed || !representatives.empty();
        refined[i] = static_cast<int>(i);
        representatives.push_back(refined[i]);
      } else {
        refined[i] = *same;
      }
    }
    class_of_ = std::move(refined);
    return changed;
  }

  bool equal(const std::vector<Neighbour>& a, const std::vector<Neighbour>& b) const {
    return std::ranges::equal(a, b, [&](const Neighbour& left, const Neighbour& right) {
      const double difference = std::abs(left.distance - right.distance);
      return class_at(left.site) == class_at(right.site) && difference <= distance_tolerance &&
             (left.distance < first_cutoff - distance_tolerance || difference < rounding ||
              std::floor(left.distance) == std::floor(right.distance));
    });
  }

  int class_at(int site) const { return class_of_[static_cast<std::size_t>(site)]; }

  std::vector<int> class_of_;
  std::vector<std::vector<Neighbour>> neighbours_;
};

void regroup(Crystal& crystal, const std::vector<int>& classes) {
  std::map<int, int> orbit_of_class;
  std::vector<Orbit> orbits;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const auto [entry, is_new] = orbit_of_class.try_emplace(classes[i], static_cast<int>(orbits.size()));
    if (is_new) {
      Orbit orbit = std::move(crystal.orbits[static_cast<std::size_t>(crystal.sites[i].orbit)]);
      orbit.representative = static_cast<int>(i);
      orbit.multiplicity = 0;
      orbits.push_back(std::move(orbit));
    }
    ++orbits[static_cast<std::size_t>(entry->second)].multiplicity;
    crystal.sites[i].orbit = entry->second;
  }
  crystal.orbits = std::move(orbits);
  crystal.orbit_source = OrbitSource::spglib;
}

} // namespace

void find_environment_orbits(Crystal& crystal, double tolerance) {
  std::vector<int> classes = ask_spglib(crystal, tolerance);
  if (classes.empty()) {
    crystal.warnings.emplace_back(
        "symmetry_search_failed: spglib found no symmetry; every site is its own orbit");
    return;
  }
  regroup(crystal, Partition(crystal, std::move(classes)).refine());
}

} // namespace ionsift::crystal
