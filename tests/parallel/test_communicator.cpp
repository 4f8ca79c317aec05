// SPDX-License-Identifier: BSD-3-Clause
// Every operation of the communicator, with any number of ranks.
#include "ionsift/base/error.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/parallel/counter.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <numeric>

using ionsift::parallel::Communicator;
using ionsift::parallel::Reduction;
using ionsift::test::world;

namespace {

/// Lengths that differ from rank to rank: 0, 1, 2, ... or, the other way round, full at rank 0.
std::vector<std::int32_t> ragged(int rank) {
  std::vector<std::int32_t> values(static_cast<std::size_t>(rank));
  std::iota(values.begin(), values.end(), 100 * rank);
  return values;
}

template <typename T>
std::span<const T> view(const std::vector<T>& values) {
  return values;
}

} // namespace

TEST_CASE("ranks are numbered from 0") {
  const auto& comm = world();
  CHECK(comm.kind() == "mpi");
  REQUIRE(comm.mpi_handle() != nullptr);
  CHECK(comm.is_root() == (comm.rank() == 0));
  const std::int32_t rank = comm.rank();
  const auto ranks = comm.all_gather(std::span<const std::int32_t>(&rank, 1));
  std::vector<std::int32_t> expected(static_cast<std::size_t>(comm.size()));
  std::iota(expected.begin(), expected.end(), 0);
  CHECK(ranks == expected);
}

TEMPLATE_TEST_CASE("all_reduce", "", double, float, std::int32_t, std::int64_t, std::uint64_t) {
  const auto& comm = world();
  const auto n = static_cast<TestType>(comm.size());
  const auto mine = static_cast<TestType>(comm.rank() + 1);
  CHECK(comm.all_reduce(mine, Reduction::sum) == n * (n + 1) / 2);
  CHECK(comm.all_reduce(mine, Reduction::min) == 1);
  CHECK(comm.all_reduce(mine, Reduction::max) == n);

  std::vector<TestType> values = {mine, 7, static_cast<TestType>(2 * mine)};
  comm.all_reduce(std::span<TestType>(values), Reduction::sum);
  CHECK(values == std::vector<TestType>{n * (n + 1) / 2, 7 * n, n * (n + 1)});
  comm.all_reduce(std::span<TestType>(), Reduction::sum);
}

TEST_CASE("all_reduce keeps all 64 bits of an integer") {
  const std::int64_t large = (std::int64_t(1) << 53) + 1;
  CHECK(world().all_reduce(large, Reduction::max) == large);
  CHECK(world().all_reduce(world().is_root() ? -large : 0, Reduction::sum) == -large);
}

TEST_CASE("sums of floating-point numbers repeat bit for bit") {
  const auto& comm = world();
  std::vector<double> first(1000);
  for (std::size_t i = 0; i < first.size(); ++i) {
    first[i] = 1.0 / static_cast<double>(i + 3 + static_cast<std::size_t>(comm.rank()) * 17);
  }
  auto second = first;
  comm.all_reduce(std::span<double>(first), Reduction::sum);
  comm.all_reduce(std::span<double>(second), Reduction::sum);
  CHECK(first == second);
}

TEST_CASE("sum_before adds up the lower ranks") {
  const auto rank = static_cast<std::uint64_t>(world().rank());
  CHECK(world().sum_before(5) == 5 * rank);
  CHECK(world().sum_before(rank) == rank * (rank - 1) / 2 * (rank > 0 ? 1 : 0));
}

TEST_CASE("all_gather and gather put the values into rank order") {
  const auto& comm = world();
  std::vector<std::int32_t> expected;
  for (int r = 0; r < comm.size(); ++r) {
    const auto part = ragged(r);
    expected.insert(expected.end(), part.begin(), part.end());
  }
  const auto mine = ragged(comm.rank());
  CHECK(comm.all_gather(view(mine)) == expected);
  CHECK(comm.gather(view(mine)) == (comm.is_root() ? expected : std::vector<std::int32_t>()));

  const std::vector<double> nothing;
  CHECK(comm.all_gather(view(nothing)).empty());
  CHECK(comm.gather(view(nothing)).empty());
}

TEST_CASE("all_gather moves structures") {
  struct Pair {
    std::uint64_t index;
    double value;
  };
  const auto& comm = world();
  const Pair mine{static_cast<std::uint64_t>(comm.rank()), 0.5 * comm.rank()};
  const auto all = comm.all_gather(std::span<const Pair>(&mine, 1));
  REQUIRE(all.size() == static_cast<std::size_t>(comm.size()));
  for (std::size_t r = 0; r < all.size(); ++r) {
    CHECK(all[r].index == r);
    CHECK(all[r].value == 0.5 * static_cast<double>(r));
  }
}

TEST_CASE("all_to_all delivers to each rank the values meant for it") {
  const auto& comm = world();
  // Rank r sends (r + to) % 3 values 1000 r + to to rank `to`.
  const auto count = [](int from, int to) { return static_cast<std::size_t>((from + to) % 3); };
  std::vector<std::int64_t> out;
  std::vector<std::size_t> counts;
  std::vector<std::int64_t> expected;
  for (int r = 0; r < comm.size(); ++r) {
    counts.push_back(count(comm.rank(), r));
    out.insert(out.end(), counts.back(), 1000 * comm.rank() + r);
    expected.insert(expected.end(), count(r, comm.rank()), 1000 * r + comm.rank());
  }
  CHECK(comm.all_to_all(view(out), counts) == expected);

  const std::vector<std::size_t> none(static_cast<std::size_t>(comm.size()), 0);
  CHECK(comm.all_to_all(std::span<const double>(), none).empty());
}

TEST_CASE("all_to_all refuses counts that do not add up") {
  const std::vector<double> values(3);
  const std::vector<std::size_t> few(static_cast<std::size_t>(world().size()), 0);
  CHECK_THROWS_WITH(world().all_to_all(view(values), few), Catch::Contains("0 bytes do not fit"));
  CHECK_THROWS_AS(world().all_to_all(view(values), std::vector<std::size_t>{}), ionsift::Error);
}

TEST_CASE("broadcast gives every rank the value of the root") {
  const auto& comm = world();
  for (int root = 0; root < comm.size(); ++root) {
    CHECK(comm.broadcast("text of " + std::to_string(comm.rank()), root) ==
          "text of " + std::to_string(root));
    CHECK(comm.broadcast(ragged(comm.rank()), root) == ragged(root));
  }
  CHECK(comm.broadcast(std::string()).empty());
  CHECK_THROWS_AS(comm.broadcast(std::string(), comm.size()), ionsift::Error);
}

TEST_CASE("a counter hands out each number once") {
  const auto& comm = world();
  const auto counter = comm.make_counter();
  for (int round = 0; round < 3; ++round) {
    std::vector<std::int64_t> mine(50);
    for (auto& value : mine) {
      value = counter->fetch_add(3);
    }
    CHECK(std::is_sorted(mine.begin(), mine.end()));
    auto all = comm.all_gather(view(mine));
    std::sort(all.begin(), all.end());
    for (std::size_t i = 0; i < all.size(); ++i) {
      REQUIRE(all[i] == static_cast<std::int64_t>(3 * i));
    }
    counter->reset();
  }
}

TEST_CASE("a request to a counter can be answered later") {
  const auto& comm = world();
  const auto counter = comm.make_counter();
  CHECK_FALSE(counter->answer());
  CHECK_THROWS_AS(counter->wait(), ionsift::Error);
  counter->add(10);
  counter->ask(1);
  CHECK_THROWS_AS(counter->ask(1), ionsift::Error);
  CHECK(counter->wait() >= 10);
  CHECK_FALSE(counter->answer());
  comm.barrier();
  CHECK(counter->fetch_add(0) == 11 * comm.size());
  comm.barrier();
  counter->ask(5); // an answer that is not collected
  counter->reset();
  CHECK_FALSE(counter->answer());
  CHECK(counter->fetch_add(0) == 0);
  comm.barrier();
  counter->add(2);
  counter->reset(); // nothing arrives after it
  CHECK(counter->fetch_add(0) == 0);
}

TEST_CASE("a rank that waits in a collective answers requests meanwhile") {
  const auto& comm = world();
  const auto counter = comm.make_counter();
  std::int64_t asked = 0;
  if (!comm.is_root()) {
    for (int i = 0; i < 100; ++i) {
      asked = counter->fetch_add(1);
    }
  }
  comm.barrier(); // rank 0 has waited here all the time
  CHECK(comm.all_reduce(asked, Reduction::max) == std::max(0, 100 * (comm.size() - 1) - 1));
}

TEST_CASE("two counters do not disturb each other") {
  const auto a = world().make_counter();
  const auto b = world().make_counter();
  a->fetch_add(5);
  b->fetch_add(7);
  world().barrier();
  CHECK(a->fetch_add(0) == 5 * world().size());
  CHECK(b->fetch_add(0) == 7 * world().size());
  world().barrier();
}

TEST_CASE("the tests run on one node, whose ranks are all ranks") {
  const auto node = world().node();
  CHECK(node.size() == world().size());
  CHECK(node.rank() == world().rank());
  CHECK(node.node().size() == node.size());
  CHECK(node.all_reduce(std::int32_t(1), Reduction::sum) == node.size());
}
