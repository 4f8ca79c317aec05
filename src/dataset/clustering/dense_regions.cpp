// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/assertion.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/dataset/clustering/clusters.hpp"

#include <algorithm>
#include <limits>

namespace ionsift::dataset {

namespace {

constexpr int noise = -1;
constexpr int unseen = -2;

class DenseRegions {
public:
  DenseRegions(std::span<const double> x, std::span<const double> y, const DensityOptions& options)
      : x_(x), y_(y), options_(options), cluster_(x.size(), unseen) {}

  std::vector<int> find() {
    int clusters = 0;
    for (std::size_t i = 0; i < cluster_.size(); ++i) {
      if (cluster_[i] != unseen) {
        continue;
      }
      const auto around = near(i);
      if (is_dense(around)) {
        grow(i, around, clusters++);
      } else {
        cluster_[i] = noise; // possibly the border of a cluster found later
      }
    }
    if (options_.absorb && clusters > 0) {
      absorb();
    }
    return cluster_;
  }

private:
  double squared_distance(std::size_t i, std::size_t j) const {
    const double dx = x_[i] - x_[j], dy = y_[i] - y_[j];
    return dx * dx + dy * dy;
  }

  std::vector<std::size_t> near(std::size_t i) const {
    std::vector<std::size_t> found;
    for (std::size_t j = 0; j < x_.size(); ++j) {
      if (squared_distance(i, j) <= options_.epsilon * options_.epsilon) {
        found.push_back(j);
      }
    }
    return found;
  }

  bool is_dense(const std::vector<std::size_t>& around) const {
    return around.size() >= static_cast<std::size_t>(options_.points);
  }

  /// Adds all points near a core point of the cluster, and continues from the core points among them.
  void grow(std::size_t first, std::vector<std::size_t> reached, int cluster) {
    cluster_[first] = cluster;
    for (std::size_t next = 0; next < reached.size(); ++next) {
      const auto i = reached[next];
      const bool fresh = cluster_[i] == unseen;
      if (fresh || cluster_[i] == noise) {
        cluster_[i] = cluster;
      }
      if (!fresh) {
        continue;
      }
      const auto around = near(i);
      if (is_dense(around)) {
        std::ranges::copy_if(around, std::back_inserter(reached),
                             [&](std::size_t j) { return cluster_[j] < 0; });
      }
    }
  }

  void absorb() {
    const auto found = cluster_;
    for (std::size_t i = 0; i < found.size(); ++i) {
      double nearest = std::numeric_limits<double>::infinity();
      for (std::size_t j = 0; j < found.size() && found[i] == noise; ++j) {
        if (found[j] != noise && squared_distance(i, j) < nearest) {
          nearest = squared_distance(i, j);
          cluster_[i] = found[j];
        }
      }
    }
  }

  std::span<const double> x_, y_;
  const DensityOptions& options_;
  std::vector<int> cluster_;
};

} // namespace

std::vector<int> find_dense_regions(std::span<const double> x, std::span<const double> y,
                                    const DensityOptions& options) {
  IONSIFT_ASSERT(x.size() == y.size(), fmt::format("{} values of x came with {} of y", x.size(), y.size()));
  IONSIFT_VALIDATE(
      options.epsilon > 0 && options.points >= 1, usage,
      fmt::format("there are no dense regions of {} points within {}", options.points, options.epsilon),
      "both must be positive", "Give for example 5 points within 4.");
  return DenseRegions(x, y, options).find();
}

} // namespace ionsift::dataset
