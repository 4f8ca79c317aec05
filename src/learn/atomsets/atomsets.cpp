// SPDX-License-Identifier: BSD-3-Clause
#include "atomsets.hpp"

#include "ionsift/base/errands.hpp"
#include "ionsift/base/error.hpp"

#include "tensor/dropout.hpp"

#include <ATen/ops/addmm.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/threshold_backward.h>
#include <ATen/ops/zeros.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace ionsift::learn {

namespace {

at::Tensor infer(const std::vector<Dense>& layers, at::Tensor x) {
  for (const auto& layer : layers) {
    run_errands();
    x = at::addmm(layer.bias, x, layer.kernel).relu_();
  }
  return x;
}

} // namespace

AtomSets::AtomSets(const AtomSetsConfiguration& configuration, std::int64_t columns,
                   const at::TensorOptions& options)
    : configuration_(configuration), weights_(configuration, columns, options),
      kernels_(&kernels_for(options.device())) {
  const std::int64_t hidden = configuration.readout_hidden;
  forget_ = {at::zeros({2 * hidden, hidden}, options), at::zeros({hidden}, options)};
}

Parameters& AtomSets::gradients() {
  if (!gradients_) {
    gradients_.emplace(configuration_, columns(), weights_.flat().options());
  }
  return *gradients_;
}

AtomSets AtomSets::to(const at::TensorOptions& options) const {
  AtomSets copy(configuration_, columns(), options);
  copy.weights_.flat().copy_(weights_.flat());
  copy.forget_ = {forget_.kernel.to(options), forget_.bias.to(options)};
  return copy;
}

void AtomSets::copy_weights(const AtomSets& other) {
  const auto& ours = weights_;
  const auto& theirs = other.weights_;
  for (std::size_t i = 0; i < std::max(ours.names().size(), theirs.names().size()); ++i) {
    const auto describe = [i](const Parameters& p) {
      return i < p.names().size()
                 ? fmt::format("{} [{}]", p.names()[i], fmt::join(p.tensors()[i].sizes(), " x "))
                 : std::string("no more tensors");
    };
    IONSIFT_VALIDATE(describe(ours) == describe(theirs), conflict,
                     "weights of a network of another shape cannot be taken over",
                     fmt::format("this one has {}, the other {}", describe(ours), describe(theirs)),
                     "Use the same layers, width and readout_hidden, and features of as many columns.");
  }
  weights_.flat().copy_(theirs.flat());
  forget_ = {other.forget_.kernel.to(forget_.kernel.options()).clone(),
             other.forget_.bias.to(forget_.bias.options()).clone()};
}

at::Tensor AtomSets::logits(const Batch& batch) const {
  Set2SetTape tape;
  const Set2Set readout(weights_, *kernels_, configuration_);
  const auto read = readout.forward(batch.ragged, infer(weights_.phi, batch.values), tape);
  return at::addmm(weights_.out.bias, infer(weights_.rho, read), weights_.out.kernel).squeeze(1);
}

at::Tensor AtomSets::loss_and_gradients(const Batch& batch, RandomStream& dropout) {
  auto& gradients = this->gradients();
  std::vector<LayerTape> phi_tape;
  std::vector<LayerTape> rho_tape;
  Set2SetTape readout_tape;
  const Set2Set readout(weights_, *kernels_, configuration_);
  const auto rows =
      dense_forward(weights_.phi, batch.values, configuration_.dropout_before, dropout, phi_tape);
  const auto read = readout.forward(batch.ragged, rows, readout_tape);
  const auto last = dense_forward(weights_.rho, read, configuration_.dropout_after, dropout, rho_tape);
  const auto logit = at::addmm(weights_.out.bias, last, weights_.out.kernel);
  const auto label = batch.label.unsqueeze(1);
  const auto loss = at::binary_cross_entropy_with_logits(logit, label);

  const auto logit_gradient =
      logit.sigmoid().sub_(label).mul_(1.0 / static_cast<double>(batch.ragged.structures()));
  at::mm_out(gradients.out.kernel, last.t(), logit_gradient);
  at::sum_out(gradients.out.bias, logit_gradient, 0);
  auto gradient = dense_backward(weights_.rho, gradients.rho, configuration_.dropout_after, rho_tape,
                                 logit_gradient.mm(weights_.out.kernel.t()), true);
  gradient = readout.backward(batch.ragged, readout_tape, gradient, gradients);
  dense_backward(weights_.phi, gradients.phi, configuration_.dropout_before, phi_tape, gradient, false);

  return loss.add_(add_penalty(weights_.phi, gradients.phi, configuration_.l2_before))
      .add_(add_penalty(weights_.rho, gradients.rho, configuration_.l2_after));
}

at::Tensor AtomSets::dense_forward(const std::vector<Dense>& layers, at::Tensor x, double dropout,
                                   RandomStream& random, std::vector<LayerTape>& tape) const {
  for (const auto& layer : layers) {
    run_errands();
    auto y = at::addmm(layer.bias, x, layer.kernel).relu_();
    if (dropout > 0) {
      y.mul_(dropout_mask(y, dropout, random));
    }
    tape.push_back({x, y});
    x = y;
  }
  return x;
}

at::Tensor AtomSets::dense_backward(const std::vector<Dense>& layers, std::vector<Dense>& gradients,
                                    double dropout, const std::vector<LayerTape>& tape,
                                    at::Tensor output_gradient, bool input_needed) const {
  for (std::size_t i = layers.size(); i-- > 0;) {
    // An output is positive exactly where neither ReLU nor dropout stopped it.
    run_errands();
    auto z_gradient = at::threshold_backward(output_gradient, tape[i].output, 0);
    if (dropout > 0) {
      z_gradient.mul_(1 / (1 - dropout));
    }
    at::mm_out(gradients[i].kernel, tape[i].input.t(), z_gradient);
    at::sum_out(gradients[i].bias, z_gradient, 0);
    if (i > 0 || input_needed) {
      output_gradient = z_gradient.mm(layers[i].kernel.t());
    }
  }
  return output_gradient;
}

/// Adds the gradient of factor x sum of squares of the kernels; returns that sum.
at::Tensor AtomSets::add_penalty(const std::vector<Dense>& layers, std::vector<Dense>& gradients,
                                 double factor) const {
  auto sum = at::zeros({}, weights_.flat().options());
  if (factor > 0) {
    for (std::size_t i = 0; i < layers.size(); ++i) {
      const auto kernel = layers[i].kernel.view(-1);
      gradients[i].kernel.view(-1).add_(kernel, 2 * factor);
      sum.add_(kernel.dot(kernel), factor);
    }
  }
  return sum;
}

} // namespace ionsift::learn
