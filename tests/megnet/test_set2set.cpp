// SPDX-License-Identifier: BSD-3-Clause
// Weighted rows are equivalent to repeated ones.
#include "ionsift/base/random.hpp"

#include "random_parent.hpp"
#include "set2set.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <vector>

using namespace ionsift;
using namespace ionsift::megnet;

namespace {

std::array<double, 32> read_out(Set2Set<double>& set2set, const std::vector<double>& rows,
                                const std::vector<double>& weight) {
  std::array<double, 32> result;
  set2set.run(weight.size(), rows.data(), weight.data(), result.data());
  return result;
}

double largest_difference(const std::array<double, 32>& a, const std::array<double, 32>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    largest = std::max(largest, std::abs(a[i] - b[i]));
  }
  return largest;
}

} // namespace

TEST_CASE("a row of weight three equals three rows, and a common factor has no effect") {
  RandomStream random(7);
  std::vector<double> rows(2 * 32);
  for (auto& x : rows) {
    x = random.uniform(-2, 2);
  }
  std::vector<double> repeated = rows;
  for (int copy = 0; copy < 2; ++copy) {
    repeated.insert(repeated.end(), rows.begin(), rows.begin() + 32);
  }
  Set2Set<double> set2set(test::random_set2set(random, 3));
  const auto weighted = read_out(set2set, rows, {3, 1});
  CHECK(largest_difference(weighted, read_out(set2set, repeated, {1, 1, 1, 1})) < 1e-14);
  CHECK(largest_difference(weighted, read_out(set2set, rows, {1.5, 0.5})) < 1e-14);
  CHECK(largest_difference(weighted, read_out(set2set, rows, {1, 1})) > 1e-3);
}

TEST_CASE("attention does not overflow, and the readout of an empty set is zero") {
  RandomStream random(8);
  Set2Set<double> set2set(test::random_set2set(random, 2));
  const auto large = read_out(set2set, std::vector<double>(3 * 32, 1e6), {1, 1, 1});
  CHECK(std::all_of(large.begin(), large.end(), [](double x) { return std::isfinite(x); }));
  const auto empty = read_out(set2set, {}, {});
  CHECK(std::all_of(empty.begin() + 16, empty.end(), [](double x) { return x == 0; }));
}
