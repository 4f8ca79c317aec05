// SPDX-License-Identifier: BSD-3-Clause
#include "mpi_transfer.hpp"

#include "message_limit.hpp"
#include "mpi_status.hpp"

#include <algorithm>
#include <numeric>

namespace ionsift::parallel {
namespace {

using Sizes = std::vector<std::uint64_t>;

constexpr int transfer_tag = 1;

int rank_in(MPI_Comm comm) {
  int rank = 0;
  check_mpi(MPI_Comm_rank(comm, &rank), "MPI_Comm_rank");
  return rank;
}

std::size_t size_of(MPI_Comm comm) {
  int size = 0;
  check_mpi(MPI_Comm_size(comm, &size), "MPI_Comm_size");
  return static_cast<std::size_t>(size);
}

std::uint64_t sum(const Sizes& sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), std::uint64_t(0));
}

/// Offset of each part in their concatenation.
Sizes offsets_of(const Sizes& sizes) {
  Sizes offsets(sizes.size());
  std::exclusive_scan(sizes.begin(), sizes.end(), offsets.begin(), std::uint64_t(0));
  return offsets;
}

/// For totals that are known to be within the message limit.
std::vector<int> to_int(const Sizes& sizes) {
  return {sizes.begin(), sizes.end()};
}

/// Calls `transfer(begin, count)` for the pieces of `n` bytes.
template <typename Transfer>
void in_pieces(std::size_t n, Transfer&& transfer) {
  for (std::size_t begin = 0; begin < n; begin += message_limit) {
    transfer(begin, static_cast<int>(std::min(message_limit, n - begin)));
  }
}

/// Pending messages. Between two ranks they arrive in the order in which they were started.
class Exchange {
public:
  explicit Exchange(MPI_Comm comm) : comm_(comm) {}

  void send(std::span<const std::byte> bytes, int to) {
    in_pieces(bytes.size(), [&](std::size_t begin, int count) {
      check_mpi(MPI_Isend(bytes.data() + begin, count, MPI_BYTE, to, transfer_tag, comm_,
                          &requests_.emplace_back()),
                "MPI_Isend");
    });
  }

  void receive(std::span<std::byte> bytes, int from) {
    in_pieces(bytes.size(), [&](std::size_t begin, int count) {
      check_mpi(MPI_Irecv(bytes.data() + begin, count, MPI_BYTE, from, transfer_tag, comm_,
                          &requests_.emplace_back()),
                "MPI_Irecv");
    });
  }

  void wait() {
    check_mpi(MPI_Waitall(static_cast<int>(requests_.size()), requests_.data(), MPI_STATUSES_IGNORE),
              "MPI_Waitall");
    requests_.clear();
  }

private:
  MPI_Comm comm_;
  std::vector<MPI_Request> requests_;
};

} // namespace

void broadcast_in_place(MPI_Comm comm, std::span<std::byte> bytes, int root) {
  in_pieces(bytes.size(), [&](std::size_t begin, int count) {
    check_mpi(MPI_Bcast(bytes.data() + begin, count, MPI_BYTE, root, comm), "MPI_Bcast");
  });
}

Bytes all_gather_ragged(MPI_Comm comm, std::span<const std::byte> bytes) {
  Sizes sizes(size_of(comm));
  const std::uint64_t mine = bytes.size();
  check_mpi(MPI_Allgather(&mine, 1, MPI_UINT64_T, sizes.data(), 1, MPI_UINT64_T, comm), "MPI_Allgather");
  const Sizes offsets = offsets_of(sizes);

  Bytes all(sum(sizes));
  if (all.size() <= message_limit) {
    check_mpi(MPI_Allgatherv(bytes.data(), static_cast<int>(mine), MPI_BYTE, all.data(), to_int(sizes).data(),
                             to_int(offsets).data(), MPI_BYTE, comm),
              "MPI_Allgatherv");
    return all;
  }
  const auto here = static_cast<std::size_t>(rank_in(comm));
  std::copy(bytes.begin(), bytes.end(), all.data() + offsets[here]);
  for (std::size_t r = 0; r < sizes.size(); ++r) {
    broadcast_in_place(comm, {all.data() + offsets[r], sizes[r]}, static_cast<int>(r));
  }
  return all;
}

Bytes gather_ragged(MPI_Comm comm, std::span<const std::byte> bytes) {
  const bool root = rank_in(comm) == 0;
  Sizes sizes(root ? size_of(comm) : 0);
  const std::uint64_t mine = bytes.size();
  check_mpi(MPI_Gather(&mine, 1, MPI_UINT64_T, sizes.data(), 1, MPI_UINT64_T, 0, comm), "MPI_Gather");
  std::uint64_t total = sum(sizes);
  check_mpi(MPI_Bcast(&total, 1, MPI_UINT64_T, 0, comm), "MPI_Bcast");
  const Sizes offsets = offsets_of(sizes);

  Bytes all(root ? total : 0);
  if (total <= message_limit) {
    check_mpi(MPI_Gatherv(bytes.data(), static_cast<int>(mine), MPI_BYTE, all.data(), to_int(sizes).data(),
                          to_int(offsets).data(), MPI_BYTE, 0, comm),
              "MPI_Gatherv");
    return all;
  }
  Exchange exchange(comm);
  for (std::size_t r = 0; r < sizes.size(); ++r) {
    exchange.receive({all.data() + offsets[r], sizes[r]}, static_cast<int>(r));
  }
  exchange.send(bytes, 0);
  exchange.wait();
  return all;
}

Bytes all_to_all_ragged(MPI_Comm comm, std::span<const std::byte> bytes,
                        std::span<const std::size_t> counts) {
  const Sizes out(counts.begin(), counts.end());
  Sizes in(out.size());
  check_mpi(MPI_Alltoall(out.data(), 1, MPI_UINT64_T, in.data(), 1, MPI_UINT64_T, comm), "MPI_Alltoall");
  const Sizes out_offsets = offsets_of(out);
  const Sizes in_offsets = offsets_of(in);

  Bytes all(sum(in));
  std::uint64_t most = std::max(all.size(), bytes.size());
  check_mpi(MPI_Allreduce(MPI_IN_PLACE, &most, 1, MPI_UINT64_T, MPI_MAX, comm), "MPI_Allreduce");
  if (most <= message_limit) {
    check_mpi(MPI_Alltoallv(bytes.data(), to_int(out).data(), to_int(out_offsets).data(), MPI_BYTE,
                            all.data(), to_int(in).data(), to_int(in_offsets).data(), MPI_BYTE, comm),
              "MPI_Alltoallv");
    return all;
  }
  // One partner at a time in each direction bounds the number of pending messages.
  const auto here = static_cast<std::size_t>(rank_in(comm));
  Exchange exchange(comm);
  for (std::size_t step = 0; step < in.size(); ++step) {
    const std::size_t to = (here + step) % in.size();
    const std::size_t from = (here + in.size() - step) % in.size();
    exchange.receive({all.data() + in_offsets[from], in[from]}, static_cast<int>(from));
    exchange.send(bytes.subspan(out_offsets[to], out[to]), static_cast<int>(to));
    exchange.wait();
  }
  return all;
}

} // namespace ionsift::parallel
