// SPDX-License-Identifier: BSD-3-Clause
#include "atomsets/trainer.hpp"
#include "atomsets/weights_file.hpp"
#include "support.hpp"
#include "synthetic.hpp"
#include "tensor/dropout.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <catch2/catch.hpp>

using namespace ionsift;
using namespace ionsift::learn;

namespace {

at::Tensor read(const h5::File& file, const std::string& name) {
  const auto dataset = file.dataset(name);
  const auto shape = dataset.shape();
  auto values = dataset.read<double>();
  return at::from_blob(values.data(), std::vector<std::int64_t>(shape.begin(), shape.end()), at::kDouble)
      .clone();
}

double distance(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

AtomSetsConfiguration small(int layers = 2, int steps = 3) {
  AtomSetsConfiguration c;
  c.layers = layers;
  c.width = 10;
  c.readout_hidden = 7;
  c.readout_steps = steps;
  c.l2_before = 1e-3;
  c.l2_after = 1e-2;
  c.batch = 16;
  c.epochs = 3;
  return c;
}

/// A network with biases that are not zero, so that every gradient is tested.
AtomSets random_network(const AtomSetsConfiguration& configuration, std::int64_t columns,
                        at::ScalarType type = at::kDouble) {
  AtomSets network(configuration, columns, type);
  network.initialise(11);
  RandomStream random(5);
  for (const auto& tensor : network.weights().tensors()) {
    if (tensor.dim() == 1) {
      for (std::int64_t i = 0; i < tensor.numel(); ++i) {
        tensor[i] = random.uniform(-0.5, 0.5);
      }
    }
  }
  return network;
}

Batch all_of(const dataset::FeatureSet& set, at::ScalarType type = at::kDouble) {
  return Examples(set, {}, type).slice(0, static_cast<std::int64_t>(set.size()));
}

at::Tensor dense(const std::vector<Dense>& layers, at::Tensor x, double dropout, RandomStream& random) {
  for (const auto& layer : layers) {
    x = at::addmm(layer.bias, x, layer.kernel).relu();
    if (dropout > 0) {
      x = x * dropout_mask(x, dropout, random);
    }
  }
  return x;
}

/// The network as in METHOD.md, structure by structure with all four gates, for libtorch's autograd.
at::Tensor published_loss(const Parameters& w, const Forget& forget, const AtomSetsConfiguration& c,
                          const Batch& batch, RandomStream random) {
  const auto four = with_forget_gate(w, forget);
  const std::int64_t hidden = c.readout_hidden;
  const auto gate = [](const at::Tensor& z) { return (0.2 * z + 0.5).clamp(0, 1); };
  const auto x = dense(w.phi, batch.values, c.dropout_before, random);
  const auto m = at::addmm(w.memory.bias, x, w.memory.kernel);
  std::vector<at::Tensor> read;
  for (std::int64_t s = 0; s < batch.ragged.structures(); ++s) {
    const auto first = batch.ragged.first[static_cast<std::size_t>(s)];
    const auto n = batch.ragged.first[static_cast<std::size_t>(s) + 1] - first;
    const auto rows = m.narrow(0, first, n);
    auto q = at::zeros({1, 2 * hidden}, m.options());
    auto state = at::zeros({1, hidden}, m.options());
    for (int t = 0; t < c.readout_steps; ++t) {
      const auto z = (q.mm(four.kernel) + four.bias).chunk(4, 1);
      const auto carried = c.readout_cell == ReadoutCell::lstm ? gate(z[1]) * state : at::zeros_like(state);
      state = carried + gate(z[0]) * z[2].tanh();
      const auto h = gate(z[3]) * state.tanh();
      const auto e = rows.mm(h.t()).squeeze(1).exp() * batch.ragged.weight.narrow(0, first, n);
      q = at::cat({h, (e / e.sum()).unsqueeze(0).mm(rows)}, 1);
    }
    read.push_back(q);
  }
  const auto y = dense(w.rho, at::cat(read), c.dropout_after, random);
  const auto logit = at::addmm(w.out.bias, y, w.out.kernel).squeeze(1);
  auto loss = at::binary_cross_entropy_with_logits(logit, batch.label);
  for (const auto& layer : w.phi) {
    loss = loss + c.l2_before * layer.kernel.square().sum();
  }
  for (const auto& layer : w.rho) {
    loss = loss + c.l2_after * layer.kernel.square().sum();
  }
  return loss;
}

/// Checks loss and all gradients against libtorch's.
void compare_with_autograd(const AtomSetsConfiguration& configuration, const Kernels& kernels) {
  auto batch = all_of(test::make_structures(9, 5, 21, 3));
  batch.ragged.log_weight = masked_log_weight(batch.ragged.first, batch.ragged.weight);
  auto network = random_network(configuration, 5);
  network.use(kernels);
  RandomStream dropout(8);
  const auto loss = network.loss_and_gradients(batch, dropout);

  Parameters recorded(configuration, 5, at::kDouble);
  recorded.flat().copy_(network.weights().flat());
  for (const auto& tensor : recorded.tensors()) {
    tensor.requires_grad_();
  }
  const auto expected = published_loss(recorded, network.forget(), configuration, batch, RandomStream(8));
  expected.backward();
  CHECK(loss.item<double>() == Approx(expected.item<double>()).epsilon(1e-12));
  for (std::size_t i = 0; i < recorded.names().size(); ++i) {
    const auto theirs = recorded.tensors()[i].grad();
    INFO(recorded.names()[i] << " with " << configuration.readout_steps << " steps");
    CHECK(distance(network.gradients().tensors()[i], theirs) < 1e-12);
    // A readout of one step multiplies its kernel with q = 0 only.
    const bool idle = configuration.readout_steps == 1 && recorded.names()[i] == "set2set.recurrent.kernel";
    CHECK((theirs.abs().max().item<double>() > 1e-8) != idle);
  }
}

} // namespace

TEST_CASE("probabilities, loss and gradients equal the known answers", "[data]") {
  const auto file = h5::File::open(test::data() / "reference" / "atomsets.h5");
  AtomSetsConfiguration configuration;
  configuration.layers = 2;
  configuration.width = 24;
  configuration.readout_hidden = 16;
  configuration.l2_before = 1e-3;
  configuration.l2_after = 1e-2;
  AtomSets network(configuration, 32, at::kDouble);
  read_weights(file, "weights/", network);

  std::vector<std::int64_t> first = {0};
  for (const auto n : file.dataset("rows_per_structure").read<std::int64_t>()) {
    first.push_back(first.back() + n);
  }
  Batch batch{read(file, "rows"), make_ragged(first, read(file, "row_weight")), read(file, "label")};
  batch.ragged.log_weight = masked_log_weight(first, batch.ragged.weight);
  const auto loss = file.dataset("loss").read<double>().front();
  for (const auto* kernels : {&loop_kernels(), &operation_kernels()}) {
    network.use(*kernels);
    CHECK(distance(network.logits(batch).sigmoid(), read(file, "probability")) < 1e-14);
    RandomStream dropout(1);
    CHECK(network.loss_and_gradients(batch, dropout).item<double>() == Approx(loss).epsilon(1e-14));

    auto& gradients = network.gradients();
    const Forget none{at::zeros({32, 16}, at::kDouble), at::zeros({16}, at::kDouble)};
    const auto four_gates = with_forget_gate(gradients, none);
    for (const auto& name : file.list("gradients")) {
      const auto index = file.dataset("gradients/" + name + "/index").read<std::int64_t>();
      const auto value = file.dataset("gradients/" + name + "/value").read<double>();
      const auto at = std::find(gradients.names().begin(), gradients.names().end(), name);
      REQUIRE(at != gradients.names().end());
      auto ours = gradients.tensors()[static_cast<std::size_t>(at - gradients.names().begin())];
      if (name == "set2set.recurrent.kernel" || name == "set2set.recurrent.bias") {
        ours = name.ends_with("kernel") ? four_gates.kernel : four_gates.bias;
      }
      for (std::size_t i = 0; i < index.size(); ++i) {
        INFO(name << " " << index[i]);
        CHECK(ours.reshape({-1})[index[i]].item<double>() == Approx(value[i]).epsilon(1e-6).margin(1e-9));
      }
    }
  }
}

TEST_CASE("gradients equal those of libtorch for the network as published") {
  for (const auto* kernels : {&loop_kernels(), &operation_kernels()}) {
    for (const int steps : {1, 2, 3, 5}) {
      compare_with_autograd(small(2, steps), *kernels);
    }
    compare_with_autograd(small(1), *kernels);
    compare_with_autograd(small(4), *kernels);
    for (const int steps : {1, 2, 4}) {
      auto carrying = small(2, steps);
      carrying.readout_cell = ReadoutCell::lstm;
      compare_with_autograd(carrying, *kernels);
    }
    auto dropping = small();
    dropping.dropout_before = 0.2;
    dropping.dropout_after = 0.3;
    compare_with_autograd(dropping, *kernels);
  }
}

TEST_CASE("gradients equal finite differences") {
  const auto batch = all_of(test::make_structures(6, 5, 21, 3));
  for (const auto cell : {ReadoutCell::published, ReadoutCell::lstm}) {
    auto configuration = small();
    configuration.readout_cell = cell;
    auto network = random_network(configuration, 5);
    RandomStream none(1);
    network.loss_and_gradients(batch, none);
    const auto gradients = network.gradients().flat().clone();
    const auto weights = network.weights().flat();
    for (std::int64_t i = 0; i < weights.numel(); i += 7) {
      const double middle = weights[i].item<double>();
      const auto loss_at = [&](double weight) {
        weights[i] = weight;
        return network.loss_and_gradients(batch, none).item<double>();
      };
      const double slope = (loss_at(middle + 1e-5) - loss_at(middle - 1e-5)) / 2e-5;
      weights[i] = middle;
      INFO("weight " << i);
      CHECK(gradients[i].item<double>() == Approx(slope).epsilon(1e-5).margin(1e-8));
    }
  }
}

TEST_CASE("the order of rows and of structures does not matter") {
  const auto set = test::make_structures(6, 5, 3);
  const auto network = random_network(small(), 5);
  const auto expected = network.logits(all_of(set));

  auto turned = set;
  const auto& from = set.rows.front();
  auto& to = turned.rows.front();
  for (std::size_t s = 0; s < set.size(); ++s) {
    for (auto r = from.first[s]; r < from.first[s + 1]; ++r) {
      const auto other = from.first[s] + from.first[s + 1] - 1 - r;
      to.values.row(static_cast<Eigen::Index>(r)) = from.values.row(static_cast<Eigen::Index>(other));
      to.weight[r] = from.weight[other];
    }
  }
  CHECK(distance(network.logits(all_of(turned)), expected) < 1e-13);

  const auto reversed = Examples(set, {}, at::kDouble).select({5, 4, 3, 2, 1, 0});
  CHECK(distance(network.logits(reversed), expected.flip(0)) < 1e-13);
}

TEST_CASE("neither rows split into two halves nor a common factor of the weights change anything") {
  auto set = test::make_structures(1, 5, 3);
  const auto network = random_network(small(), 5);
  const auto expected = network.logits(all_of(set));

  auto scaled = set;
  for (auto& weight : scaled.rows.front().weight) {
    weight *= 4;
  }
  CHECK(distance(network.logits(all_of(scaled)), expected) < 1e-13);

  auto split = set;
  auto& rows = split.rows.front();
  const auto count = rows.values.rows();
  rows.values.conservativeResize(count + 1, Eigen::NoChange);
  rows.values.row(count) = rows.values.row(0);
  rows.weight[0] /= 2;
  rows.weight.push_back(rows.weight[0]);
  rows.first[1] += 1;
  CHECK(distance(network.logits(all_of(split)), expected) < 1e-13);
  rows.weight.back() *= 2;
  CHECK(distance(network.logits(all_of(split)), expected) > 1e-9);
}

TEST_CASE("a structure's probability does not depend on its batch") {
  const auto set = test::make_structures(5, 5, 9);
  const auto network = random_network(small(), 5);
  const Examples examples(set, {}, at::kDouble);
  const auto together = network.logits(examples.slice(0, 5));
  for (std::int64_t s = 0; s < 5; ++s) {
    CHECK(distance(network.logits(examples.slice(s, s + 1)), together.narrow(0, s, 1)) < 1e-13);
  }
}

TEST_CASE("fresh weights are Glorot-uniform and orthogonal, biases zero") {
  auto configuration = small();
  configuration.width = 64;
  configuration.readout_hidden = 20;
  AtomSets network(configuration, 32, at::kDouble);
  network.initialise(4);
  const auto& weights = network.weights();
  const auto kernel = weights.phi.front().kernel;
  const double limit = std::sqrt(6.0 / (32 + 64));
  CHECK(kernel.abs().max().item<double>() < limit);
  CHECK(kernel.abs().max().item<double>() > 0.99 * limit);
  CHECK(kernel.mean().item<double>() == Approx(0).margin(0.05 * limit));
  const auto four_gates = with_forget_gate(weights, network.forget());
  CHECK(distance(four_gates.kernel.mm(four_gates.kernel.t()), at::eye(40, at::kDouble)) < 1e-12);
  CHECK(weights.recurrent_bias.abs().max().item<double>() == 0);
  CHECK(weights.out.bias.abs().max().item<double>() == 0);

  AtomSets same(configuration, 32, at::kDouble);
  same.initialise(4);
  CHECK(at::equal(same.weights().flat(), weights.flat()));
  same.initialise(5);
  CHECK_FALSE(at::equal(same.weights().flat(), weights.flat()));
}

TEST_CASE("dropout masks drop their share and preserve the mean") {
  RandomStream random(2);
  const auto mask = dropout_mask(at::zeros({400, 250}, at::kFloat), 0.3, random);
  CHECK((mask == 0).to(at::kDouble).mean().item<double>() == Approx(0.3).margin(0.005));
  CHECK(mask.mean().item<double>() == Approx(1).margin(0.01));
  CHECK(mask.max().item<double>() == Approx(1 / 0.7));
}

TEST_CASE("the forget gate is stored in files, but not used in the computation") {
  auto network = random_network(small(), 5);
  const auto batch = all_of(test::make_structures(4, 5, 2));
  const auto expected = network.logits(batch);
  const auto path = test::scratch("forget") / "member.h5";
  Configuration configuration;
  configuration.model = network.configuration();
  write_member(path, network, configuration, 99);
  const auto read_back = read_member(h5::File::open(path), at::kDouble);
  CHECK(at::equal(read_back.weights().flat(), network.weights().flat()));
  CHECK(at::equal(read_back.forget().kernel, network.forget().kernel));
  CHECK(read_back.configuration() == network.configuration());
  network.forget().kernel.fill_(100);
  CHECK(at::equal(network.logits(batch), expected));
}

TEST_CASE("an LSTM's forget gate is used, trained and stored in files") {
  auto configuration = small();
  configuration.readout_cell = ReadoutCell::lstm;
  auto network = random_network(configuration, 5);
  const auto batch = all_of(test::make_structures(4, 5, 2));
  const auto expected = network.logits(batch);
  const auto path = test::scratch("lstm") / "member.h5";
  Configuration member;
  member.model = configuration;
  write_member(path, network, member, 99);
  const auto read_back = read_member(h5::File::open(path), at::kDouble);
  CHECK(read_back.configuration().readout_cell == ReadoutCell::lstm);
  CHECK(at::equal(read_back.weights().flat(), network.weights().flat()));
  CHECK(at::equal(read_back.logits(batch), expected));

  // The same weights in the published cell, which drops the state, give other values.
  auto published = random_network(small(), 5);
  const auto file = h5::File::open(path);
  read_weights(file, "/", published);
  CHECK(distance(published.logits(batch), expected) > 1e-6);

  network.weights().recurrent.narrow(1, 3 * 7, 7).fill_(0.3);
  CHECK(distance(network.logits(batch), expected) > 1e-6);
}
