// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"

#include "tabular/extra_trees.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace ionsift;
using namespace ionsift::learn;
using Table = Matrix<double>;

namespace {

Table random_table(Eigen::Index rows, Eigen::Index columns, std::uint64_t seed) {
  RandomStream random(seed);
  Table table(rows, columns);
  for (auto& value : table.reshaped<Eigen::RowMajor>()) {
    value = random.uniform(-1, 1);
  }
  return table;
}

/// Class 1 where the first two columns have different signs: neither is informative alone.
std::vector<double> exclusive_or(const Table& x) {
  std::vector<double> target;
  for (Eigen::Index r = 0; r < x.rows(); ++r) {
    target.push_back((x(r, 0) > 0) != (x(r, 1) > 0) ? 1.0 : 0.0);
  }
  return target;
}

std::vector<double> ones(std::size_t n) {
  return std::vector<double>(n, 1.0);
}

ExtraTrees grow(const Table& x, const std::vector<double>& target, const ExtraTreesOptions& options,
                std::uint64_t seed = 1) {
  return ExtraTrees::grow(x, target, ones(target.size()), options, seed);
}

double accuracy(const std::vector<double>& predicted, const std::vector<double>& target) {
  double right = 0;
  for (std::size_t i = 0; i < target.size(); ++i) {
    right += (predicted[i] >= 0.5) == (target[i] >= 0.5) ? 1 : 0;
  }
  return right / static_cast<double>(target.size());
}

} // namespace

TEST_CASE("trees with single structures in leaves reproduce every training target") {
  const auto x = random_table(60, 5, 1);
  const auto y = random_table(60, 1, 2);
  const std::vector<double> target(y.data(), y.data() + 60);
  const auto predicted = grow(x, target, {20, 0.3, 1}).predict(x);
  for (std::size_t i = 0; i < target.size(); ++i) {
    CHECK(predicted[i] == Approx(target[i]).margin(1e-12));
  }
}

TEST_CASE("learns interactions of columns") {
  const auto x = random_table(400, 6, 3);
  const auto unseen = random_table(400, 6, 4);
  const auto trees = grow(x, exclusive_or(x), {100, 0.5, 2});
  CHECK(accuracy(trees.predict(unseen), exclusive_or(unseen)) > 0.9);
  // Unrelated columns are of no use.
  const auto blind = grow(x.rightCols(4), exclusive_or(x), {100, 0.5, 2});
  const double chance = accuracy(blind.predict(unseen.rightCols(4)), exclusive_or(unseen));
  CHECK(chance > 0.4);
  CHECK(chance < 0.6);
}

TEST_CASE("the same seed grows the same trees, another seed grows others") {
  const auto x = random_table(50, 5, 5);
  const auto target = exclusive_or(x);
  const auto once = grow(x, target, {10, 0.3, 1}, 7);
  CHECK(grow(x, target, {10, 0.3, 1}, 7).nodes().cut == once.nodes().cut);
  CHECK(grow(x, target, {10, 0.3, 1}, 8).nodes().cut != once.nodes().cut);
  // More trees are the same trees and further ones.
  const auto more = grow(x, target, {12, 0.3, 1}, 7);
  REQUIRE(more.nodes().cut.size() > once.nodes().cut.size());
  CHECK(std::equal(once.nodes().cut.begin(), once.nodes().cut.end(), more.nodes().cut.begin()));
}

TEST_CASE("units do not matter, nor the order in which structures are given") {
  const auto x = random_table(80, 4, 6);
  const auto unseen = random_table(40, 4, 7);
  const auto target = exclusive_or(x);
  const auto expected = grow(x, target, {30, 0.5, 2}).predict(unseen);
  // Powers of two do not change any rounding.
  const auto scaled = grow(x * 1024, target, {30, 0.5, 2}).predict(unseen * 1024);
  CHECK(scaled == expected);

  std::vector<double> turned_target(target.rbegin(), target.rend());
  const auto turned = grow(x.colwise().reverse(), turned_target, {30, 0.5, 2}).predict(unseen);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(turned[i] == Approx(expected[i]).margin(1e-12));
  }
}

TEST_CASE("leaves have the requested size, and hold the weighted mean") {
  const auto x = random_table(40, 3, 8);
  const auto target = exclusive_or(x);
  const auto stump = grow(x, target, {5, 1, 21});
  const double mean = std::accumulate(target.begin(), target.end(), 0.0) / 40;
  for (const double p : stump.predict(x)) {
    CHECK(p == Approx(mean).epsilon(1e-12));
  }
  std::vector<double> weight(40, 1.0);
  for (std::size_t i = 0; i < 40; ++i) {
    weight[i] = target[i] > 0 ? 3 : 1;
  }
  const double positive = mean * 40;
  const auto weighted = ExtraTrees::grow(x, target, weight, {5, 1, 21}, 1);
  CHECK(weighted.predict(x).front() == Approx(3 * positive / (3 * positive + 40 - positive)).epsilon(1e-12));

  const auto trees = grow(x, target, {1, 1, 4});
  std::vector<double> found = trees.predict(x);
  std::sort(found.begin(), found.end());
  const auto& nodes = trees.nodes();
  const auto leaves = std::count(nodes.feature.begin(), nodes.feature.end(), -1);
  CHECK(leaves > 1);
  CHECK(leaves <= 10);
}

TEST_CASE("columns that do not vary are skipped") {
  Table x = Table::Constant(60, 50, 3.0);
  x.leftCols(2) = random_table(60, 2, 9);
  // 1 % of the columns is one column: it must be one that varies, or nothing would be learned.
  const auto trees = grow(x, exclusive_or(x), {40, 0.01, 1});
  CHECK(accuracy(trees.predict(x), exclusive_or(x)) == 1.0);
  const Table same = Table::Constant(10, 3, 1.0);
  const auto leaf = grow(same, {0, 1, 0, 1, 0, 1, 0, 1, 0, 0}, {3, 0, 1});
  CHECK(leaf.predict(same).front() == Approx(0.4));
}

TEST_CASE("nodes are unchanged after a round trip through flat arrays, and damaged ones are refused") {
  const auto x = random_table(50, 5, 10);
  const auto trees = grow(x, exclusive_or(x), {10, 0.3, 1});
  CHECK(ExtraTrees::from_nodes(trees.nodes(), 5).predict(x) == trees.predict(x));
  auto nodes = trees.nodes();
  nodes.feature.front() = 5;
  CHECK_THROWS_AS(ExtraTrees::from_nodes(nodes, 5), Error);
  nodes = trees.nodes();
  nodes.left.front() = 0; // an endless walk
  CHECK_THROWS_AS(ExtraTrees::from_nodes(nodes, 5), Error);
  nodes = trees.nodes();
  nodes.value.pop_back();
  CHECK_THROWS_AS(ExtraTrees::from_nodes(nodes, 5), Error);
  CHECK_THROWS_AS(ExtraTrees::from_nodes({}, 5), Error);
  CHECK_THROWS_AS(trees.predict(random_table(3, 4, 1)), Error);
  CHECK_THROWS_AS(grow(x, {1.0}, {}), Error);
}
