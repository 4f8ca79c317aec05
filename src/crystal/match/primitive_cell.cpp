// SPDX-License-Identifier: BSD-3-Clause
#include "primitive_cell.hpp"

#include "cell/fractional.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <numeric>
#include <optional>

namespace ionsift::crystal {

namespace {

std::vector<std::vector<int>> sites_by_kind(const MatchingCell& cell) {
  std::vector<std::vector<int>> sites(cell.kinds.size());
  for (std::size_t i = 0; i < cell.size(); ++i) {
    sites[static_cast<std::size_t>(cell.kind[i])].push_back(static_cast<int>(i));
  }
  return sites;
}

std::vector<int> prime_factors(std::size_t number) {
  std::vector<int> primes;
  for (std::size_t p = 2; number > 1; ++p) {
    if (number % p == 0) {
      primes.push_back(static_cast<int>(p));
      while (number % p == 0) {
        number /= p;
      }
    }
  }
  return primes;
}

/// A translation: numerators / order, in fractions of the cell's edges; the order is prime.
struct Translation {
  Eigen::Vector3i numerators;
  int order;
  Eigen::Vector3d vector() const { return numerators.cast<double>() / order; }
};

/// The nearest multiple of 1/order, or nothing if that is farther than the tolerance or is a lattice vector.
std::optional<Translation> snapped(const MatchingCell& cell, const Eigen::Vector3d& difference, int order,
                                   double tolerance) {
  const Eigen::Vector3i numerators = (difference * order).array().round().matrix().cast<int>();
  if ((numerators.array() - order * (numerators.array() / order) == 0).all()) {
    return std::nullopt;
  }
  const Translation translation{numerators, order};
  const Eigen::Vector3d error = difference - translation.vector();
  if ((cell.lattice.transpose() * error).norm() > tolerance) {
    return std::nullopt;
  }
  return translation;
}

/// The site to which the translation takes each site, or nothing if it is not a symmetry within the
/// tolerance.
std::optional<std::vector<int>> image_of_sites(const MatchingCell& cell,
                                               const std::vector<std::vector<int>>& by_kind,
                                               const Translation& translation, double tolerance) {
  std::vector<int> image(cell.size());
  std::vector<bool> taken(cell.size(), false);
  for (std::size_t i = 0; i < cell.size(); ++i) {
    const Eigen::Vector3d target = cell.fractional[i] + translation.vector();
    int nearest = -1;
    double smallest = tolerance;
    for (const int j : by_kind[static_cast<std::size_t>(cell.kind[i])]) {
      const auto at = static_cast<std::size_t>(j);
      const double distance = (cell.lattice.transpose() * wrapped(cell.fractional[at] - target)).norm();
      if (!taken[at] && distance <= smallest) {
        nearest = j;
        smallest = distance;
      }
    }
    if (nearest < 0) {
      return std::nullopt;
    }
    image[i] = nearest;
    taken[static_cast<std::size_t>(nearest)] = true;
  }
  return image;
}

/// Cycles of a permutation, or nothing unless all have this length.
std::optional<std::vector<std::vector<int>>> cycles_of(const std::vector<int>& image, int length) {
  std::vector<std::vector<int>> cycles;
  std::vector<bool> seen(image.size(), false);
  for (std::size_t i = 0; i < image.size(); ++i) {
    if (seen[i]) {
      continue;
    }
    std::vector<int> cycle;
    for (int at = static_cast<int>(i); !seen[static_cast<std::size_t>(at)];
         at = image[static_cast<std::size_t>(at)]) {
      seen[static_cast<std::size_t>(at)] = true;
      cycle.push_back(at);
    }
    if (static_cast<int>(cycle.size()) != length) {
      return std::nullopt;
    }
    cycles.push_back(std::move(cycle));
  }
  return cycles;
}

/// Basis of the lattice to which the translation has been added, in fractions of the old edges (rows).
Eigen::Matrix3d finer_basis(const Translation& translation) {
  const int p = translation.order;
  int axis = 0;
  while (translation.numerators[axis] % p == 0) {
    ++axis;
  }
  // A multiple of the translation advances by 1/p along this axis; it replaces the axis.
  int factor = 1;
  while ((factor * translation.numerators[axis] - 1) % p != 0) {
    ++factor;
  }
  Eigen::Vector3i numerators = factor * translation.numerators;
  numerators[axis] = 1;
  Eigen::Matrix3d basis = Eigen::Matrix3d::Identity();
  basis.row(axis) = numerators.cast<double>().transpose() / p;
  return basis;
}

MatchingCell divided(const MatchingCell& cell, const Translation& translation,
                     const std::vector<std::vector<int>>& cycles) {
  MatchingCell smaller;
  smaller.kinds = cell.kinds;
  smaller.oxidation_given = cell.oxidation_given;
  const Eigen::Matrix3d basis = finer_basis(translation);
  smaller.lattice = basis * cell.lattice;
  const Eigen::Matrix3d to_new = basis.transpose().inverse();
  for (const auto& cycle : cycles) {
    const auto first = static_cast<std::size_t>(cycle.front());
    Eigen::Vector3d shift = Eigen::Vector3d::Zero();
    for (std::size_t k = 1; k < cycle.size(); ++k) {
      const Eigen::Vector3d back = static_cast<double>(k) * translation.vector();
      shift += wrapped(cell.fractional[static_cast<std::size_t>(cycle[k])] - back - cell.fractional[first]);
    }
    const Eigen::Vector3d mean = cell.fractional[first] + shift / static_cast<double>(cycle.size());
    smaller.fractional.push_back(inside(to_new * mean));
    smaller.kind.push_back(cell.kind[first]);
  }
  return smaller;
}

/// The cell divided by one translation, or nothing if it is primitive.
std::optional<MatchingCell> divided_once(const MatchingCell& cell, double tolerance) {
  const auto by_kind = sites_by_kind(cell);
  std::size_t divisor = 0;
  for (const auto& sites : by_kind) {
    divisor = std::gcd(divisor, sites.size());
  }
  const auto& rarest = *std::ranges::min_element(by_kind, {}, [](const auto& sites) { return sites.size(); });
  const Eigen::Vector3d origin = cell.fractional[static_cast<std::size_t>(rarest.front())];
  for (const int order : prime_factors(divisor)) {
    for (std::size_t k = 1; k < rarest.size(); ++k) {
      const Eigen::Vector3d difference = cell.fractional[static_cast<std::size_t>(rarest[k])] - origin;
      const auto translation = snapped(cell, difference, order, tolerance);
      const auto image = translation ? image_of_sites(cell, by_kind, *translation, tolerance) : std::nullopt;
      const auto cycles = image ? cycles_of(*image, order) : std::nullopt;
      if (cycles) {
        return divided(cell, *translation, *cycles);
      }
    }
  }
  return std::nullopt;
}

} // namespace

void make_primitive(MatchingCell& cell, double tolerance) {
  while (auto smaller = divided_once(cell, tolerance)) {
    cell = std::move(*smaller);
  }
}

} // namespace ionsift::crystal
