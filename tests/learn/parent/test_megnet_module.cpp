// SPDX-License-Identifier: BSD-3-Clause
// The trainable network equals the one that megnet evaluates, and its gradients are those of its loss.
#include "ionsift/base/error.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/megnet/network.hpp"
#include "ionsift/megnet/write_parent.hpp"

#include "graph_examples_made.hpp"
#include "parent/megnet_module.hpp"
#include "parent/parent_objective.hpp"
#include "support.hpp"

#include <ATen/core/grad_mode.h>
#include <catch2/catch.hpp>

#include <cmath>
#include <numeric>

using namespace ionsift;
using namespace ionsift::learn;

namespace {

const auto converter = megnet::GraphConverter::study();

/// Initialised, with biases that are not zero.
MegnetModule random_module(const ParentShape& shape, bool mapped, at::ScalarType type) {
  MegnetModule module(shape, converter, mapped, type);
  module.initialise(5);
  const at::NoGradGuard no_grad;
  RandomStream random(6);
  auto* weights = module.flat().data_ptr<double>();
  for (std::int64_t i = 0; i < module.flat().numel(); ++i) {
    weights[i] += random.uniform(-0.1, 0.1);
  }
  return module;
}

megnet::Parent parent_of(const MegnetModule& module) {
  megnet::Parent parent;
  parent.name = "Made up";
  parent.unit = "eV";
  parent.converter = converter;
  parent.weights = module.weights(1.0, 0.0);
  return parent;
}

std::vector<std::size_t> all_of(const GraphExamples& examples) {
  std::vector<std::size_t> positions(examples.size());
  std::iota(positions.begin(), positions.end(), std::size_t(0));
  return positions;
}

/// Largest deviation of megnet's features and predictions from the module's.
template <typename Scalar>
double deviation(const MegnetModule& module, const megnet::Parent& parent,
                 const std::vector<crystal::Crystal>& crystals) {
  const auto examples = test::made_examples(crystals, converter.cutoff);
  const auto output = module.forward(make_graph_batch(examples, all_of(examples), at::kDouble));
  megnet::Network<Scalar> network(parent, converter);
  double largest = 0;
  std::int64_t first = 0;
  for (std::size_t i = 0; i < crystals.size(); ++i) {
    const auto made = test::make_graph(crystals[i], converter.cutoff);
    const auto expected =
        network.run(made.graph, made.species, {.levels = {false, true, true, true}, .prediction = true});
    const auto compare = [&](double a, double b) { largest = std::max(largest, std::abs(a - b)); };
    compare(output.prediction[static_cast<std::int64_t>(i)].item<double>(), *expected.prediction);
    for (std::size_t k = 0; k < 3; ++k) {
      const auto& level = expected.levels[k + 1];
      for (Eigen::Index row = 0; row < level.rows(); ++row) {
        for (Eigen::Index c = 0; c < level.cols(); ++c) {
          const bool own = k < output.level.size() && c < module.shape().features;
          compare(own ? output.level[k][first + row][c].item<double>() : 0.0,
                  static_cast<double>(level(row, c)));
        }
      }
    }
    first += static_cast<std::int64_t>(made.graph.rows());
  }
  return largest;
}

} // namespace

TEST_CASE("A module and the parent written from it give the same numbers") {
  const auto crystals = test::made_crystals(4, 1);
  for (const auto& shape : {ParentShape::published(), ParentShape::small(),
                            ParentShape{.features = 7, .hidden = 9, .blocks = 2}}) {
    const auto module = random_module(shape, false, at::kDouble);
    INFO(shape.features << " features, " << shape.hidden << " hidden, " << shape.blocks << " blocks");
    CHECK(deviation<double>(module, parent_of(module), crystals) < 1e-11);

    const auto path = test::scratch("module") / "parent.hdf5";
    megnet::write_parent(parent_of(module), path);
    CHECK(deviation<float>(module, megnet::Parent::load(path), crystals) < 1e-5);
  }
}

TEST_CASE("A written parent predicts in the target's unit") {
  const auto module = random_module(ParentShape::small(), false, at::kDouble);
  auto parent = parent_of(module);
  const auto made = test::make_graph(test::rock_salt(3, 9, 4.02), converter.cutoff);
  const auto predict = [&] {
    return *megnet::Network<double>(parent, converter)
                .run(made.graph, made.species, {.levels = {}, .prediction = true})
                .prediction;
  };
  const double bare = predict();
  parent.weights = module.weights(2.5, -1.25);
  CHECK(predict() == Approx(2.5 * bare - 1.25).epsilon(1e-12));
}

TEST_CASE("Widths that do not fit the file layout are refused") {
  CHECK_THROWS_AS((ParentShape{.features = 33, .hidden = 64, .blocks = 3}.validate()), Error);
  CHECK_THROWS_AS((ParentShape{.features = 32, .hidden = 65, .blocks = 3}.validate()), Error);
  CHECK_THROWS_AS((ParentShape{.features = 32, .hidden = 64, .blocks = 4}.validate()), Error);
  CHECK_THROWS_AS((ParentShape{.features = 0, .hidden = 64, .blocks = 3}.validate()), Error);
}

TEST_CASE("Gradients of a module equal finite differences") {
  auto examples = test::made_examples(test::made_crystals(3, 2), converter.cutoff);
  const auto positions = all_of(examples);
  ParentTraining options;
  options.shape = {.features = 6, .hidden = 8, .blocks = 3};
  bool mapped = false;
  SECTION("a number, squared") {
  }
  SECTION("a number, absolute") {
    options.squared = false;
  }
  SECTION("a class") {
    options.sigmoid = true;
    for (std::size_t i = 0; i < examples.size(); ++i) {
      examples.target[i] = static_cast<double>(i % 2);
    }
  }
  SECTION("a teacher") {
    mapped = true;
    options.prediction_weight = 0.5;
    RandomStream random(3);
    examples.taught.resize(examples.multiplicity.size() * GraphExamples::taught_columns);
    for (auto& value : examples.taught) {
      value = static_cast<float>(random.normal());
    }
  }
  auto module = random_module(options.shape, mapped, at::kDouble);
  const ParentObjective objective(options, examples, positions);
  const auto batch = make_graph_batch(examples, positions, at::kDouble);
  const auto loss = [&] { return objective(module, batch).total.sum(); };
  loss().backward();
  const auto gradient = module.gradient().clone();
  CHECK(gradient.abs().max().item<double>() > 1e-3);

  const at::NoGradGuard no_grad;
  RandomStream random(4);
  auto* weights = module.flat().data_ptr<double>();
  for (int draw = 0; draw < 120; ++draw) {
    const auto i = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(gradient.numel())));
    const double before = weights[i], step = 1e-5;
    weights[i] = before + step;
    const double above = loss().item<double>();
    weights[i] = before - step;
    const double below = loss().item<double>();
    weights[i] = before;
    INFO("weight " << i);
    CHECK(gradient[i].item<double>() == Approx((above - below) / (2 * step)).epsilon(1e-5).margin(1e-7));
  }
}
