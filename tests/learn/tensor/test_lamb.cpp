// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/file.hpp"

#include "support.hpp"
#include "tensor/lamb.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cmath>

using namespace ionsift;
using namespace ionsift::learn;

namespace {

at::Tensor tensor_of(const std::vector<double>& values) {
  return at::tensor(values, at::kDouble);
}

/// f = sum c (w - target)^2 of the reference, minimised for the same number of steps.
void follow_reference(const nlohmann::json& reference, const std::string& path, const Kernels& kernels,
                      const LookaheadOptions& lookahead) {
  std::vector<LambTensor> tensors(2);
  std::vector<at::Tensor> c(2);
  std::vector<at::Tensor> target(2);
  for (std::size_t i = 0; i < 2; ++i) {
    tensors[i].weight = tensor_of(reference.at("start")[i]);
    tensors[i].gradient = at::zeros_like(tensors[i].weight);
    c[i] = tensor_of(reference.at("c")[i]);
    target[i] = tensor_of(reference.at("target")[i]);
  }
  Lamb optimiser(tensors, kernels, lookahead);
  const auto& steps = reference.at(path);
  REQUIRE(steps.size() == 24);
  for (std::size_t step = 0; step < steps.size(); ++step) {
    for (std::size_t i = 0; i < 2; ++i) {
      tensors[i].gradient.copy_(2 * c[i] * (tensors[i].weight - target[i]));
    }
    optimiser.step(triangular2(optimiser.steps(), 1e-3, 1e-1, 5));
    const auto expected = steps[step].get<std::vector<double>>();
    const auto weights = at::cat({tensors[0].weight, tensors[1].weight});
    for (std::size_t k = 0; k < expected.size(); ++k) {
      INFO(path << ", step " << step << ", weight " << k);
      CHECK(weights[static_cast<std::int64_t>(k)].item<double>() == Approx(expected[k]).epsilon(1e-11));
    }
  }
}

} // namespace

TEST_CASE("LAMB and Lookahead reproduce the known answers step by step", "[data]") {
  const auto reference =
      nlohmann::json::parse(read_file(test::data() / "reference" / "learning.json")).at("optimiser");
  for (const auto* kernels : {&loop_kernels(), &operation_kernels()}) {
    follow_reference(reference, "lamb", *kernels, {.period = 0});
    follow_reference(reference, "lamb_lookahead", *kernels, {});
  }
}

TEST_CASE("triangular2 reproduces the known rates", "[data]") {
  const auto rates = nlohmann::json::parse(read_file(test::data() / "reference" / "learning.json"))
                         .at("optimiser")
                         .at("rate");
  for (std::size_t step = 0; step < rates.size(); ++step) {
    CHECK(triangular2(static_cast<std::int64_t>(step), 1e-3, 1e-1, 5) ==
          Approx(rates[step].get<double>()).epsilon(1e-12));
  }
}

TEST_CASE("triangular2 starts low, peaks after a half cycle and halves its height") {
  CHECK(triangular2(0, 0.1, 1.1, 4) == Approx(0.1));
  CHECK(triangular2(2, 0.1, 1.1, 4) == Approx(0.6));
  CHECK(triangular2(4, 0.1, 1.1, 4) == Approx(1.1));
  CHECK(triangular2(8, 0.1, 1.1, 4) == Approx(0.1));
  CHECK(triangular2(12, 0.1, 1.1, 4) == Approx(0.6));
  CHECK(triangular2(20, 0.1, 1.1, 4) == Approx(0.35));
}

TEST_CASE("LAMB scales the step by the norms, by 1 where either is zero") {
  for (const auto* kernels : {&loop_kernels(), &operation_kernels()}) {
    const auto moved = [&](double weight, double gradient, double frozen_square) {
      LambTensor tensor;
      tensor.weight = at::full({3}, weight, at::kDouble);
      tensor.gradient = at::full({3}, gradient, at::kDouble);
      tensor.frozen_square = frozen_square;
      Lamb optimiser({tensor}, *kernels, {.period = 0});
      optimiser.step(0.1);
      return tensor.weight[0].item<double>();
    };
    // The first update of Adam has the size g / (|g| + epsilon), whatever the gradient.
    const double update = 2.0 / (2.0 + 1e-6);
    CHECK(moved(5, 2, 0) == Approx(5 - 0.1 * 5).epsilon(1e-12));
    CHECK(moved(0, 2, 0) == Approx(-0.1 * update).epsilon(1e-12));
    CHECK(moved(5, 0, 0) == 5);
    CHECK(moved(0, 0, 0) == 0);
    // |w|^2 = 3 x 25 + 225 = 300 instead of 75: twice the norm.
    CHECK(moved(5, 2, 225) == Approx(5 - 0.1 * 10).epsilon(1e-12));
    CHECK(moved(0, 2, 12) == Approx(-0.1 * 2).epsilon(1e-12));
  }
}

TEST_CASE("both kernels take the same steps in single precision, also for tensors longer than a piece") {
  std::vector<at::Tensor> results;
  for (const auto* kernels : {&loop_kernels(), &operation_kernels()}) {
    LambTensor tensor;
    tensor.weight = at::linspace(-1, 2, 5000, at::kFloat);
    tensor.gradient = at::zeros({5000}, at::kFloat);
    Lamb optimiser({tensor}, *kernels);
    for (int step = 0; step < 20; ++step) {
      tensor.gradient.copy_((tensor.weight - 0.3).sin());
      optimiser.step(0.01);
    }
    results.push_back(tensor.weight);
  }
  CHECK((results[0] - results[1]).abs().max().item<double>() < 1e-5);
}
