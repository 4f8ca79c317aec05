// SPDX-License-Identifier: BSD-3-Clause
// Counters hosted by rank 0 and advanced by all ranks, by messages between two ranks. One-sided communication
// would need no host, but not every MPI has it between hosts (Debian's Open MPI has none).
#pragma once

#include "ionsift/parallel/counter.hpp"

#include <mpi.h>

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <vector>

namespace ionsift::parallel {

/// All counters of one communicator. Rank 0 answers whenever it calls `serve`: in every wait and collective
/// of ours (waiting.hpp), and inside long work (base/errands.hpp).
class CounterHost {
public:
  /// Collective. Every rank has exchanged a message with rank 0 then: a connection that the first request
  /// makes would leave it unsent until its rank calls MPI again.
  static std::shared_ptr<CounterHost> open(MPI_Comm comm);
  ~CounterHost();
  CounterHost(const CounterHost&) = delete;
  CounterHost& operator=(const CounterHost&) = delete;

  /// Frees the communicator; collective.
  void close();
  bool is_open() const { return comm_ != MPI_COMM_NULL; }
  /// On rank 0: answers all pending requests.
  void serve();

  /// A pending answer, which MPI writes to.
  struct Awaited {
    std::int64_t value = 0;
    MPI_Request request = MPI_REQUEST_NULL;
    bool arrived();
  };

  // The interface for counters.
  MPI_Comm comm() const { return comm_; }
  bool here() const { return rank_ == 0; }
  std::int64_t number_next();
  /// On rank 0.
  std::int64_t update(std::int64_t counter, std::int64_t amount);
  void set(std::int64_t counter, std::int64_t value) { values_[counter] = value; }
  void drop(std::int64_t counter) { values_.erase(counter); }
  /// On the others.
  void add(std::int64_t counter, std::int64_t amount) { request({counter, amount, 0}); }
  std::unique_ptr<Awaited> ask(std::int64_t counter, std::int64_t amount);
  /// Takes over the pending requests of a counter that is destroyed by an exception.
  void abandon(std::unique_ptr<Awaited> answer) { abandoned_.push_back(std::move(answer)); }

private:
  struct Request {
    std::int64_t counter;
    std::int64_t amount;
    std::int64_t answered; ///< 0 if no answer is awaited
  };
  struct Sent {
    Request content; ///< an answer is its amount
    MPI_Request request = MPI_REQUEST_NULL;
  };

  explicit CounterHost(MPI_Comm comm);
  void request(const Request& request);
  void answer(const Request& request, int to);
  void forget_delivered();
  /// There are no more requests.
  void retire();

  MPI_Comm comm_ = MPI_COMM_NULL;
  int rank_ = 0;
  std::int64_t made_ = 0;
  std::map<std::int64_t, std::int64_t> values_; ///< on rank 0
  std::list<Sent> sent_;                        ///< a list, so that their addresses are stable for MPI
  std::vector<std::unique_ptr<Awaited>> abandoned_;
};

/// Collective, and so is the destructor of the result.
std::unique_ptr<Counter> make_hosted_counter(std::shared_ptr<CounterHost> host);

/// Answers the requests to the hosts of this process.
void serve_hosted();

} // namespace ionsift::parallel
