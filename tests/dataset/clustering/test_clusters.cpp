// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/dataset/clustering/clusters.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <set>

using namespace ionsift;
using namespace ionsift::dataset;
using Catch::Matchers::Contains;
using crystal::Composition;

namespace {

/// Garnets, argyrodites and halides with slowly changing compositions.
std::vector<Compound> three_families() {
  std::vector<Compound> compounds;
  for (int i = 0; i < 25; ++i) {
    const double x = 0.01 * i;
    compounds.push_back({fmt::format("garnet{}", i),
                         Composition::parse(fmt::format("Li{}La3Zr{}Ta{}O12", 7 - x, 2 - x, x + 0.001))});
    compounds.push_back({fmt::format("argyrodite{}", i),
                         Composition::parse(fmt::format("Li{}PS{}Cl{}", 6 - x, 5 - x, 1 + x))});
    compounds.push_back({fmt::format("halide{}", i),
                         Composition::parse(fmt::format("Li{}Y{}Zr{}Br6", 3 - x, 1 - x, x + 0.001))});
  }
  return compounds;
}

std::vector<int> clusters_of(const Clustering& clustering) {
  std::vector<int> clusters;
  for (const auto& compound : clustering.compounds) {
    clusters.push_back(compound.cluster);
  }
  return clusters;
}

/// Connected core points by another method: labels spread until nothing changes.
std::vector<int> core_components(const std::vector<double>& x, const std::vector<double>& y,
                                 const DensityOptions& options) {
  const auto near = [&](std::size_t i, std::size_t j) {
    return std::hypot(x[i] - x[j], y[i] - y[j]) <= options.epsilon;
  };
  std::vector<int> component(x.size(), -1);
  for (std::size_t i = 0; i < x.size(); ++i) {
    int count = 0;
    for (std::size_t j = 0; j < x.size(); ++j) {
      count += near(i, j) ? 1 : 0;
    }
    component[i] = count >= options.points ? static_cast<int>(i) : -1;
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < x.size(); ++i) {
      for (std::size_t j = 0; j < x.size(); ++j) {
        if (component[i] >= 0 && component[j] > component[i] && near(i, j)) {
          component[j] = component[i];
          changed = true;
        }
      }
    }
  }
  return component;
}

} // namespace

TEST_CASE("dense regions, border points and noise worked by hand") {
  // A dense row, its border at 2.5, noise at 9, a second row.
  const std::vector<double> x = {0, 0.5, 1, 1.5, 2.5, 9, 20, 20.5, 21};
  const std::vector<double> y(x.size(), 0.0);
  DensityOptions options;
  options.epsilon = 1;
  options.points = 3;
  CHECK(find_dense_regions(x, y, options) == std::vector<int>{0, 0, 0, 0, 0, -1, 1, 1, 1});
  options.points = 4; // 0 and 2.5 are borders, only 0.5, 1 and 1.5 are core points
  CHECK(find_dense_regions(x, y, options) == std::vector<int>{0, 0, 0, 0, 0, -1, -1, -1, -1});
  options.absorb = true;
  CHECK(find_dense_regions(x, y, options) == std::vector<int>(9, 0));
  options.points = 7;
  CHECK(find_dense_regions(x, y, options) == std::vector<int>(9, -1));
  options.epsilon = 0;
  CHECK_THROWS_WITH(find_dense_regions(x, y, options), Contains("within 0"));
}

TEST_CASE("clusters are the connected core points with their borders") {
  RandomStream random(4);
  for (int trial = 0; trial < 20; ++trial) {
    std::vector<double> x, y;
    for (int i = 0; i < 150; ++i) {
      x.push_back(random.uniform(0, 30));
      y.push_back(random.uniform(0, 30));
    }
    DensityOptions options;
    options.epsilon = 2;
    options.points = 4;
    const auto clusters = find_dense_regions(x, y, options);
    const auto cores = core_components(x, y, options);
    std::set<std::pair<int, int>> pairs;
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (cores[i] >= 0) {
        pairs.insert({cores[i], clusters[i]});
        continue;
      }
      std::set<int> reachable;
      for (std::size_t j = 0; j < x.size(); ++j) {
        if (cores[j] >= 0 && std::hypot(x[i] - x[j], y[i] - y[j]) <= options.epsilon) {
          reachable.insert(clusters[j]);
        }
      }
      CHECK(clusters[i] == (reachable.empty() ? -1 : *reachable.begin()));
    }
    std::set<int> left, right;
    for (const auto& [core, cluster] : pairs) {
      left.insert(core);
      right.insert(cluster);
    }
    CHECK(pairs.size() == left.size());
    CHECK(pairs.size() == right.size());
    CHECK_FALSE(right.contains(-1));
  }
}

TEST_CASE("partitions are compared") {
  const std::vector<int> a = {0, 0, 1, 1}, b = {0, 0, 1, 2}, swapped = {5, 5, 3, 3}, crossed = {0, 1, 0, 1};
  CHECK(adjusted_rand_index(a, a) == 1);
  CHECK(adjusted_rand_index(a, swapped) == 1);
  CHECK(adjusted_rand_index(a, b) == Approx(4.0 / 7));
  CHECK(adjusted_rand_index(a, crossed) == Approx(-0.5));
  CHECK(adjusted_rand_index(std::vector<int>(4, 1), std::vector<int>(4, 2)) == 1);
  CHECK(purity(a, b) == 0.75);
  CHECK(purity(b, a) == 1);
  CHECK(purity(a, crossed) == 0.5);
  CHECK_THROWS(purity(a, std::vector<int>{1}));
}

TEST_CASE("families of compositions are found, whatever the order and the ranks") {
  auto compounds = three_families();
  const auto clustering = cluster_compounds(test::world(), compounds);
  CHECK(clustering.noise == 0);
  std::vector<int> family;
  for (const auto& compound : compounds) {
    family.push_back(compound.id[0]);
  }
  CHECK(purity(clusters_of(clustering), family) == 1);
  CHECK(clustering.clusters >= 3);
  CHECK(clustering.trustworthiness > 0.9);

  const auto alone = cluster_compounds(parallel::Communicator::local(), compounds);
  std::ranges::reverse(compounds);
  auto reversed = cluster_compounds(test::world(), compounds);
  std::ranges::reverse(reversed.compounds);
  for (std::size_t i = 0; i < compounds.size(); ++i) {
    CHECK(clustering.compounds[i].x == alone.compounds[i].x);
    CHECK(clustering.compounds[i].y == reversed.compounds[i].y);
    CHECK(clustering.compounds[i].cluster == reversed.compounds[i].cluster);
  }
  ClusterOptions other;
  other.umap.seed = 2;
  CHECK(cluster_compounds(test::world(), compounds, other).compounds[0].x != reversed.compounds.back().x);
}

TEST_CASE("compounds and options that cannot be clustered are refused") {
  const auto compounds = three_families();
  const auto refused = [&](const std::vector<Compound>& some, const ClusterOptions& options = {}) {
    try {
      cluster_compounds(test::world(), some, options);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  CHECK_THAT(refused({compounds.begin(), compounds.begin() + 4}), Contains("too few"));
  CHECK_THAT(refused(std::vector<Compound>(6, compounds[0])), Contains("garnet0 occurs twice"));
  CHECK_THAT(refused(std::vector<Compound>(max_clustered + 1)), Contains("too many"));
  ClusterOptions options;
  options.umap.spread = 0;
  CHECK_THAT(refused(compounds, options), Contains("spread 0"));
  options = {};
  options.umap.neighbours = 1;
  CHECK_THAT(refused(compounds, options), Contains("1 neighbours"));
  CHECK_THAT(reason_against_clustering(Composition::parse("HeLi")), Contains("He"));
  CHECK(reason_against_clustering(Composition::parse("LiF")).empty());
}

TEST_CASE("the study's ten clusters are reproduced about as well as by umap-learn", "[data]") {
  const auto table = CsvTable::read(test::data() / "data/study/splits.csv");
  std::vector<Compound> compounds;
  std::vector<int> theirs;
  for (std::size_t i = 0; i < table.size(); ++i) {
    compounds.push_back({table.cell(i, table.column("icsd")),
                         Composition::parse(table.cell(i, table.column("normalized_formula")))});
    theirs.push_back(std::stoi(table.cell(i, table.column("cluster"))));
  }
  const auto clustering = cluster_compounds(test::world(), compounds);
  // Four seeds of umap-learn 0.5.3 give 7 to 12 clusters, indices of 0.41 to 0.72 and 0.980 to 0.986.
  CHECK(clustering.compounds.size() == 548);
  CHECK(clustering.noise == 0);
  CHECK(clustering.clusters >= 10);
  CHECK(adjusted_rand_index(clusters_of(clustering), theirs) > 0.5);
  CHECK(clustering.trustworthiness > 0.975);
}
