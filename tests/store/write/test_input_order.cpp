// SPDX-License-Identifier: BSD-3-Clause
// The order of records over all ranks, and its blocks, do not depend on which rank has which records.
#include "ionsift/base/random.hpp"

#include "error_of.hpp"
#include "support.hpp"
#include "write/input_order.hpp"

#include <algorithm>
#include <numeric>

using namespace ionsift;

namespace {

/// Items with gaps between their indices; one in fifty is heavier than a block.
std::vector<store::OrderedItem> all_items(std::size_t n) {
  RandomStream random(5);
  std::vector<store::OrderedItem> items;
  for (std::size_t i = 0; i < n; ++i) {
    items.push_back(
        {(std::uint64_t(i * i) << 24) + i % 3, random.below(50) == 0 ? 5000 : 1 + random.below(300)});
  }
  return items;
}

/// The block of each item, in order.
std::vector<std::uint64_t> blocks_of(const parallel::Communicator& comm,
                                     const std::vector<store::OrderedItem>& all, std::uint64_t seed) {
  RandomStream random(seed); // the same draws on all ranks
  RandomStream place_among_mine(seed + 1);
  std::vector<store::OrderedItem> mine;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (random.below(static_cast<std::uint64_t>(comm.size())) == static_cast<std::uint64_t>(comm.rank())) {
      mine.insert(mine.begin() + static_cast<std::ptrdiff_t>(place_among_mine.below(mine.size() + 1)),
                  all[i]);
    }
  }
  const store::InputOrder order(comm, mine, 1000);
  REQUIRE(order.size() == all.size());
  REQUIRE(order.block().size() == mine.size());
  std::vector<std::uint64_t> blocks(all.size(), 0);
  for (std::size_t k = 0; k < mine.size(); ++k) {
    const auto& item = mine[order.sorted()[k]];
    const auto place =
        std::ranges::lower_bound(all, item.index, {}, &store::OrderedItem::index) - all.begin();
    const auto block = order.block()[k];
    blocks[static_cast<std::size_t>(place)] = block + 1;
    REQUIRE(order.first_of(block) <= static_cast<std::uint64_t>(place));
    REQUIRE(order.first_of(block + 1) > static_cast<std::uint64_t>(place));
    REQUIRE((k == 0 || order.block()[k - 1] <= block));
  }
  comm.all_reduce(std::span<std::uint64_t>(blocks), parallel::Reduction::sum);
  return blocks;
}

} // namespace

TEST_CASE("blocks are the same as with one rank") {
  for (const std::size_t n : {0, 1, 5, 400}) {
    const auto all = all_items(n);
    const auto alone = blocks_of(parallel::Communicator::local(), all, 1);
    CHECK(blocks_of(test::world(), all, 2) == alone);
    CHECK(blocks_of(test::world(), all, 3) == alone);
    CHECK(std::ranges::count(alone, 0U) == 0);
  }
}

TEST_CASE("an index that occurs twice is an error on all ranks") {
  const bool last = test::world().rank() == test::world().size() - 1;
  std::vector<store::OrderedItem> mine = {{10 + static_cast<std::uint64_t>(test::world().rank()), 1}};
  if (last) {
    mine.push_back({10, 1});
  }
  const auto error = test::error_of([&] { const store::InputOrder order(test::world(), mine, 1000); });
  CHECK(error.code() == ErrorCode::internal);
}
