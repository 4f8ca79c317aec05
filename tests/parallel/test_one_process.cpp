// SPDX-License-Identifier: BSD-3-Clause
// The communicators without MPI: alone, and as one of many.
#include "ionsift/base/error.hpp"
#include "ionsift/parallel/device.hpp"
#include "ionsift/parallel/gather.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include <catch2/catch.hpp>

using ionsift::parallel::Communicator;
using ionsift::parallel::Reduction;

TEST_CASE("with one rank every operation returns its input") {
  const Communicator comm;
  CHECK(comm.kind() == "local");
  CHECK(comm.size() == 1);
  CHECK(comm.is_root());
  CHECK(comm.mpi_handle() == nullptr);
  comm.barrier();

  const std::vector<double> values = {1.5, 2.5};
  const std::span<const double> view(values);
  CHECK(comm.all_reduce(1.5, Reduction::sum) == 1.5);
  CHECK(comm.sum_before(9) == 0);
  CHECK(comm.all_gather(view) == values);
  CHECK(comm.gather(view) == values);
  CHECK(comm.all_to_all(view, std::vector<std::size_t>{2}) == values);
  CHECK(comm.broadcast(values) == values);
  CHECK(comm.broadcast(std::string("text")) == "text");
  CHECK(comm.node().size() == 1);
}

TEST_CASE("the peers of a dry run hold the same values as this rank") {
  const auto comm = Communicator::dry_run(10000, 3);
  CHECK(comm.kind() == "dry run");
  CHECK(comm.size() == 10000);
  CHECK(comm.rank() == 3);
  CHECK_FALSE(comm.is_root());
  CHECK(comm.mpi_handle() == nullptr);

  CHECK(comm.all_reduce(0.25, Reduction::sum) == 2500.0);
  CHECK(comm.all_reduce(0.25f, Reduction::sum) == 2500.0f);
  CHECK(comm.all_reduce(std::int32_t(-2), Reduction::sum) == -20000);
  CHECK(comm.all_reduce(std::int64_t(1) << 40, Reduction::sum) == 10000 * (std::int64_t(1) << 40));
  CHECK(comm.all_reduce(std::uint64_t(7), Reduction::sum) == 70000);
  CHECK(comm.all_reduce(0.25, Reduction::min) == 0.25);
  CHECK(comm.all_reduce(0.25, Reduction::max) == 0.25);
  CHECK(comm.sum_before(5) == 15);
}

TEST_CASE("a dry run repeats contributions") {
  const std::vector<std::int32_t> values = {1, 2, 3};
  const std::span<const std::int32_t> view(values);
  const std::vector<std::int32_t> three_times = {1, 2, 3, 1, 2, 3, 1, 2, 3};
  const auto root = Communicator::dry_run(3);
  const auto other = Communicator::dry_run(3, 2);
  CHECK(root.all_gather(view) == three_times);
  CHECK(root.gather(view) == three_times);
  CHECK(other.all_gather(view) == three_times);
  CHECK(other.gather(view).empty());
  CHECK(other.broadcast(values, 1) == values);
  CHECK(root.all_to_all(view, std::vector<std::size_t>{1, 0, 2}) == std::vector<std::int32_t>{1, 1, 1});
  CHECK(other.all_to_all(view, std::vector<std::size_t>{1, 0, 2}) ==
        std::vector<std::int32_t>{2, 3, 2, 3, 2, 3});
}

TEST_CASE("a dry run refuses sizes and ranks that are not valid") {
  const auto [size, rank] = GENERATE(table<int, int>({{0, 0}, {-3, 0}, {4, 4}, {4, -1}}));
  CHECK_THROWS_AS(Communicator::dry_run(size, rank), ionsift::Error);
}

TEST_CASE("a dry run does all the work of its queue") {
  ionsift::parallel::WorkQueue queue(Communicator::dry_run(100));
  for (int round = 0; round < 2; ++round) {
    queue.refill(std::vector<double>(500, 1.0));
    int items = 0;
    while (queue.next()) {
      ++items;
    }
    CHECK(items == 500);
  }
}

TEST_CASE("sections fail in one process as in many") {
  for (const auto& comm : {Communicator::local(), Communicator::dry_run(10000, 7)}) {
    CHECK_NOTHROW(ionsift::parallel::together(comm, [] {}));
    CHECK_THROWS_WITH(ionsift::parallel::together(comm, [] { throw std::runtime_error("broken"); }),
                      "broken");
  }
  bool ran = false;
  ionsift::parallel::on_root(Communicator::dry_run(10, 1), [&] { ran = true; });
  CHECK_FALSE(ran);
}

TEST_CASE("a dry run binds a device as the only rank of its node") {
  const auto binding = ionsift::parallel::bind_device(Communicator::dry_run(64, 5), 4);
  CHECK(binding.name() == "cuda:0");
  CHECK(binding.local_size == 1);
  CHECK(binding.sharers == 1);
}
