// SPDX-License-Identifier: BSD-3-Clause
// Agreement of two partitions of the same items.
#include "ionsift/base/assertion.hpp"
#include "ionsift/dataset/clustering/clusters.hpp"

#include <algorithm>
#include <map>

namespace ionsift::dataset {

namespace {

void require_equal(std::span<const int> a, std::span<const int> b) {
  IONSIFT_ASSERT(a.size() == b.size() && !a.empty(),
                 fmt::format("partitions of {} and {} items cannot be compared", a.size(), b.size()));
}

double pairs_among(double n) {
  return n * (n - 1) / 2;
}

template <typename Key>
double pairs_within(const std::map<Key, double>& sizes) {
  double sum = 0;
  for (const auto& [key, size] : sizes) {
    sum += pairs_among(size);
  }
  return sum;
}

} // namespace

double adjusted_rand_index(std::span<const int> a, std::span<const int> b) {
  require_equal(a, b);
  std::map<int, double> of_a, of_b;
  std::map<std::pair<int, int>, double> of_both;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ++of_a[a[i]];
    ++of_b[b[i]];
    ++of_both[{a[i], b[i]}];
  }
  const double in_a = pairs_within(of_a), in_b = pairs_within(of_b), in_both = pairs_within(of_both);
  const double all = pairs_among(static_cast<double>(a.size()));
  const double expected = all > 0 ? in_a * in_b / all : 0;
  const double largest = (in_a + in_b) / 2;
  // Both trivial in the same way (one cluster, or all alone): they agree.
  return largest == expected ? 1.0 : (in_both - expected) / (largest - expected);
}

double purity(std::span<const int> clusters, std::span<const int> classes) {
  require_equal(clusters, classes);
  std::map<int, std::map<int, std::size_t>> counts;
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    ++counts[clusters[i]][classes[i]];
  }
  std::size_t agreeing = 0;
  for (const auto& [cluster, of_class] : counts) {
    std::size_t largest = 0;
    for (const auto& [one, count] : of_class) {
      largest = std::max(largest, count);
    }
    agreeing += largest;
  }
  return static_cast<double>(agreeing) / static_cast<double>(clusters.size());
}

} // namespace ionsift::dataset
