// SPDX-License-Identifier: BSD-3-Clause
// The table of the radial functions against the functions themselves.
#include "ionsift/base/error.hpp"
#include "ionsift/base/random.hpp"

#include "radial.hpp"
#include "random_parent.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace ionsift;
using namespace ionsift::megnet;

namespace {

/// Largest deviation at many distances: absolute below 1, relative above.
double largest_deviation(const Weights<double>& weights, const GraphConverter& converter) {
  const RadialFunction<float> table(weights, converter);
  RadialFunction<double> function(weights, converter);
  RandomStream random(3);
  std::vector<double> distance = {0.0, 1e-9, converter.cutoff - 1e-12, converter.cutoff,
                                  converter.cutoff + 1e-8};
  for (int i = 0; i < 20000; ++i) {
    distance.push_back(random.uniform(0, converter.cutoff));
  }
  const auto n = distance.size();
  std::vector<float> layer(n * 64), edge(n * 32);
  std::vector<double> exact_layer(n * 64), exact_edge(n * 32);
  table.evaluate(n, distance.data(), layer.data(), edge.data());
  function.evaluate(n, distance.data(), exact_layer.data(), exact_edge.data());
  double largest = 0;
  const auto compare = [&](const auto& values, const auto& exact) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      largest = std::max(largest, std::abs(values[i] - exact[i]) / std::max(1.0, std::abs(exact[i])));
    }
  };
  compare(layer, exact_layer);
  compare(edge, exact_edge);
  return largest;
}

} // namespace

TEST_CASE("the table of a random network deviates by less than 1e-6") {
  const auto parent = test::random_parent(4);
  CHECK(largest_deviation(parent.weights, parent.converter) < 1e-6);
  CHECK(largest_deviation(parent.weights, parent.converter.with_cutoff(12)) < 1e-6);
}

TEST_CASE("the tables of the published networks deviate by less than 1e-6", "[data]") {
  for (const char* name : {"formation_energy-mp-2019.4.1", "band_gap_regression-mp-2018.6.1",
                           "band_classification-mp-2018.6.1"}) {
    CAPTURE(name);
    const auto parent = Parent::load(test::data() / "models" / (std::string(name) + ".hdf5"));
    CHECK(largest_deviation(parent.weights, parent.converter) < 1e-6);
    CHECK(largest_deviation(parent.weights, GraphConverter::study()) < 1e-6);
    CHECK(RadialFunction<float>(parent.weights, parent.converter).bytes() < (1 << 20));
  }
}

TEST_CASE("slopes are derivatives") {
  const auto parent = test::random_parent(5);
  const RadialFunction<double> function(parent.weights, parent.converter);
  constexpr double step = 1e-5;
  const auto jet = function.evaluate_with_slope({2.0 - step, 2.0, 2.0 + step});
  const auto numeric = ((jet.value.row(2) - jet.value.row(0)) / (2 * step)).eval();
  CHECK((numeric - jet.slope.row(1)).cwiseAbs().maxCoeff() < 1e-8);
  CHECK(jet.slope.row(1).cwiseAbs().maxCoeff() > 0.1);
}

TEST_CASE("a converter has as many centres as the network has inputs") {
  const auto parent = test::random_parent(6);
  auto converter = parent.converter;
  converter.centres.pop_back();
  CHECK_THROWS_AS(RadialFunction<float>(parent.weights, converter), Error);
}
