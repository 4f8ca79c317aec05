// SPDX-License-Identifier: BSD-3-Clause
// Records of all ranks in the order of the input, and the blocks in which they are written.
#pragma once

#include "ionsift/parallel/communicator.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace ionsift::store {

/// What the order needs to know of a record.
struct OrderedItem {
  std::uint64_t index = 0;  ///< position in the input
  std::uint64_t weight = 0; ///< bytes, about
};

/// Sorts items over all ranks without any rank knowing them all: each looks after a range of indices. Items
/// that follow each other make a block of about `block_weight`, whatever the number of ranks.
class InputOrder {
public:
  /// Collective. @throws Error internal, on all ranks, when an index occurs twice
  InputOrder(const parallel::Communicator& comm, std::span<const OrderedItem> mine,
             std::uint64_t block_weight);

  std::uint64_t size() const { return first_.back(); }       ///< items of all ranks
  std::uint64_t blocks() const { return first_.size() - 1; } ///< none of them empty
  /// First item of a block; for blocks() the number of all.
  std::uint64_t first_of(std::uint64_t block) const { return first_.at(block); }
  /// This rank's items by index: positions in what it gave.
  const std::vector<std::size_t>& sorted() const { return sorted_; }
  /// [sorted()] the block of each.
  const std::vector<std::uint64_t>& block() const { return block_; }

private:
  std::vector<std::uint64_t> first_; ///< [blocks + 1]
  std::vector<std::size_t> sorted_;
  std::vector<std::uint64_t> block_;
};

} // namespace ionsift::store
