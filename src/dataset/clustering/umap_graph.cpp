// SPDX-License-Identifier: BSD-3-Clause
// The fuzzy simplicial set of the data, and the curve that similarities in the layout follow.
#include "umap.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace ionsift::dataset {

namespace {

/// The distances of an item's nearest ones, itself first.
struct Neighbours {
  std::vector<std::size_t> items;
  std::vector<double> distances;
};

Neighbours nearest(const PairDistances& distances, std::size_t item, std::size_t count) {
  std::vector<std::size_t> order(distances.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::swap(order[0], order[item]);
  const auto nearer = [&](std::size_t a, std::size_t b) {
    const double to_a = distances(item, a), to_b = distances(item, b);
    return to_a < to_b || (to_a == to_b && a < b);
  };
  const auto last = order.begin() + static_cast<std::ptrdiff_t>(count);
  std::partial_sort(order.begin() + 1, last, order.end(), nearer);
  Neighbours found{{order.begin(), last}, {}};
  for (const auto other : found.items) {
    found.distances.push_back(distances(item, other));
  }
  return found;
}

double similarity(double distance, double rho, double sigma) {
  return distance <= rho ? 1.0 : std::exp(-(distance - rho) / sigma);
}

double smallest_but_zero(const std::vector<double>& distances) {
  double smallest = 0;
  for (const double distance : distances) {
    if (distance > 0 && (smallest == 0 || distance < smallest)) {
      smallest = distance;
    }
  }
  return smallest;
}

/// Bisection after doubling: the sum of similarities to the others grows with sigma.
/// @param least lower bound: equal distances have no sigma that makes them few enough
double find_sigma(const std::vector<double>& distances, double rho, double least) {
  const double target = std::log2(static_cast<double>(distances.size()));
  const auto sum = [&](double sigma) {
    double total = 0;
    for (std::size_t i = 1; i < distances.size(); ++i) {
      total += similarity(distances[i], rho, sigma);
    }
    return total;
  };
  double low = 0, high = 1;
  for (int doubling = 0; sum(high) < target && doubling < 64; ++doubling) {
    low = high;
    high *= 2;
  }
  for (int halving = 0; halving < 64; ++halving) {
    const double middle = (low + high) / 2;
    (sum(middle) < target ? low : high) = middle;
  }
  return std::max(high, least);
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

} // namespace

SimilarityGraph similarity_graph(const PairDistances& distances, int neighbours) {
  const std::size_t n = distances.size();
  const auto count = std::min(n, static_cast<std::size_t>(neighbours));
  std::vector<Neighbours> near;
  double mean_of_all = 0;
  for (std::size_t i = 0; i < n; ++i) {
    near.push_back(nearest(distances, i, count));
    mean_of_all += mean(near.back().distances) / static_cast<double>(n);
  }
  // Smallest sigma relative to the mean distance; the authors' program's value.
  constexpr double least = 1e-3;
  std::vector<Eigen::Triplet<double>> entries;
  for (std::size_t i = 0; i < n; ++i) {
    const auto& [items, to] = near[i];
    const double rho = smallest_but_zero(to);
    const double sigma = find_sigma(to, rho, least * (rho > 0 ? mean(to) : mean_of_all));
    for (std::size_t k = 1; k < items.size(); ++k) {
      entries.emplace_back(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(items[k]),
                           similarity(to[k], rho, sigma));
    }
  }
  const auto size = static_cast<Eigen::Index>(n);
  SimilarityGraph directed(size, size);
  directed.setFromTriplets(entries.begin(), entries.end());
  const SimilarityGraph reversed = directed.transpose();
  SimilarityGraph graph = directed + reversed - directed.cwiseProduct(reversed);
  graph.prune(0.0, 0.0);
  return graph;
}

SimilarityCurve fit_similarity_curve(double spread, double min_distance) {
  constexpr int places = 300;
  Eigen::ArrayXd distance = Eigen::ArrayXd::LinSpaced(places, 0, 3 * spread);
  const Eigen::ArrayXd wanted =
      (distance <= min_distance).select(1.0, (-(distance - min_distance) / spread).exp());
  const auto curve = [&](double a, double b) -> Eigen::ArrayXd { return 1 / (1 + a * distance.pow(2 * b)); };
  // Levenberg and Marquardt in the two unknowns, the logarithm of a so that it stays positive.
  double log_a = 0, b = 1, damping = 1e-3;
  double error = (curve(std::exp(log_a), b) - wanted).matrix().squaredNorm();
  for (int step = 0; step < 200; ++step) {
    const Eigen::ArrayXd value = curve(std::exp(log_a), b);
    const Eigen::ArrayXd slope = -value * (1 - value); // with respect to ln(a d^(2b))
    Eigen::MatrixX2d jacobian(places, 2);
    jacobian.col(0) = slope;
    jacobian.col(1) = (distance > 0).select(2 * slope * distance.max(1e-300).log(), 0.0);
    const Eigen::Matrix2d normal = jacobian.transpose() * jacobian;
    const Eigen::Vector2d gradient = jacobian.transpose() * (value - wanted).matrix();
    Eigen::Matrix2d damped = normal;
    damped.diagonal() *= 1 + damping;
    const Eigen::Vector2d move = damped.inverse() * gradient;
    const double next = (curve(std::exp(log_a - move(0)), b - move(1)) - wanted).matrix().squaredNorm();
    if (next > error) {
      damping *= 10;
      continue;
    }
    log_a -= move(0);
    b -= move(1);
    damping /= 10;
    const bool settled = move.norm() < 1e-12;
    error = next;
    if (settled) {
      break;
    }
  }
  return {std::exp(log_a), b};
}

} // namespace ionsift::dataset
