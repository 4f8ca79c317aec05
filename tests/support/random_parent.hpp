// SPDX-License-Identifier: BSD-3-Clause
// A network with random weights, so that its arithmetic can be tested without any file.
#pragma once

#include "ionsift/base/random.hpp"
#include "ionsift/megnet/parent.hpp"

#include <cmath>
#include <vector>

namespace ionsift::test {

inline megnet::Dense<double> random_dense(RandomStream& random, int in, int out) {
  megnet::Dense<double> layer{Matrix<double>(in, out), RowVector<double>(out)};
  const double scale = std::sqrt(6.0 / (in + out));
  for (auto& weight : layer.kernel.reshaped()) {
    weight = random.uniform(-scale, scale);
  }
  for (auto& bias : layer.bias) {
    bias = random.uniform(-0.3, 0.3);
  }
  return layer;
}

inline megnet::Mlp<double> random_mlp(RandomStream& random, const std::vector<int>& widths) {
  megnet::Mlp<double> layers;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i) {
    layers.push_back(random_dense(random, widths[i], widths[i + 1]));
  }
  return layers;
}

inline megnet::Set2SetWeights<double> random_set2set(RandomStream& random, int steps) {
  const auto recurrent = random_dense(random, 32, 64);
  return {random_dense(random, 32, 16), recurrent.kernel, recurrent.bias, steps};
}

inline megnet::Parent random_parent(std::uint64_t seed) {
  RandomStream random(seed);
  megnet::Parent parent;
  parent.name = "Random numbers";
  parent.unit = "eV";
  parent.converter = megnet::GraphConverter::study();
  auto& weights = parent.weights;
  weights.embedding = random_dense(random, 95, 16).kernel;
  weights.first_v = random_mlp(random, {16, 64, 32});
  weights.first_e = random_mlp(random, {100, 64, 32});
  weights.first_u = random_mlp(random, {2, 64, 32});
  for (int k = 0; k < 3; ++k) {
    auto& block = weights.block[k];
    if (k > 0) {
      block.dense_v = random_mlp(random, {32, 64, 32});
      block.dense_e = random_mlp(random, {32, 64, 32});
      block.dense_u = random_mlp(random, {32, 64, 32});
    }
    block.phi_e = random_mlp(random, {128, 64, 64, 32});
    block.phi_v = random_mlp(random, {96, 64, 64, 32});
    block.phi_u = random_mlp(random, {96, 64, 64, 32});
  }
  weights.readout_v = random_set2set(random, 2);
  weights.readout_e = random_set2set(random, 3);
  weights.readout = random_mlp(random, {96, 32, 16, 1});
  return parent;
}

} // namespace ionsift::test
