// SPDX-License-Identifier: BSD-3-Clause
#include "site_matching.hpp"

#include "ionsift/base/errands.hpp"

#include "assignment.hpp"
#include "cell/fractional.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

namespace ionsift::crystal {

/// Distances in one mean lattice.
struct SiteMatching::Frame {
  Eigen::Matrix3d to_cartesian; ///< conversion of fractional column vectors to angstrom
  Eigen::Vector3d reach;        ///< fractional coordinates of sites nearer than `radius` differ by less
  double radius;                ///< angstrom
  double unit;                  ///< (V/N)^(1/3) in angstrom
  std::array<Eigen::Vector3d, 27> images;

  Frame(const Eigen::Matrix3d& lattice, std::size_t sites, double tolerance)
      : to_cartesian(lattice.transpose()) {
    unit = std::cbrt(std::abs(lattice.determinant()) / static_cast<double>(sites));
    // The site that defines the origin may itself be displaced by the tolerance.
    radius = 2 * tolerance * unit;
    reach = radius * to_cartesian.inverse().rowwise().norm();
    std::size_t n = 0;
    for (int i = -1; i <= 1; ++i) {
      for (int j = -1; j <= 1; ++j) {
        for (int k = -1; k <= 1; ++k) {
          images[n++] = to_cartesian * Eigen::Vector3d(i, j, k);
        }
      }
    }
  }

  bool within_reach(const Eigen::Vector3d& difference) const {
    return (difference.array().abs() <= reach.array()).all();
  }

  /// The shortest cartesian vector of a wrapped fractional one.
  Eigen::Vector3d shortest(const Eigen::Vector3d& difference) const {
    const Eigen::Vector3d vector = to_cartesian * difference;
    return vector + *std::ranges::min_element(
                        images, {}, [&](const auto& image) { return (vector + image).squaredNorm(); });
  }
};

namespace {

std::map<int, std::size_t> counted(const std::vector<int>& kinds) {
  std::map<int, std::size_t> counts;
  for (const int kind : kinds) {
    ++counts[kind];
  }
  return counts;
}

/// Positions of the sites, the rarest kind first.
std::vector<std::size_t> order_of(const std::vector<int>& kinds, const std::map<int, std::size_t>& counts) {
  std::vector<std::size_t> order(kinds.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {},
                           [&](std::size_t i) { return std::pair(counts.at(kinds[i]), kinds[i]); });
  return order;
}

StructureMatch summary(const std::vector<Eigen::Vector3d>& displacements, double unit) {
  Eigen::Vector3d mean = Eigen::Vector3d::Zero();
  for (const auto& displacement : displacements) {
    mean += displacement;
  }
  const auto sites = static_cast<double>(displacements.size());
  mean /= sites;
  double sum = 0;
  double largest = 0;
  for (const auto& displacement : displacements) {
    const double square = (displacement - mean).squaredNorm();
    sum += square;
    largest = std::max(largest, square);
  }
  return {std::sqrt(sum / sites) / unit, std::sqrt(largest) / unit};
}

} // namespace

std::optional<SiteMatching> SiteMatching::prepare(const std::vector<int>& first_kinds,
                                                  const std::vector<int>& second_kinds,
                                                  const std::vector<Eigen::Vector3d>& second) {
  const auto counts = counted(first_kinds);
  if (counts != counted(second_kinds)) {
    return std::nullopt;
  }
  SiteMatching matching;
  matching.first_order_ = order_of(first_kinds, counts);
  const auto second_order = order_of(second_kinds, counts);
  for (const auto i : second_order) {
    matching.second_.push_back(second[i]);
  }
  for (std::size_t begin = 0; begin < second_order.size();) {
    const std::size_t end = begin + counts.at(second_kinds[second_order[begin]]);
    matching.blocks_.push_back({begin, end});
    begin = end;
  }
  return matching;
}

/// Whether each site of the second cell has a site of its kind near enough in the first; sites that share a
/// partner are resolved later.
bool SiteMatching::nearly_covered(const std::vector<Eigen::Vector3d>& first, const Eigen::Vector3d& shift,
                                  const Frame& frame) const {
  return std::ranges::all_of(blocks_, [&](const Block& block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      const Eigen::Vector3d site = second_[i] + shift;
      std::size_t j = block.begin;
      while (j < block.end && !frame.within_reach(wrapped(first[j] - site))) {
        ++j;
      }
      if (j == block.end) {
        return false;
      }
    }
    return true;
  });
}

/// Cartesian vectors from each site of the second cell to its partner in the first, for the assignment with
/// the smallest sum of squares.
std::optional<std::vector<Eigen::Vector3d>>
SiteMatching::displacements(const std::vector<Eigen::Vector3d>& first, const Eigen::Vector3d& shift,
                            const Frame& frame) const {
  std::vector<Eigen::Vector3d> found;
  found.reserve(second_.size());
  for (const Block& block : blocks_) {
    const auto n = static_cast<Eigen::Index>(block.end - block.begin);
    Eigen::MatrixXd squares = Eigen::MatrixXd::Constant(n, n, forbidden);
    for (std::size_t i = block.begin; i < block.end; ++i) {
      for (std::size_t j = block.begin; j < block.end; ++j) {
        const Eigen::Vector3d difference = wrapped(first[j] - second_[i] - shift);
        if (frame.within_reach(difference)) {
          squares(static_cast<Eigen::Index>(i - block.begin), static_cast<Eigen::Index>(j - block.begin)) =
              frame.shortest(difference).squaredNorm();
        }
      }
    }
    const auto partner = cheapest_assignment(squares);
    if (!partner) {
      return std::nullopt;
    }
    for (std::size_t i = block.begin; i < block.end; ++i) {
      const std::size_t j = block.begin + static_cast<std::size_t>((*partner)[i - block.begin]);
      found.push_back(frame.shortest(wrapped(first[j] - second_[i] - shift)));
    }
  }
  return found;
}

std::optional<StructureMatch> SiteMatching::match(const std::vector<Eigen::Vector3d>& first,
                                                  const Eigen::Matrix3d& lattice, double tolerance, bool best,
                                                  const TimeBudget& budget) const {
  std::vector<Eigen::Vector3d> sorted;
  sorted.reserve(first.size());
  for (const auto i : first_order_) {
    sorted.push_back(first[i]);
  }
  const Frame frame(lattice, sorted.size(), tolerance);
  std::optional<StructureMatch> found;
  for (std::size_t origin = blocks_.front().begin; origin < blocks_.front().end; ++origin) {
    budget.check();
    const Eigen::Vector3d shift = sorted[origin] - second_.front();
    if (!nearly_covered(sorted, shift, frame)) {
      continue;
    }
    run_errands();
    const auto vectors = displacements(sorted, shift, frame);
    if (!vectors) {
      continue;
    }
    const auto candidate = summary(*vectors, frame.unit);
    if (candidate.max_distance <= tolerance && (!found || candidate.rms < found->rms)) {
      found = candidate;
    }
    if (found && !best) {
      break;
    }
  }
  return found;
}

} // namespace ionsift::crystal
