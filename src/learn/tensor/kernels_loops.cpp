// SPDX-License-Identifier: BSD-3-Clause
// Kernels for the CPU.
#include "lamb_loops.hpp"
#include "tensor_kernels.hpp"

#include <ATen/ops/empty.h>

#include <Eigen/Core>
#include <cmath>

namespace ionsift::learn {

namespace {

template <typename T>
using Array = Eigen::Array<T, 1, Eigen::Dynamic>;
template <typename T>
using Row = Eigen::Map<Array<T>>;
template <typename T>
using Block = Eigen::Map<const Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;

/// The rows of a matrix, each of them contiguous. Querying the tensor for every row would cost more than
/// the arithmetic on a short one.
template <typename T>
class Rows {
public:
  explicit Rows(const at::Tensor& matrix)
      : data_(matrix.data_ptr<T>()), stride_(matrix.stride(0)), rows_(matrix.size(0)),
        columns_(matrix.size(1)) {}
  Row<T> operator[](std::int64_t i) const { return {data_ + i * stride_, columns_}; }
  std::int64_t rows() const { return rows_; }
  std::int64_t columns() const { return columns_; }

private:
  T* data_;
  std::int64_t stride_, rows_, columns_;
};

template <typename T>
Row<T> all(const at::Tensor& tensor) {
  return {tensor.data_ptr<T>(), tensor.numel()};
}

/// Calls `f` with a value of the tensor's element type.
template <typename F>
void with_type_of(const at::Tensor& tensor, const F& f) {
  if (tensor.scalar_type() == at::kFloat) {
    f(float{});
  } else {
    f(double{});
  }
}

template <typename T>
void attend(const Ragged& ragged, const at::Tensor& memory, const at::Tensor& h, const at::Tensor& read,
            const at::Tensor& attention) {
  const Rows<T> rows(memory), queries(h), reads(read);
  const auto weight = all<T>(ragged.weight);
  auto a = all<T>(attention);
  for (std::int64_t s = 0; s < ragged.structures(); ++s) {
    const auto first = ragged.first[static_cast<std::size_t>(s)];
    const auto n = ragged.first[static_cast<std::size_t>(s) + 1] - first;
    const Block<T> m(rows[first].data(), n, rows.columns());
    auto share = a.segment(first, n);
    share.matrix().noalias() = queries[queries.rows() == 1 ? 0 : s].matrix() * m.transpose();
    share = weight.segment(first, n) * (share - share.maxCoeff()).exp();
    share /= share.sum();
    reads[s].matrix().noalias() = share.matrix() * m;
  }
}

template <typename T>
void attend_backward(const Ragged& ragged, const at::Tensor& memory, const at::Tensor& h,
                     const at::Tensor& attention, const at::Tensor& read, const at::Tensor& read_gradient,
                     const at::Tensor& memory_gradient, const at::Tensor& h_gradient) {
  const Rows<T> rows(memory), queries(h), reads(read);
  const Rows<T> read_gradients(read_gradient), row_gradients(memory_gradient), query_gradients(h_gradient);
  const auto a = all<T>(attention);
  for (std::int64_t s = 0; s < ragged.structures(); ++s) {
    const auto shared = queries.rows() == 1 ? 0 : s;
    const auto query = queries[shared];
    auto query_gradient = query_gradients[shared];
    const auto dread = read_gradients[s];
    const T mean = (reads[s] * dread).sum();
    const auto end = ragged.first[static_cast<std::size_t>(s) + 1];
    for (auto r = ragged.first[static_cast<std::size_t>(s)]; r < end; ++r) {
      const auto m = rows[r];
      const T dscore = a[r] * ((m * dread).sum() - mean);
      row_gradients[r] += a[r] * dread + dscore * query;
      query_gradient += dscore * m;
    }
  }
}

/// clip(0.2 z + 0.5, 0, 1).
template <typename T, typename Expression>
auto clipped(const Expression& z) {
  return (T(0.2) * z + T(0.5)).max(T(0)).min(T(1));
}

/// Its slope, computed from its value.
template <typename T, typename Expression>
auto clip_slope(const Expression& value) {
  return (value > T(0) && value < T(1)).template cast<T>() * T(0.2);
}

template <typename T>
void gate(const at::Tensor& z, const at::Tensor& cell, const at::Tensor& h) {
  const Rows<T> all_gates(z), cells(cell), outputs(h);
  const auto hidden = cells.columns();
  for (std::int64_t s = 0; s < cells.rows(); ++s) {
    auto gates = all_gates[s];
    auto i = gates.segment(0, hidden);
    auto g = gates.segment(hidden, hidden);
    auto o = gates.segment(2 * hidden, hidden);
    i = clipped<T>(i);
    g = g.tanh();
    o = clipped<T>(o);
    auto c = cells[s];
    c = (i * g).tanh();
    outputs[s] = o * c;
  }
}

template <typename T>
void gate_backward(const at::Tensor& gates, const at::Tensor& cell, const at::Tensor& h_gradient,
                   const at::Tensor& z_gradient) {
  const Rows<T> all_gates(gates), cells(cell), output_gradients(h_gradient), gate_gradients(z_gradient);
  const auto hidden = cells.columns();
  for (std::int64_t s = 0; s < cells.rows(); ++s) {
    const auto z = all_gates[s];
    const auto i = z.segment(0, hidden);
    const auto g = z.segment(hidden, hidden);
    const auto o = z.segment(2 * hidden, hidden);
    const auto c = cells[s];
    const auto dh = output_gradients[s];
    auto dz = gate_gradients[s];
    // First the gradient of i g, in the place of the input gate's.
    auto dig = dz.segment(0, hidden);
    dig = dh * o * (T(1) - c.square());
    dz.segment(hidden, hidden) = dig * i * (T(1) - g.square());
    dz.segment(2 * hidden, hidden) = dh * c * clip_slope<T>(o);
    dig *= g * clip_slope<T>(i);
  }
}

template <typename T>
void gate_carried(const at::Tensor& z, const at::Tensor& previous, const at::Tensor& state,
                  const at::Tensor& cell, const at::Tensor& h) {
  const Rows<T> all_gates(z), before(previous), states(state), cells(cell), outputs(h);
  const auto hidden = cells.columns();
  for (std::int64_t s = 0; s < cells.rows(); ++s) {
    auto gates = all_gates[s];
    auto i = gates.segment(0, hidden);
    auto g = gates.segment(hidden, hidden);
    auto o = gates.segment(2 * hidden, hidden);
    auto f = gates.segment(3 * hidden, hidden);
    i = clipped<T>(i);
    g = g.tanh();
    o = clipped<T>(o);
    f = clipped<T>(f);
    auto now = states[s];
    now = f * before[before.rows() == 1 ? 0 : s] + i * g;
    auto c = cells[s];
    c = now.tanh();
    outputs[s] = o * c;
  }
}

template <typename T>
void gate_carried_backward(const at::Tensor& gates, const at::Tensor& previous, const at::Tensor& cell,
                           const at::Tensor& h_gradient, const at::Tensor& state_gradient,
                           const at::Tensor& z_gradient) {
  const Rows<T> all_gates(gates), before(previous), cells(cell), output_gradients(h_gradient);
  const Rows<T> state_gradients(state_gradient), gate_gradients(z_gradient);
  const auto hidden = cells.columns();
  for (std::int64_t s = 0; s < cells.rows(); ++s) {
    const auto z = all_gates[s];
    const auto i = z.segment(0, hidden);
    const auto g = z.segment(hidden, hidden);
    const auto o = z.segment(2 * hidden, hidden);
    const auto f = z.segment(3 * hidden, hidden);
    const auto c = cells[s];
    const auto dh = output_gradients[s];
    auto dstate = state_gradients[s];
    auto dz = gate_gradients[s];
    dstate += dh * o * (T(1) - c.square());
    dz.segment(0, hidden) = dstate * g * clip_slope<T>(i);
    dz.segment(hidden, hidden) = dstate * i * (T(1) - g.square());
    dz.segment(2 * hidden, hidden) = dh * c * clip_slope<T>(o);
    dz.segment(3 * hidden, hidden) = dstate * before[before.rows() == 1 ? 0 : s] * clip_slope<T>(f);
    dstate *= f;
  }
}

template <typename T>
void lamb(const LambTensor& tensor, const LambStep& step, Array<T>& update) {
  auto w = all<T>(tensor.weight);
  const auto bias = [&](double beta) { return static_cast<T>(1 / (1 - std::pow(beta, step.number))); };
  const LambFactors<T> factors = {static_cast<T>(step.beta1), static_cast<T>(step.beta2), bias(step.beta1),
                                  bias(step.beta2), static_cast<T>(step.epsilon)};
  const auto n = static_cast<std::size_t>(w.size());
  update.resize(std::max(update.size(), w.size()));
  auto squares =
      lamb_moments(factors, n, w.data(), tensor.gradient.data_ptr<T>(), tensor.first_moment.data_ptr<T>(),
                   tensor.second_moment.data_ptr<T>(), update.data());
  squares.weight += tensor.frozen_square;
  const bool scaled = squares.weight > 0 && squares.update > 0;
  const double ratio = scaled ? std::sqrt(squares.weight / squares.update) : 1.0;
  lamb_move(n, static_cast<T>(step.rate * ratio), update.data(), w.data());
}

class LoopKernels final : public Kernels {
public:
  at::Tensor attend(const Ragged& ragged, const at::Tensor& memory, const at::Tensor& h,
                    const at::Tensor& read) const override {
    auto attention = at::empty({memory.size(0)}, memory.options());
    with_type_of(memory,
                 [&](auto zero) { learn::attend<decltype(zero)>(ragged, memory, h, read, attention); });
    return attention;
  }
  void attend_backward(const Ragged& ragged, const at::Tensor& memory, const at::Tensor& h,
                       const at::Tensor& attention, const at::Tensor& read, const at::Tensor& read_gradient,
                       const at::Tensor& memory_gradient, const at::Tensor& h_gradient) const override {
    with_type_of(memory, [&](auto zero) {
      learn::attend_backward<decltype(zero)>(ragged, memory, h, attention, read, read_gradient,
                                             memory_gradient, h_gradient);
    });
  }
  void gate(const at::Tensor& z, const at::Tensor& cell, const at::Tensor& h) const override {
    with_type_of(z, [&](auto zero) { learn::gate<decltype(zero)>(z, cell, h); });
  }
  void gate_backward(const at::Tensor& gates, const at::Tensor& cell, const at::Tensor& h_gradient,
                     const at::Tensor& z_gradient) const override {
    with_type_of(
        gates, [&](auto zero) { learn::gate_backward<decltype(zero)>(gates, cell, h_gradient, z_gradient); });
  }
  void gate_carried(const at::Tensor& z, const at::Tensor& previous, const at::Tensor& state,
                    const at::Tensor& cell, const at::Tensor& h) const override {
    with_type_of(z, [&](auto zero) { learn::gate_carried<decltype(zero)>(z, previous, state, cell, h); });
  }
  void gate_carried_backward(const at::Tensor& gates, const at::Tensor& previous, const at::Tensor& cell,
                             const at::Tensor& h_gradient, const at::Tensor& state_gradient,
                             const at::Tensor& z_gradient) const override {
    with_type_of(gates, [&](auto zero) {
      learn::gate_carried_backward<decltype(zero)>(gates, previous, cell, h_gradient, state_gradient,
                                                   z_gradient);
    });
  }
  void lamb(const std::vector<LambTensor>& tensors, const LambStep& step) const override {
    with_type_of(tensors.front().weight, [&](auto zero) {
      Array<decltype(zero)> update;
      for (const auto& tensor : tensors) {
        learn::lamb<decltype(zero)>(tensor, step, update);
      }
    });
  }
};

} // namespace

const Kernels& loop_kernels() {
  static const LoopKernels kernels;
  return kernels;
}

} // namespace ionsift::learn
