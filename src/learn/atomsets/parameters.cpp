// SPDX-License-Identifier: BSD-3-Clause
#include "parameters.hpp"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <fmt/format.h>

namespace ionsift::learn {

namespace {

struct Slot {
  std::string name;
  std::vector<std::int64_t> shape;
  at::Tensor* tensor;
};

void add_dense(std::vector<Slot>& slots, const std::string& name, Dense& dense, std::int64_t in,
               std::int64_t out) {
  slots.push_back({name + ".kernel", {in, out}, &dense.kernel});
  slots.push_back({name + ".bias", {out}, &dense.bias});
}

std::int64_t elements(const std::vector<std::int64_t>& shape) {
  std::int64_t n = 1;
  for (const auto length : shape) {
    n *= length;
  }
  return n;
}

} // namespace

Parameters::Parameters(const AtomSetsConfiguration& configuration, std::int64_t columns,
                       const at::TensorOptions& options, std::int64_t members)
    : phi(static_cast<std::size_t>(configuration.layers)), rho(phi.size()) {
  const std::int64_t width = configuration.width;
  const std::int64_t hidden = configuration.readout_hidden;
  const std::int64_t gates = configuration.readout_cell == ReadoutCell::lstm ? 4 : 3;
  std::vector<Slot> slots;
  for (std::size_t i = 0; i < phi.size(); ++i) {
    add_dense(slots, fmt::format("phi.{}", i), phi[i], i == 0 ? columns : width, width);
  }
  add_dense(slots, "set2set.m", memory, width, hidden);
  slots.push_back({"set2set.recurrent.kernel", {2 * hidden, gates * hidden}, &recurrent});
  slots.push_back({"set2set.recurrent.bias", {gates * hidden}, &recurrent_bias});
  for (std::size_t i = 0; i < rho.size(); ++i) {
    add_dense(slots, fmt::format("rho.{}", i), rho[i], i == 0 ? 2 * hidden : width, width);
  }
  add_dense(slots, "out", out, width, 1);

  std::int64_t total = 0;
  for (const auto& slot : slots) {
    total += elements(slot.shape);
  }
  // Of many members the first dimension counts them.
  const auto stacked = [&](std::vector<std::int64_t> shape) {
    if (members > 0) {
      shape.insert(shape.begin(), members);
    }
    return shape;
  };
  flat_ = at::zeros(stacked({total}), options);
  std::int64_t offset = 0;
  for (const auto& slot : slots) {
    *slot.tensor = flat_.narrow(-1, offset, elements(slot.shape)).view(stacked(slot.shape));
    offset += elements(slot.shape);
    names_.push_back(slot.name);
    tensors_.push_back(*slot.tensor);
  }
}

/// The named tensors in the order of the flat block.
template <typename Self, typename Visit>
void Parameters::for_each(Self& self, Visit visit) {
  const auto dense = [&](auto& layer) {
    visit(layer.kernel);
    visit(layer.bias);
  };
  for (auto& layer : self.phi) {
    dense(layer);
  }
  dense(self.memory);
  visit(self.recurrent);
  visit(self.recurrent_bias);
  for (auto& layer : self.rho) {
    dense(layer);
  }
  dense(self.out);
}

Parameters Parameters::leaves(const Parameters& gradients) const {
  const at::AutoGradMode recording(true);
  Parameters copy = *this;
  std::size_t i = 0;
  for_each(copy, [&](at::Tensor& tensor) {
    tensor = tensors_[i].detach().requires_grad_();
    tensor.mutable_grad() = gradients.tensors()[i];
    copy.tensors_[i++] = tensor;
  });
  return copy;
}

Dense with_forget_gate(const Parameters& parameters, const Forget& forget) {
  const auto hidden = forget.bias.size(0);
  const auto join = [&](const at::Tensor& gates, const at::Tensor& idle) {
    const auto dim = gates.dim() - 1;
    const auto f = gates.size(dim) == 4 * hidden ? gates.narrow(dim, 3 * hidden, hidden) : idle;
    return at::cat({gates.narrow(dim, 0, hidden), f, gates.narrow(dim, hidden, 2 * hidden)}, dim);
  };
  return {join(parameters.recurrent, forget.kernel), join(parameters.recurrent_bias, forget.bias)};
}

Forget take_forget_gate(const Dense& four_gates, Parameters& parameters) {
  const auto hidden = four_gates.bias.size(0) / 4;
  const auto part = [&](at::Tensor& gates, const at::Tensor& four) {
    const auto dim = four.dim() - 1;
    gates.narrow(dim, 0, hidden).copy_(four.narrow(dim, 0, hidden));
    gates.narrow(dim, hidden, 2 * hidden).copy_(four.narrow(dim, 2 * hidden, 2 * hidden));
    const auto f = four.narrow(dim, hidden, hidden);
    if (gates.size(dim) == 4 * hidden) {
      gates.narrow(dim, 3 * hidden, hidden).copy_(f);
      return at::zeros_like(f);
    }
    return f.clone();
  };
  return {part(parameters.recurrent, four_gates.kernel), part(parameters.recurrent_bias, four_gates.bias)};
}

} // namespace ionsift::learn
