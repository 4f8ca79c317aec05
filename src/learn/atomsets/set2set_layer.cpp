// SPDX-License-Identifier: BSD-3-Clause
#include "set2set_layer.hpp"

#include "ionsift/base/errands.hpp"

#include <ATen/ops/addmm.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/zeros_like.h>

namespace ionsift::learn {

at::Tensor Set2Set::forward(const Ragged& ragged, const at::Tensor& x, Set2SetTape& tape) const {
  tape.input = x;
  tape.memory = at::addmm(weights_.memory.bias, x, weights_.memory.kernel);
  tape.steps.clear();
  tape.steps.push_back(first_step(ragged, tape.memory));
  while (static_cast<int>(tape.steps.size()) < steps_) {
    tape.steps.push_back(next_step(ragged, tape.memory, tape.steps.back()));
  }
  const auto& last = tape.steps.back();
  return steps_ > 1 ? last.query : at::cat({last.h.expand_as(last.read), last.read}, 1);
}

/// @param previous the state of the previous step, if it is carried over
void Set2Set::pass_gate(Set2SetTape::Step& step, const at::Tensor& previous) const {
  if (carried_) {
    step.state = at::empty_like(step.cell);
    kernels_.gate_carried(step.gates, previous, step.state, step.cell, step.h);
  } else {
    kernels_.gate(step.gates, step.cell, step.h);
  }
}

Set2SetTape::Step Set2Set::first_step(const Ragged& ragged, const at::Tensor& memory) const {
  const auto hidden = memory.size(1);
  Set2SetTape::Step step;
  step.gates = weights_.recurrent_bias.unsqueeze(0).clone();
  step.cell = at::empty({1, hidden}, memory.options());
  step.h = at::empty({1, hidden}, memory.options());
  step.read = at::empty({ragged.structures(), hidden}, memory.options());
  pass_gate(step, at::zeros_like(step.cell));
  step.attention = kernels_.attend(ragged, memory, step.h, step.read);
  return step;
}

Set2SetTape::Step Set2Set::next_step(const Ragged& ragged, const at::Tensor& memory,
                                     const Set2SetTape::Step& previous) const {
  run_errands();
  const auto hidden = memory.size(1);
  Set2SetTape::Step step;
  if (previous.query.defined()) {
    step.gates = at::addmm(weights_.recurrent_bias, previous.query, weights_.recurrent);
  } else {
    const auto from_h =
        at::addmm(weights_.recurrent_bias, previous.h, weights_.recurrent.narrow(0, 0, hidden)).squeeze(0);
    step.gates = at::addmm(from_h, previous.read, weights_.recurrent.narrow(0, hidden, hidden));
  }
  step.cell = at::empty({ragged.structures(), hidden}, memory.options());
  step.query = at::empty({ragged.structures(), 2 * hidden}, memory.options());
  step.h = step.query.narrow(1, 0, hidden);
  step.read = step.query.narrow(1, hidden, hidden);
  pass_gate(step, previous.state);
  step.attention = kernels_.attend(ragged, memory, step.h, step.read);
  return step;
}

at::Tensor Set2Set::backward(const Ragged& ragged, const Set2SetTape& tape, const at::Tensor& output_gradient,
                             Parameters& gradients) const {
  const auto hidden = tape.memory.size(1);
  const auto memory_gradient = at::zeros_like(tape.memory);
  gradients.recurrent_bias.zero_();
  if (steps_ == 1) {
    gradients.recurrent.zero_();
  }

  auto h_gradient = output_gradient.narrow(1, 0, hidden);
  auto read_gradient = output_gradient.narrow(1, hidden, hidden);
  if (steps_ == 1) {
    h_gradient = h_gradient.sum(0, true);
  }
  auto state_gradient = carried_ ? at::zeros_like(tape.steps.back().state) : at::Tensor();
  for (std::size_t t = tape.steps.size(); t-- > 0;) {
    run_errands();
    const auto& step = tape.steps[t];
    kernels_.attend_backward(ragged, tape.memory, step.h, step.attention, step.read, read_gradient,
                             memory_gradient, h_gradient);
    const auto z_gradient = at::empty_like(step.gates);
    if (carried_) {
      const auto before = t > 0 ? tape.steps[t - 1].state : at::zeros_like(step.state);
      kernels_.gate_carried_backward(step.gates, before, step.cell, h_gradient, state_gradient, z_gradient);
      state_gradient = before.size(0) == 1 ? state_gradient.sum(0, true) : state_gradient;
    } else {
      kernels_.gate_backward(step.gates, step.cell, h_gradient, z_gradient);
    }
    const auto total = z_gradient.sum(0, true);
    gradients.recurrent_bias.add_(total.squeeze(0));
    if (t == 0) {
      break;
    }
    // The last step writes the kernel's gradient, the ones before it add theirs.
    const double keep = t + 1 == tape.steps.size() ? 0.0 : 1.0;
    const auto& previous = tape.steps[t - 1];
    if (previous.query.defined()) {
      gradients.recurrent.addmm_(previous.query.t(), z_gradient, keep);
      const auto query_gradient = z_gradient.mm(weights_.recurrent.t());
      h_gradient = query_gradient.narrow(1, 0, hidden);
      read_gradient = query_gradient.narrow(1, hidden, hidden);
    } else {
      gradients.recurrent.narrow(0, 0, hidden).addmm_(previous.h.t(), total, keep);
      gradients.recurrent.narrow(0, hidden, hidden).addmm_(previous.read.t(), z_gradient, keep);
      h_gradient = total.mm(weights_.recurrent.narrow(0, 0, hidden).t());
      read_gradient = z_gradient.mm(weights_.recurrent.narrow(0, hidden, hidden).t());
    }
  }
  at::mm_out(gradients.memory.kernel, tape.input.t(), memory_gradient);
  at::sum_out(gradients.memory.bias, memory_gradient, 0);
  return memory_gradient.mm(weights_.memory.kernel.t());
}

} // namespace ionsift::learn
