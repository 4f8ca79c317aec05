// SPDX-License-Identifier: BSD-3-Clause
#include "atomsets/checkpoint_file.hpp"
#include "atomsets/stack_network.hpp"
#include "atomsets/stack_optimiser.hpp"
#include "atomsets/stack_trainer.hpp"
#include "support.hpp"
#include "synthetic.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>
#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

using namespace ionsift;
using namespace ionsift::learn;

namespace {

AtomSetsConfiguration small(ReadoutCell cell = ReadoutCell::published, int steps = 3) {
  AtomSetsConfiguration c;
  c.width = 9;
  c.readout_hidden = 7;
  c.readout_steps = steps;
  c.readout_cell = cell;
  c.batch = 16;
  c.epochs = 5;
  c.dropout_before = 0.2;
  c.dropout_after = 0.1;
  c.l2_before = 1e-3;
  c.l2_after = 1e-2;
  return c;
}

/// Weights that are all used: the biases are not zero.
AtomSets random_network(const AtomSetsConfiguration& configuration, std::uint64_t seed,
                        at::ScalarType type = at::kDouble) {
  AtomSets network(configuration, 5, type);
  network.initialise(seed);
  RandomStream random(seed, 1);
  for (const auto& tensor : network.weights().tensors()) {
    if (tensor.dim() == 1) {
      for (std::int64_t i = 0; i < tensor.numel(); ++i) {
        tensor[i] = random.uniform(-0.5, 0.5);
      }
    }
  }
  return network;
}

double distance(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

const std::vector<std::vector<std::int64_t>> chosen = {{3, 0, 7, 19}, {19, 18, 1, 2}, {5, 4, 3, 2}};

} // namespace

TEST_CASE("losses and gradients of a stack equal those of its single members") {
  const at::NoGradGuard no_grad;
  const auto cell = GENERATE(ReadoutCell::published, ReadoutCell::lstm);
  const auto steps = GENERATE(1, 2, 3);
  const auto configuration = small(cell, steps);
  const Examples examples(test::make_structures(20, 5, 3), {}, at::kDouble);
  StackNetwork stack(configuration, 5, 3, at::kDouble);
  std::vector<AtomSets> alone;
  std::vector<RandomStream> dropout;
  for (std::uint64_t m = 0; m < 3; ++m) {
    alone.push_back(random_network(configuration, m + 10));
    stack.weights().flat()[static_cast<std::int64_t>(m)].copy_(alone.back().weights().flat());
    dropout.emplace_back(m);
  }
  StackBatches batches(configuration, examples);
  auto batch = batches.make(3, 4);
  batches.fill(batch, chosen, dropout);
  const auto losses = stack.losses_and_gradients(batches, batch);
  for (std::uint64_t m = 0; m < 3; ++m) {
    RandomStream own(m);
    const auto loss = alone[m].loss_and_gradients(examples.select(chosen[m]), own);
    const auto at = static_cast<std::int64_t>(m);
    INFO("member " << m << ", " << steps << " steps");
    CHECK(losses[at].item<double>() == Approx(loss.item<double>()).epsilon(1e-12));
    CHECK(distance(stack.gradients().flat()[at], alone[m].gradients().flat()) < 1e-12);
    CHECK(alone[m].gradients().flat().abs().max().item<double>() > 1e-3);
    CHECK(dropout[m].bits() == own.bits()); // both have drawn equally often
  }
  // The gradients are overwritten, not accumulated.
  const auto once = stack.gradients().flat().clone();
  stack.losses_and_gradients(batches, batch);
  CHECK(at::equal(once, stack.gradients().flat()));
}

TEST_CASE("the optimiser of a stack updates every member as a single optimiser would") {
  const at::NoGradGuard no_grad;
  const auto configuration = small();
  std::vector<AtomSets> alone;
  std::vector<Lamb> optimisers;
  Parameters weights(configuration, 5, at::kDouble, 2);
  Parameters gradients(configuration, 5, at::kDouble, 2);
  const auto frozen = at::zeros({2, static_cast<std::int64_t>(weights.names().size())}, at::kDouble);
  for (std::int64_t m = 0; m < 2; ++m) {
    alone.push_back(random_network(configuration, static_cast<std::uint64_t>(m)));
    weights.flat()[m].copy_(alone.back().weights().flat());
  }
  alone[1].weights().rho[0].bias.zero_(); // a norm that is zero scales nothing
  weights.rho[0].bias[1].zero_();
  for (auto& network : alone) {
    std::vector<LambTensor> tensors(network.weights().tensors().size());
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      tensors[i].weight = network.weights().tensors()[i];
      tensors[i].gradient = network.gradients().tensors()[i];
      tensors[i].frozen_square = frozen_square(network, network.weights().names()[i]);
      frozen[&network - alone.data()][static_cast<std::int64_t>(i)] = tensors[i].frozen_square;
    }
    optimisers.emplace_back(tensors, operation_kernels());
  }
  REQUIRE(frozen.max().item<double>() > 0);
  StackOptimiser stack(weights, gradients, frozen);
  RandomStream random(8);
  for (int step = 0; step < 14; ++step) {
    const double rate = 0.01 * (1 + step % 3);
    for (std::int64_t m = 0; m < 2; ++m) {
      auto& network = alone[static_cast<std::size_t>(m)];
      const auto& flat = network.gradients().flat();
      auto* values = flat.data_ptr<double>();
      std::generate(values, values + flat.numel(), [&] { return random.normal(); });
      gradients.flat()[m].copy_(flat);
      optimisers[static_cast<std::size_t>(m)].step(rate);
    }
    stack.set_rate(rate);
    stack.move();
    stack.end_step();
    for (std::int64_t m = 0; m < 2; ++m) {
      REQUIRE(distance(weights.flat()[m], alone[static_cast<std::size_t>(m)].weights().flat()) < 1e-12);
    }
  }
  const auto state = stack.state(1);
  const auto own = optimisers[1].state();
  CHECK(state.steps == own.steps);
  CHECK(distance(state.first_moment, own.first_moment) < 1e-12);
  CHECK(distance(state.second_moment, own.second_moment) < 1e-12);
  CHECK(distance(state.slow, own.slow) < 1e-12);
}

namespace {

constexpr double rounding = 2e-4; ///< of weights, after a few epochs in single precision

at::Tensor trained_alone(const AtomSetsConfiguration& configuration, const Examples& examples,
                         std::uint64_t seed) {
  AtomSets network(configuration, examples.columns(), at::kFloat);
  train(network, examples, seed);
  return network.weights().flat();
}

} // namespace

TEST_CASE("a stack trains its members like single members") {
  const at::NoGradGuard no_grad;
  // 70 structures: the last step of an epoch has fewer than the others.
  const Examples examples(test::make_structures(70, 5, 3), {}, at::kFloat);
  const auto results = train_stack(small(), examples, {{17}, {18}, {19}});
  REQUIRE(results.size() == 3);
  for (std::size_t m = 0; m < 3; ++m) {
    AtomSets network(small(), 5, at::kFloat);
    const auto alone = train(network, examples, 17 + m);
    CHECK(results[m].record.epochs == 5);
    CHECK_FALSE(results[m].record.diverged);
    CHECK(results[m].record.loss == Approx(alone.loss).epsilon(1e-4));
    CHECK(distance(results[m].network.weights().flat(), network.weights().flat()) < rounding);
    CHECK(at::equal(results[m].network.forget().kernel, network.forget().kernel));
  }
  CHECK(distance(results[0].network.weights().flat(), results[1].network.weights().flat()) > 100 * rounding);

  const auto again = train_stack(small(), examples, {{17}, {18}, {19}});
  CHECK(at::equal(again[2].network.weights().flat(), results[2].network.weights().flat()));
}

TEST_CASE("a stack of one step an epoch begins with given weights") {
  const at::NoGradGuard no_grad;
  const Examples examples(test::make_structures(12, 5, 3), {}, at::kFloat);
  const auto start = random_network(small(), 4, at::kFloat);
  const auto results = train_stack(small(), examples, {{1}, {2}}, &start);
  AtomSets network(small(), 5, at::kFloat);
  train(network, examples, 2, {}, {.network = &start});
  CHECK(distance(results[1].network.weights().flat(), network.weights().flat()) < rounding);
}

TEST_CASE("members interrupted in a stack resume singly, and the other way round") {
  const at::NoGradGuard no_grad;
  const auto configuration = small();
  const Examples examples(test::make_structures(70, 5, 3), {}, at::kFloat);
  const auto folder = test::scratch("stack");
  std::vector<Checkpoint> checkpoints;
  for (int m = 0; m < 3; ++m) {
    checkpoints.push_back({folder / ("state" + std::to_string(m) + ".h5"), "job", 1e9});
  }
  const std::vector<StackMember> members = {
      {17, &checkpoints[0]}, {18, &checkpoints[1]}, {19, &checkpoints[2]}};
  int asked = 0;
  for (const auto& left :
       train_stack(configuration, examples, members, nullptr, [&] { return ++asked == 2; })) {
    CHECK(left.record.interrupted);
    CHECK(left.record.epochs == 2);
  }
  // Singly.
  AtomSets network(configuration, 5, at::kFloat);
  const auto first_epoch = [&](const Epoch& epoch) { return epoch.number > 2; };
  CHECK_FALSE(train(network, examples, 17, first_epoch, {nullptr, &checkpoints[0]}).stopped);
  CHECK(distance(network.weights().flat(), trained_alone(configuration, examples, 17)) < rounding);

  // One member is ahead of the others, and one has lost its state.
  asked = 0;
  AtomSets further(configuration, 5, at::kFloat);
  train(further, examples, 18, {}, {nullptr, &checkpoints[1], [&] { return ++asked == 2; }});
  std::filesystem::remove(checkpoints[2].file);
  const auto results = train_stack(configuration, examples, members);
  for (std::size_t m = 0; m < 3; ++m) {
    CHECK(results[m].record.epochs == configuration.epochs);
    CHECK_FALSE(results[m].record.interrupted);
    CHECK(distance(results[m].network.weights().flat(), trained_alone(configuration, examples, 17 + m)) <
          rounding);
  }
}

TEST_CASE("a member that diverges does not affect the rest of its stack") {
  const at::NoGradGuard no_grad;
  const auto configuration = small();
  const Examples examples(test::make_structures(70, 5, 3), {}, at::kFloat);
  const auto folder = test::scratch("diverging");
  // A state of the first member whose weights are as large as possible.
  const Checkpoint poisoned{folder / "state.h5", "job", 1e9};
  const auto leave_after_one = [&](const Checkpoint& checkpoint, std::uint64_t seed) {
    AtomSets network(configuration, 5, at::kFloat);
    train(network, examples, seed, {}, {.checkpoint = &checkpoint, .interrupted = [] { return true; }});
  };
  leave_after_one(poisoned, 17);
  {
    CheckpointFile file(poisoned, 17);
    auto state = file.read(AtomSets(configuration, 5, at::kFloat));
    REQUIRE(state);
    state->weights.fill_(std::numeric_limits<float>::max());
    file.write(*state);
  }
  const Checkpoint other{folder / "other.h5", "job", 1e9};
  leave_after_one(other, 18);
  const auto results = train_stack(configuration, examples, {{17, &poisoned}, {18, &other}});
  CHECK(results[0].record.diverged);
  CHECK(results[0].record.epochs == 2);
  CHECK_FALSE(results[1].record.diverged);
  CHECK(results[1].record.epochs == configuration.epochs);
  CHECK(distance(results[1].network.weights().flat(), trained_alone(configuration, examples, 18)) < rounding);
}
