// SPDX-License-Identifier: BSD-3-Clause
#include "input_order.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include <algorithm>
#include <numeric>

namespace ionsift::store {

namespace {

std::vector<std::size_t> sorted_by_index(std::span<const OrderedItem> items) {
  std::vector<std::size_t> order(items.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return items[i].index; });
  return order;
}

/// The items of one range of indices, on the rank that looks after it.
struct Range {
  std::vector<OrderedItem> items;   ///< items in order of arrival
  std::vector<std::size_t> from;    ///< [ranks] how many came from each
  std::vector<std::size_t> sorted;  ///< positions sorted by index
  std::vector<std::uint64_t> block; ///< [items] as they arrived
};

void number_blocks(const parallel::Communicator& comm, Range& range, std::uint64_t block_weight) {
  std::uint64_t weight = 0;
  for (const auto& item : range.items) {
    weight += item.weight;
  }
  std::uint64_t before = comm.sum_before(weight);
  range.block.resize(range.items.size());
  for (const auto i : range.sorted) {
    range.block[i] = before / block_weight;
    before += range.items[i].weight;
  }
}

} // namespace

InputOrder::InputOrder(const parallel::Communicator& comm, std::span<const OrderedItem> mine,
                       std::uint64_t block_weight)
    : sorted_(sorted_by_index(mine)) {
  const auto ranks = static_cast<std::size_t>(comm.size());
  std::uint64_t indices = sorted_.empty() ? 0 : mine[sorted_.back()].index + 1;
  indices = comm.all_reduce(indices, parallel::Reduction::max);
  std::vector<OrderedItem> out;
  std::vector<std::size_t> counts(ranks, 0);
  for (const auto i : sorted_) {
    out.push_back(mine[i]);
    ++counts.at(static_cast<std::size_t>(parallel::owner_of(mine[i].index, indices, comm.size())));
  }
  Range range;
  range.items = comm.all_to_all(std::span<const OrderedItem>(out), counts);
  range.from = comm.all_to_all(std::span<const std::size_t>(counts), std::vector<std::size_t>(ranks, 1));
  range.sorted = sorted_by_index(range.items);
  parallel::together(comm, [&] {
    const auto same = [&](std::size_t a, std::size_t b) {
      return range.items[a].index == range.items[b].index;
    };
    IONSIFT_ASSERT(std::adjacent_find(range.sorted.begin(), range.sorted.end(), same) == range.sorted.end(),
                   "an index of records occurs twice");
  });
  number_blocks(comm, range, block_weight);
  block_ = comm.all_to_all(std::span<const std::uint64_t>(range.block), range.from);

  // Numbers of blocks leave gaps behind items that are heavier than one.
  std::uint64_t numbers = block_.empty() ? 0 : block_.back() + 1;
  numbers = comm.all_reduce(numbers, parallel::Reduction::max);
  std::vector<std::uint64_t> sizes(numbers, 0);
  for (const auto number : block_) {
    ++sizes[number];
  }
  comm.all_reduce(std::span<std::uint64_t>(sizes), parallel::Reduction::sum);
  first_ = {0};
  std::vector<std::uint64_t> dense(numbers, 0);
  for (std::size_t number = 0; number < numbers; ++number) {
    if (sizes[number] > 0) {
      dense[number] = blocks();
      first_.push_back(first_.back() + sizes[number]);
    }
  }
  for (auto& number : block_) {
    number = dense[number];
  }
}

} // namespace ionsift::store
