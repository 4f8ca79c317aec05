// SPDX-License-Identifier: BSD-3-Clause
// Transfers that need several messages, which the lowered limit makes small.
#include "ionsift/parallel/communicator.hpp"

#include "message_limit.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using ionsift::parallel::Reduction;
using ionsift::test::world;

namespace {

class LoweredLimit {
public:
  explicit LoweredLimit(std::size_t bytes) { ionsift::parallel::message_limit = bytes; }
  ~LoweredLimit() { ionsift::parallel::message_limit = before_; }

private:
  std::size_t before_ = ionsift::parallel::message_limit;
};

/// n bytes that depend on their source and their position.
std::vector<std::uint8_t> pattern(int from, int to, std::size_t n) {
  std::vector<std::uint8_t> bytes(n);
  for (std::size_t i = 0; i < n; ++i) {
    bytes[i] = static_cast<std::uint8_t>((i * 7 + static_cast<std::size_t>(from * 31 + to * 101)) % 251);
  }
  return bytes;
}

void append(std::vector<std::uint8_t>& all, const std::vector<std::uint8_t>& part) {
  all.insert(all.end(), part.begin(), part.end());
}

/// Lengths below, at and above multiples of the limits, and 0.
std::size_t length(int rank) {
  constexpr std::size_t lengths[] = {1000, 0, 64, 65, 63, 1, 128};
  return lengths[rank % 7];
}

} // namespace

TEST_CASE("long transfers in pieces arrive complete") {
  const auto limit = GENERATE(std::size_t(1), std::size_t(64), std::size_t(999), std::size_t(1000));
  const LoweredLimit lowered(limit);
  const auto& comm = world();
  const auto mine = pattern(comm.rank(), 0, length(comm.rank()));

  std::vector<std::uint8_t> all;
  std::vector<std::uint8_t> out;
  std::vector<std::size_t> counts;
  std::vector<std::uint8_t> in;
  for (int r = 0; r < comm.size(); ++r) {
    append(all, pattern(r, 0, length(r)));
    const auto to = pattern(comm.rank(), r, length(comm.rank() + r));
    append(out, to);
    counts.push_back(to.size());
    append(in, pattern(r, comm.rank(), length(comm.rank() + r)));
  }
  const std::span<const std::uint8_t> view(mine);
  CHECK(comm.all_gather(view) == all);
  CHECK(comm.gather(view) == (comm.is_root() ? all : std::vector<std::uint8_t>()));
  CHECK(comm.all_to_all(std::span<const std::uint8_t>(out), counts) == in);
  for (int root = 0; root < comm.size(); ++root) {
    CHECK(comm.broadcast(mine, root) == pattern(root, 0, length(root)));
  }
}

TEST_CASE("long reductions in pieces reduce every element") {
  const auto limit = GENERATE(std::size_t(1), std::size_t(8), std::size_t(100));
  const LoweredLimit lowered(limit);
  std::vector<std::int64_t> values(101);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<std::int64_t>(i) + world().rank();
  }
  world().all_reduce(std::span<std::int64_t>(values), Reduction::max);
  for (std::size_t i = 0; i < values.size(); ++i) {
    REQUIRE(values[i] == static_cast<std::int64_t>(i) + world().size() - 1);
  }
}

TEST_CASE("more bytes than an int can count", "[.large]") {
  // 5 GiB at the receiver for each copy: run by hand with [.large] where there is memory.
  const std::size_t n = (std::size_t(1) << 31) + 5;
  std::vector<std::uint8_t> values(world().is_root() ? n : 3, 1);
  values.back() = 2;
  const auto all = world().all_gather(std::span<const std::uint8_t>(values));
  CHECK(all.size() == n + 3 * static_cast<std::size_t>(world().size() - 1));
  CHECK(all[n - 1] == 2);
  CHECK(all.back() == 2);
}
