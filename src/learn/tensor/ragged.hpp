// SPDX-License-Identifier: BSD-3-Clause
// Batches of structures of different sizes, without padding.
#pragma once

#include "tensor.hpp"

#include <cstdint>
#include <vector>

namespace ionsift::learn {

/// The assignment of concatenated rows to structures.
struct Ragged {
  std::vector<std::int64_t> first; ///< [structures + 1] row offsets, starting at 0
  at::Tensor weight;               ///< [rows] weight of a row in its structure's attention
  at::Tensor log_weight;           ///< [structures x rows] log weight, -inf for rows of other structures;
                                   ///< undefined on the CPU, which walks the offsets instead

  std::int64_t structures() const { return static_cast<std::int64_t>(first.size()) - 1; }
  std::int64_t rows() const { return first.back(); }
};

/// @param weight [rows], on the device where the network is
Ragged make_ragged(std::vector<std::int64_t> first, at::Tensor weight);

/// The `log_weight` of Ragged, which `make_ragged` leaves out on the CPU.
at::Tensor masked_log_weight(const std::vector<std::int64_t>& first, const at::Tensor& weight);

/// One batch of input.
struct Batch {
  at::Tensor values; ///< [rows x columns]
  Ragged ragged;
  at::Tensor label; ///< [structures] 0 or 1; undefined for prediction
};

} // namespace ionsift::learn
