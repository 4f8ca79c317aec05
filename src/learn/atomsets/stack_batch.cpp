// SPDX-License-Identifier: BSD-3-Clause
#include "stack_batch.hpp"

#include "tensor/dropout.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <functional>
#include <limits>

namespace ionsift::learn {

namespace {

constexpr std::size_t row_slot = 0, owner_slot = 1, structure_slot = 2, mask_slot = 3;

} // namespace

StackBatches::StackBatches(const AtomSetsConfiguration& configuration, const Examples& examples)
    : configuration_(configuration), examples_(examples),
      values_(at::cat({examples.values(), at::zeros({1, examples.columns()}, examples.values().options())})),
      log_weight_(
          at::cat({examples.weight().to(values_.scalar_type()).log(), at::zeros({1}, values_.options())})),
      label_(examples.label().to(values_.scalar_type())) {
  std::vector<std::int64_t> rows;
  for (std::int64_t s = 0; s < examples.size(); ++s) {
    rows.push_back(examples.first()[static_cast<std::size_t>(s) + 1] -
                   examples.first()[static_cast<std::size_t>(s)]);
  }
  std::sort(rows.begin(), rows.end(), std::greater<>());
  most_rows_.push_back(0);
  for (const auto n : rows) {
    most_rows_.push_back(most_rows_.back() + n);
  }
}

StackBatch StackBatches::make(std::int64_t members, std::int64_t structures) const {
  const auto rows = most_rows_[static_cast<std::size_t>(structures)];
  const auto whole = values_.options().dtype(at::kLong);
  StackBatch batch{at::zeros({members, rows}, whole),
                   at::zeros({members, rows}, whole),
                   at::zeros({members, structures}, whole),
                   {},
                   {}};
  for (int layer = 0; layer < configuration_.layers; ++layer) {
    if (configuration_.dropout_before > 0) {
      batch.mask_before.push_back(at::ones({members, rows, configuration_.width}, values_.options()));
    }
    if (configuration_.dropout_after > 0) {
      batch.mask_after.push_back(at::ones({members, structures, configuration_.width}, values_.options()));
    }
  }
  return batch;
}

template <typename T>
T* StackBatches::host(std::size_t slot, const at::Tensor& like) {
  if (hosts_.size() <= slot) {
    hosts_.resize(slot + 1);
  }
  auto& memory = hosts_[slot];
  if (!memory.defined() || memory.sizes() != like.sizes()) {
    memory = at::empty(like.sizes(), like.options().device(at::kCPU));
  }
  return memory.data_ptr<T>();
}

void StackBatches::fill(StackBatch& batch, const std::vector<std::vector<std::int64_t>>& chosen,
                        std::vector<RandomStream>& dropout) {
  const auto padding = examples_.values().size(0);
  auto* row = host<std::int64_t>(row_slot, batch.row);
  auto* owner = host<std::int64_t>(owner_slot, batch.owner);
  auto* structure = host<std::int64_t>(structure_slot, batch.structure);
  std::fill_n(row, batch.row.numel(), padding);
  std::fill_n(owner, batch.owner.numel(), -1);
  used_rows_.assign(chosen.size(), 0);
  for (std::size_t m = 0; m < chosen.size(); ++m) {
    const auto begin = static_cast<std::int64_t>(m) * batch.rows();
    auto& used = used_rows_[m];
    for (std::size_t s = 0; s < chosen[m].size(); ++s) {
      const auto position = static_cast<std::size_t>(chosen[m][s]);
      for (auto r = examples_.first()[position]; r < examples_.first()[position + 1]; ++r, ++used) {
        row[begin + used] = r;
        owner[begin + used] = static_cast<std::int64_t>(s);
      }
      *structure++ = chosen[m][s];
    }
  }
  batch.row.copy_(hosts_[row_slot]);
  batch.owner.copy_(hosts_[owner_slot]);
  batch.structure.copy_(hosts_[structure_slot]);
  if (values_.scalar_type() == at::kFloat) {
    draw_masks<float>(batch, dropout);
  } else {
    draw_masks<double>(batch, dropout);
  }
}

/// In the order in which one network draws them: layer by layer, before the readout and after.
template <typename T>
void StackBatches::draw_masks(StackBatch& batch, std::vector<RandomStream>& dropout) {
  const auto width = static_cast<std::size_t>(configuration_.width);
  auto slot = mask_slot;
  const auto draw = [&](std::vector<at::Tensor>& masks, double probability, const auto& rows_of) {
    for (auto& mask : masks) {
      auto* numbers = host<T>(slot, mask);
      const auto room = static_cast<std::size_t>(mask.size(1)) * width;
      for (std::size_t m = 0; m < dropout.size(); ++m) {
        const auto n = static_cast<std::size_t>(rows_of(m)) * width;
        fill_dropout_mask(numbers + m * room, n, probability, dropout[m]);
        std::fill(numbers + m * room + n, numbers + (m + 1) * room, T(1));
      }
      mask.copy_(hosts_[slot++]);
    }
  };
  draw(batch.mask_before, configuration_.dropout_before, [&](std::size_t m) { return used_rows_[m]; });
  draw(batch.mask_after, configuration_.dropout_after, [&](std::size_t) { return batch.structures(); });
}

at::Tensor StackBatches::values(const StackBatch& batch) const {
  return values_.index_select(0, batch.row.view(-1)).view({batch.members(), batch.rows(), values_.size(1)});
}

at::Tensor StackBatches::log_weight(const StackBatch& batch) const {
  const auto weight =
      log_weight_.index_select(0, batch.row.view(-1)).view({batch.members(), 1, batch.rows()});
  const auto number = at::arange(batch.structures(), batch.owner.options()).view({1, -1, 1});
  return weight.expand({-1, batch.structures(), -1})
      .masked_fill(batch.owner.unsqueeze(1) != number, -std::numeric_limits<double>::infinity());
}

at::Tensor StackBatches::label(const StackBatch& batch) const {
  return label_.index_select(0, batch.structure.view(-1)).view_as(batch.structure);
}

} // namespace ionsift::learn
