// SPDX-License-Identifier: BSD-3-Clause
#include "mpi_communicator.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/parallel/counter.hpp"
#include "ionsift/parallel/environment.hpp"
#include "ionsift/parallel/placement.hpp"

#include "counter_host.hpp"
#include "message_limit.hpp"
#include "mpi_status.hpp"
#include "mpi_transfer.hpp"
#include "waiting.hpp"

#include <mpi.h>

#include <algorithm>
#include <functional>

namespace ionsift::parallel {
namespace {

class MpiCommunicator : public Communicator::Implementation,
                        public std::enable_shared_from_this<MpiCommunicator> {
public:
  /// Takes ownership of `comm`. Without `node` it is a node itself.
  explicit MpiCommunicator(MPI_Comm comm, std::shared_ptr<MpiCommunicator> node = nullptr)
      : comm_(comm), node_(std::move(node)) {
    check_mpi(MPI_Comm_set_errhandler(comm_, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
    check_mpi(MPI_Comm_rank(comm_, &rank_), "MPI_Comm_rank");
    check_mpi(MPI_Comm_size(comm_, &size_), "MPI_Comm_size");
  }

  void close() {
    if (node_) {
      node_->close();
    }
    if (counters_) {
      counters_->close();
      counters_.reset();
    }
    MPI_Comm_free(&comm_);
  }

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  std::string_view kind() const override { return "mpi"; }

  void barrier() const override { met(); }

  void all_reduce(void* values, std::size_t n, NumberType type, Reduction op) const override {
    MPI_Comm comm = met();
    const Element element = element_of(type);
    const std::size_t most = std::max<std::size_t>(1, message_limit / element.bytes);
    auto* bytes = static_cast<std::byte*>(values);
    for (std::size_t begin = 0; begin < n; begin += most) {
      check_mpi(MPI_Allreduce(MPI_IN_PLACE, bytes + begin * element.bytes,
                              static_cast<int>(std::min(most, n - begin)), element.type, operation_of(op),
                              comm),
                "MPI_Allreduce");
    }
  }

  std::uint64_t sum_before(std::uint64_t value) const override {
    std::uint64_t sum = 0;
    check_mpi(MPI_Exscan(&value, &sum, 1, MPI_UINT64_T, MPI_SUM, met()), "MPI_Exscan");
    return rank_ == 0 ? 0 : sum; // MPI leaves it undefined there
  }

  Bytes all_gather(std::span<const std::byte> bytes) const override {
    return all_gather_ragged(met(), bytes);
  }

  Bytes gather(std::span<const std::byte> bytes) const override { return gather_ragged(met(), bytes); }

  Bytes all_to_all(std::span<const std::byte> bytes, std::span<const std::size_t> counts) const override {
    return all_to_all_ragged(met(), bytes, counts);
  }

  Bytes broadcast(std::span<const std::byte> bytes, int root) const override {
    MPI_Comm comm = met();
    std::uint64_t n = bytes.size();
    check_mpi(MPI_Bcast(&n, 1, MPI_UINT64_T, root, comm), "MPI_Bcast");
    Bytes all(n);
    if (rank_ == root) {
      std::copy(bytes.begin(), bytes.end(), all.begin());
    }
    broadcast_in_place(comm, all, root);
    return all;
  }

  std::unique_ptr<Counter> make_counter() const override {
    MPI_Comm comm = open();
    if (!counters_) {
      counters_ = CounterHost::open(comm);
    }
    return make_hosted_counter(counters_);
  }

  std::shared_ptr<const Implementation> node() const override { return node_ ? node_ : shared_from_this(); }

  const void* mpi_handle() const override { return &comm_; }

private:
  struct Element {
    MPI_Datatype type;
    std::size_t bytes;
  };

  static Element element_of(NumberType type) {
    switch (type) {
    case NumberType::f64:
      return {MPI_DOUBLE, sizeof(double)};
    case NumberType::f32:
      return {MPI_FLOAT, sizeof(float)};
    case NumberType::i32:
      return {MPI_INT32_T, sizeof(std::int32_t)};
    case NumberType::i64:
      return {MPI_INT64_T, sizeof(std::int64_t)};
    case NumberType::u64:
      break;
    }
    return {MPI_UINT64_T, sizeof(std::uint64_t)};
  }

  static MPI_Op operation_of(Reduction op) {
    return op == Reduction::sum ? MPI_SUM : op == Reduction::min ? MPI_MIN : MPI_MAX;
  }

  MPI_Comm open() const {
    IONSIFT_VALIDATE(comm_ != MPI_COMM_NULL, internal, "ranks cannot communicate any more",
                     "this communicator has outlived the Environment that initialised MPI",
                     "Keep communicators inside the lifetime of the Environment.");
    return comm_;
  }

  /// Every collective begins with this (waiting.hpp).
  MPI_Comm met() const {
    meet(open());
    return comm_;
  }

  MPI_Comm comm_;
  std::shared_ptr<MpiCommunicator> node_;
  mutable std::shared_ptr<CounterHost> counters_; ///< from the first counter on
  int rank_ = 0;
  int size_ = 1;
};

std::shared_ptr<MpiCommunicator> the_world;

/// The ranks of each node, identified by the nodes' names. MPI_Comm_split_type does not always find them:
/// Open MPI 4.1 with PMIx 4.2.3 gives each rank a group of its own.
MPI_Comm split_by_node(MPI_Comm world) {
  int rank = 0;
  int size = 1;
  check_mpi(MPI_Comm_rank(world, &rank), "MPI_Comm_rank");
  check_mpi(MPI_Comm_size(world, &size), "MPI_Comm_size");
  const std::uint64_t mine = std::hash<std::string>{}(node_name());
  std::vector<std::uint64_t> names(static_cast<std::size_t>(size));
  check_mpi(MPI_Allgather(&mine, 1, MPI_UINT64_T, names.data(), 1, MPI_UINT64_T, world), "MPI_Allgather");
  const auto first = std::find(names.begin(), names.end(), mine) - names.begin();
  MPI_Comm node = MPI_COMM_NULL;
  check_mpi(MPI_Comm_split(world, static_cast<int>(first), rank, &node), "MPI_Comm_split");
  return node;
}

} // namespace

int mpi_node_size() {
  MPI_Comm world = *static_cast<const MPI_Comm*>(mpi_world()->mpi_handle());
  meet(world);
  MPI_Comm node = MPI_COMM_NULL;
  check_mpi(MPI_Comm_split_type(world, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node), "MPI_Comm_split_type");
  int size = 1;
  check_mpi(MPI_Comm_size(node, &size), "MPI_Comm_size");
  check_mpi(MPI_Comm_free(&node), "MPI_Comm_free");
  return size;
}

void open_mpi_world() {
  MPI_Comm world = MPI_COMM_NULL;
  check_mpi(MPI_Comm_dup(MPI_COMM_WORLD, &world), "MPI_Comm_dup");
  MPI_Comm node = split_by_node(world);
  the_world = std::make_shared<MpiCommunicator>(world, std::make_shared<MpiCommunicator>(node));
}

void close_mpi_world() {
  the_world->close();
  the_world.reset();
}

std::shared_ptr<const Communicator::Implementation> mpi_world() {
  IONSIFT_VALIDATE(the_world != nullptr, internal, "there is no group of ranks",
                   "MPI is not initialised: no Environment is alive",
                   "Make a parallel::Environment first, or run inside parallel::run_guarded.");
  return the_world;
}

} // namespace ionsift::parallel
