// SPDX-License-Identifier: BSD-3-Clause
#include "ragged.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace ionsift::learn {

at::Tensor masked_log_weight(const std::vector<std::int64_t>& first, const at::Tensor& weight) {
  const auto structures = static_cast<std::int64_t>(first.size()) - 1;
  std::vector<std::int64_t> owner(static_cast<std::size_t>(first.back()));
  for (std::int64_t s = 0; s < structures; ++s) {
    std::fill(owner.begin() + first[static_cast<std::size_t>(s)],
              owner.begin() + first[static_cast<std::size_t>(s) + 1], s);
  }
  const auto column =
      at::from_blob(owner.data(), {1, first.back()}, at::kLong).to(weight.device(), false, true);
  const auto row = at::arange(structures, column.options()).unsqueeze(1);
  return weight.log()
      .unsqueeze(0)
      .expand({structures, -1})
      .masked_fill(row != column, -std::numeric_limits<double>::infinity());
}

Ragged make_ragged(std::vector<std::int64_t> first, at::Tensor weight) {
  Ragged ragged{std::move(first), std::move(weight), {}};
  if (!ragged.weight.is_cpu()) {
    ragged.log_weight = masked_log_weight(ragged.first, ragged.weight);
  }
  return ragged;
}

} // namespace ionsift::learn
