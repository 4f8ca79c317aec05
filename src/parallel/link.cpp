// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/parallel/link.hpp"

#include "mpi_status.hpp"
#include "waiting.hpp"

#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <vector>

namespace ionsift::parallel {

namespace {

constexpr int link_tag = 2;
constexpr int short_messages = 20, long_messages = 4;
constexpr int long_bytes = 1 << 20;
constexpr int most_measured = 256;

double now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// Receives a message after it has arrived, without occupying a core while waiting.
void receive(void* data, int bytes, int from, MPI_Comm comm) {
  wait_until([&] {
    int there = 0;
    check_mpi(MPI_Iprobe(from, link_tag, comm, &there, MPI_STATUS_IGNORE), "MPI_Iprobe");
    return there != 0;
  });
  check_mpi(MPI_Recv(data, bytes, MPI_BYTE, from, link_tag, comm, MPI_STATUS_IGNORE), "MPI_Recv");
}

void send(const void* data, int bytes, int to, MPI_Comm comm) {
  check_mpi(MPI_Send(data, bytes, MPI_BYTE, to, link_tag, comm), "MPI_Send");
}

/// Rank 0 begins, so that one rank is measured at a time; then it answers.
void answer(int to, MPI_Comm comm) {
  std::vector<char> text(long_bytes);
  send(text.data(), 1, to, comm);
  for (int i = 0; i < short_messages; ++i) {
    receive(text.data(), 1, to, comm);
    const double time = now();
    send(&time, sizeof time, to, comm);
  }
  for (int i = 0; i < long_messages; ++i) {
    receive(text.data(), long_bytes, to, comm);
    send(text.data(), long_bytes, to, comm);
  }
}

Link ask(MPI_Comm comm) {
  std::vector<char> text(long_bytes);
  receive(text.data(), 1, 0, comm);
  Link link;
  double fastest = std::numeric_limits<double>::infinity();
  for (int i = 0; i < short_messages; ++i) {
    const double begin = now();
    double there = 0;
    send(text.data(), 1, 0, comm);
    receive(&there, sizeof there, 0, comm);
    const double end = now();
    if (end - begin < fastest) {
      fastest = end - begin;
      link.clock_ahead_seconds = (begin + end) / 2 - there;
    }
  }
  link.latency_seconds = std::max(fastest / 2, 1e-9);
  fastest = std::numeric_limits<double>::infinity();
  for (int i = 0; i < long_messages; ++i) {
    const double begin = now();
    send(text.data(), long_bytes, 0, comm);
    receive(text.data(), long_bytes, 0, comm);
    fastest = std::min(fastest, now() - begin);
  }
  link.bytes_per_second = 2.0 * long_bytes / std::max(fastest, 1e-9);
  return link;
}

} // namespace

Link measure_link(const Communicator& comm) {
  const auto* handle = static_cast<const MPI_Comm*>(comm.mpi_handle());
  comm.barrier();
  if (handle == nullptr) {
    return {};
  }
  const int step = 1 + (comm.size() - 2) / most_measured;
  const auto measured = [&](int rank) { return rank > 0 && (rank - 1) % std::max(1, step) == 0; };
  Link link;
  if (comm.is_root()) {
    for (int rank = 1; rank < comm.size(); ++rank) {
      if (measured(rank)) {
        answer(rank, *handle);
      }
    }
  } else if (measured(comm.rank())) {
    link = ask(*handle);
  }
  comm.barrier();
  return link;
}

} // namespace ionsift::parallel
