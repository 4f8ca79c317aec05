// SPDX-License-Identifier: BSD-3-Clause
#include "megnet_module.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/random.hpp"

#include <ATen/Dispatch.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/softplus.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ionsift::learn {

/// Collects the tensors, then lays them into one block of memory.
class MegnetModule::Registrar {
public:
  void add(const std::string& name, at::Tensor& tensor, std::vector<std::int64_t> shape) {
    slots_.push_back({name, &tensor, std::move(shape)});
  }
  void dense(const std::string& name, Dense& layer, std::int64_t in, std::int64_t out) {
    add(name + ".kernel", layer.kernel, {in, out});
    add(name + ".bias", layer.bias, {out});
  }
  void mlp(const std::string& name, Mlp& layers, const std::vector<std::int64_t>& widths) {
    layers.resize(widths.size() - 1);
    for (std::size_t i = 0; i < layers.size(); ++i) {
      dense(fmt::format("{}.{}", name, i), layers[i], widths[i], widths[i + 1]);
    }
  }
  /// Makes the tensors as leaves of autograd over two flat ones.
  void lay(MegnetModule& module, const at::TensorOptions& options) {
    std::int64_t total = 0;
    for (const auto& slot : slots_) {
      total += size(slot);
    }
    module.flat_ = at::zeros({total}, options);
    module.gradient_ = at::zeros({total}, options);
    std::int64_t offset = 0;
    for (const auto& slot : slots_) {
      *slot.tensor = module.flat_.narrow(0, offset, size(slot)).view(slot.shape).detach();
      slot.tensor->set_requires_grad(true);
      slot.tensor->mutable_grad() = module.gradient_.narrow(0, offset, size(slot)).view(slot.shape);
      module.names_.push_back(slot.name);
      module.tensors_.push_back(*slot.tensor);
      offset += size(slot);
    }
  }

private:
  struct Slot {
    std::string name;
    at::Tensor* tensor;
    std::vector<std::int64_t> shape;
  };
  static std::int64_t size(const Slot& slot) {
    std::int64_t n = 1;
    for (const auto length : slot.shape) {
      n *= length;
    }
    return n;
  }
  std::vector<Slot> slots_;
};

MegnetModule::MegnetModule(const ParentShape& shape, const megnet::GraphConverter& converter, bool mapped,
                           at::ScalarType type)
    : shape_(shape), converter_(converter) {
  shape.validate();
  auto centres = converter.centres;
  centres_ = at::from_blob(centres.data(), {1, static_cast<std::int64_t>(centres.size())}, at::kDouble)
                 .to(type, false, true);
  blocks_.resize(static_cast<std::size_t>(shape.blocks));
  maps_.resize(mapped ? blocks_.size() : 0);
  Registrar registrar;
  make_layers(registrar);
  registrar.lay(*this, at::TensorOptions(type));
}

void MegnetModule::make_layers(Registrar& registrar) {
  const std::int64_t f = shape_.features, h = shape_.hidden;
  registrar.add("embedding", embedding_, {elements, embedding_width});
  registrar.mlp("first_v", first_v_, {embedding_width, h, f});
  registrar.mlp("first_e", first_e_, {centres_.size(1), h, f});
  registrar.mlp("first_u", first_u_, {2, h, f});
  for (std::size_t k = 0; k < blocks_.size(); ++k) {
    const auto name = [&](const char* part) { return fmt::format("block_{}.{}", k + 1, part); };
    auto& block = blocks_[k];
    if (k > 0) {
      registrar.mlp(name("dense_v"), block.dense_v, {f, h, f});
      registrar.mlp(name("dense_e"), block.dense_e, {f, h, f});
      registrar.mlp(name("dense_u"), block.dense_u, {f, h, f});
    }
    registrar.mlp(name("phi_e"), block.phi_e, {4 * f, h, h, f});
    registrar.mlp(name("phi_v"), block.phi_v, {3 * f, h, h, f});
    registrar.mlp(name("phi_u"), block.phi_u, {3 * f, h, h, f});
  }
  for (auto* readout : {&readout_v_, &readout_e_}) {
    const auto name = fmt::format("set2set_{}", readout == &readout_v_ ? "v" : "e");
    registrar.dense(name + ".memory", readout->memory, f, readout_hidden);
    registrar.dense(name + ".recurrent", readout->recurrent, 2 * readout_hidden, 4 * readout_hidden);
  }
  registrar.mlp("readout", readout_, {4 * readout_hidden + f, 32, 16, 1});
  for (std::size_t k = 0; k < maps_.size(); ++k) {
    registrar.dense(fmt::format("map_{}", k + 1), maps_[k], f, 32);
  }
}

void MegnetModule::initialise(std::uint64_t seed) {
  const at::NoGradGuard no_grad;
  RandomStream random(seed);
  flat_.zero_();
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    if (tensors_[i].dim() < 2) {
      continue; // biases stay zero
    }
    const double sum = static_cast<double>(tensors_[i].size(0) + tensors_[i].size(1));
    const double limit = names_[i] == "embedding" ? 0.5 : std::sqrt(6.0 / sum);
    auto values = at::empty(tensors_[i].sizes(), at::kDouble);
    auto* data = values.data_ptr<double>();
    for (std::int64_t j = 0; j < values.numel(); ++j) {
      data[j] = random.uniform(-limit, limit);
    }
    tensors_[i].copy_(values);
  }
}

namespace {

/// softplus(x) - ln 2. The input is kept for the gradient, so that the output may be altered in its place.
at::Tensor activate(const at::Tensor& x) {
  return at::softplus(x).sub_(std::numbers::ln2);
}

at::Tensor apply(const Dense& layer, const at::Tensor& x) {
  return at::addmm(layer.bias, x, layer.kernel);
}

/// Dense layers; the last is activated as well, or linear.
at::Tensor apply(const std::vector<Dense>& layers, at::Tensor x, bool activate_last) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    x = apply(layers[i], x);
    if (i + 1 < layers.size() || activate_last) {
      x = activate(x);
    }
  }
  return x;
}

/// Sums of rows by number. Rows are added one after the other, so that the result does not depend on threads.
at::Tensor sum_by(std::int64_t n, const at::Tensor& index, const at::Tensor& rows) {
  auto shape = rows.sizes().vec();
  shape[0] = n;
  return at::zeros(shape, rows.options()).index_add(0, index, rows);
}

/// The largest value of each number, without gradient; 0 where there is none.
at::Tensor largest_by(std::int64_t n, const at::Tensor& index, const at::Tensor& values) {
  const auto from = values.detach().contiguous();
  auto result = at::zeros({n}, from.options());
  AT_DISPATCH_FLOATING_TYPES(from.scalar_type(), "largest_by", [&] {
    std::vector<bool> met(static_cast<std::size_t>(n), false);
    auto* largest = result.data_ptr<scalar_t>();
    for (std::int64_t i = 0; i < from.numel(); ++i) {
      const auto to = index.data_ptr<std::int64_t>()[i];
      const auto value = from.data_ptr<scalar_t>()[i];
      largest[to] = met[static_cast<std::size_t>(to)] ? std::max(largest[to], value) : value;
      met[static_cast<std::size_t>(to)] = true;
    }
  });
  return result;
}

at::Tensor column(const at::Tensor& values) {
  return values.unsqueeze(1);
}

} // namespace

at::Tensor MegnetModule::expand(const at::Tensor& distance) const {
  const auto x = (column(distance) - centres_).div_(converter_.width);
  return x.square().neg_().exp_();
}

auto MegnetModule::forward(const GraphBatch& batch) const -> Output {
  const auto rows = batch.site_weight.size(0);
  State state;
  const auto embedded =
      sum_by(rows, batch.species_row, embedding_.index_select(0, batch.element) * column(batch.occupancy));
  state.v = apply(first_v_, embedded, true);
  state.e = apply(first_e_, expand(batch.distance), true);
  state.u = apply(first_u_, at::zeros({batch.structures, 2}, flat_.options()), true);
  Output output;
  for (std::size_t k = 0; k < blocks_.size(); ++k) {
    output.level.push_back(run_block(k, batch, state));
  }
  const auto sites = read(readout_v_, state.v, batch.row_structure, batch.site_weight, batch.structures);
  const auto edges = read(readout_e_, state.e, batch.edge_structure, batch.edge_weight, batch.structures);
  output.prediction = apply(readout_, at::cat({sites, edges, state.u}, 1), false).squeeze(1);
  return output;
}

at::Tensor MegnetModule::run_block(std::size_t k, const GraphBatch& batch, State& state) const {
  const auto& block = blocks_[k];
  const std::int64_t f = shape_.features;
  const auto v = k > 0 ? apply(block.dense_v, state.v, true) : state.v;
  const auto e = k > 0 ? apply(block.dense_e, state.e, true) : state.e;
  const auto u = k > 0 ? apply(block.dense_u, state.u, true) : state.u;

  // The first edge layer, [v_i, v_j, e, u] W + b, by the parts of W: what comes from sites is made once a
  // site.
  const auto part = [&](std::int64_t i) { return block.phi_e[0].kernel.narrow(0, i * f, f); };
  const auto from_u = at::addmm(block.phi_e[0].bias, u, part(3)).index_select(0, batch.row_structure);
  const auto from_sender = at::addmm(from_u, v, part(0)).index_select(0, batch.sender);
  const auto from_receiver = v.mm(part(1)).index_select(0, batch.receiver);
  const auto first = activate(at::addmm(from_sender + from_receiver, e, part(2)));
  const auto second = activate(apply(block.phi_e[1], first));
  const auto e_change = apply(block.phi_e[2], second);

  const auto edge_sum = sum_by(v.size(0), batch.sender, second * column(batch.count));
  const auto edge_mean =
      apply(block.phi_e[2], edge_sum * column(batch.inverse_degree)) * column(batch.connected);
  const auto u_row = u.index_select(0, batch.row_structure);
  const auto v_change = apply(block.phi_v, at::cat({edge_mean, v, u_row}, 1), false);

  const auto mean = [&](const at::Tensor& rows, const at::Tensor& weight, const at::Tensor& inverse) {
    return sum_by(batch.structures, batch.row_structure, rows * column(weight)) * column(inverse);
  };
  const auto all_edges = mean(edge_mean, batch.row_edge_weight, batch.inverse_edges);
  const auto all_sites = mean(v_change, batch.site_weight, batch.inverse_sites);
  const auto u_change = apply(block.phi_u, at::cat({all_edges, all_sites, u}, 1), false);
  state.v = state.v + v_change;
  state.e = state.e + e_change;
  state.u = state.u + u_change;
  return v_change;
}

at::Tensor MegnetModule::read(const Readout& weights, const at::Tensor& rows, const at::Tensor& structure,
                              const at::Tensor& weight, std::int64_t structures) const {
  const auto memory = apply(weights.memory, rows);
  auto h = at::zeros({structures, readout_hidden}, flat_.options());
  auto attended = at::zeros_like(h);
  for (int step = 0; step < readout_steps; ++step) {
    const auto z = apply(weights.recurrent, at::cat({h, attended}, 1));
    const auto gate = [&](std::int64_t i) { return z.narrow(1, i * readout_hidden, readout_hidden); };
    const auto open = [](const at::Tensor& x) { return (x * 0.2 + 0.5).clamp(0, 1); };
    h = open(gate(3)) * (open(gate(0)) * gate(2).tanh()).tanh(); // f has no effect
    const auto score = (memory * h.index_select(0, structure)).sum(1);
    const auto highest = largest_by(structures, structure, score);
    const auto attention = weight * (score - highest.index_select(0, structure)).exp();
    const auto norm = sum_by(structures, structure, attention).clamp_min(1e-30);
    attended = sum_by(structures, structure, memory * column(attention)) / column(norm);
  }
  return at::cat({h, attended}, 1);
}

at::Tensor MegnetModule::as_taught(const Output& output, std::size_t level) const {
  return maps_.empty() ? output.level[level] : apply(maps_[level], output.level[level]);
}

} // namespace ionsift::learn
