// SPDX-License-Identifier: BSD-3-Clause
#include "counter_host.hpp"

#include "ionsift/base/errands.hpp"

#include "mpi_status.hpp"
#include "waiting.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

namespace ionsift::parallel {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds between_looks(1);
constexpr int request_tag = 0;

/// Tags up to 32,767 are promised. Counters of one tag are never alive at the same time.
int tag_of(std::int64_t counter) {
  return 1 + static_cast<int>(counter % 32'000);
}

/// The hosts in this process, and the thread that communicates.
struct Hosted {
  std::vector<CounterHost*> hosts;
  std::thread::id thread;
  Clock::time_point looked;
};

Hosted& hosted() {
  static Hosted all;
  return all;
}

/// For `run_errands`. Only the thread that communicates may call MPI.
void serve_if_due() {
  const auto& all = hosted();
  if (Clock::now() - all.looked >= between_looks && std::this_thread::get_id() == all.thread) {
    serve_hosted();
  }
}

} // namespace

void serve_hosted() {
  auto& all = hosted();
  for (auto* host : all.hosts) {
    host->serve();
  }
  all.looked = Clock::now();
}

bool CounterHost::Awaited::arrived() {
  int there = 0;
  check_mpi(MPI_Test(&request, &there, MPI_STATUS_IGNORE), "MPI_Test");
  return there != 0;
}

CounterHost::CounterHost(MPI_Comm comm) {
  // Its own communicator: collectives of others never meet these messages.
  meet(comm);
  check_mpi(MPI_Comm_dup(comm, &comm_), "MPI_Comm_dup");
  check_mpi(MPI_Comm_set_errhandler(comm_, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  check_mpi(MPI_Comm_rank(comm_, &rank_), "MPI_Comm_rank");
  if (here()) {
    auto& all = hosted();
    all.hosts.push_back(this);
    all.thread = std::this_thread::get_id();
    set_errands(serve_if_due);
  }
}

CounterHost::~CounterHost() {
  retire();
}

void CounterHost::retire() {
  auto& hosts = hosted().hosts;
  hosts.erase(std::remove(hosts.begin(), hosts.end(), this), hosts.end());
  if (hosts.empty()) {
    set_errands(nullptr);
  }
}

std::shared_ptr<CounterHost> CounterHost::open(MPI_Comm comm) {
  std::shared_ptr<CounterHost> host(new CounterHost(comm));
  make_hosted_counter(host)->fetch_add(0);
  return host;
}

void CounterHost::close() {
  for (const auto& answer : abandoned_) {
    wait_until([&] { return answer->arrived(); });
  }
  meet(comm_);
  wait_until([&] {
    forget_delivered();
    return sent_.empty();
  });
  abandoned_.clear();
  retire();
  MPI_Comm_free(&comm_);
}

std::int64_t CounterHost::number_next() {
  if (here()) {
    values_[made_] = 0;
  }
  return made_++;
}

std::int64_t CounterHost::update(std::int64_t counter, std::int64_t amount) {
  const auto found = values_.find(counter);
  // A counter that was destroyed by an exception: its answer is received and ignored.
  return found == values_.end() ? 0 : std::exchange(found->second, found->second + amount);
}

std::unique_ptr<CounterHost::Awaited> CounterHost::ask(std::int64_t counter, std::int64_t amount) {
  auto answer = std::make_unique<Awaited>();
  check_mpi(MPI_Irecv(&answer->value, 1, MPI_INT64_T, 0, tag_of(counter), comm_, &answer->request),
            "MPI_Irecv");
  request({counter, amount, 1});
  return answer;
}

void CounterHost::request(const Request& request) {
  forget_delivered();
  auto& sent = sent_.emplace_back();
  sent.content = request;
  check_mpi(MPI_Isend(&sent.content, sizeof(Request), MPI_BYTE, 0, request_tag, comm_, &sent.request),
            "MPI_Isend");
}

void CounterHost::answer(const Request& request, int to) {
  const auto value = update(request.counter, request.amount);
  if (request.answered == 0) {
    return;
  }
  auto& sent = sent_.emplace_back();
  sent.content = {request.counter, value, 0};
  check_mpi(
      MPI_Isend(&sent.content.amount, 1, MPI_INT64_T, to, tag_of(request.counter), comm_, &sent.request),
      "MPI_Isend");
}

void CounterHost::serve() {
  forget_delivered();
  // A probe that finds nothing may have received what the next one finds.
  for (int misses = 0; misses < 2;) {
    int waiting = 0;
    MPI_Status status;
    check_mpi(MPI_Iprobe(MPI_ANY_SOURCE, request_tag, comm_, &waiting, &status), "MPI_Iprobe");
    if (waiting == 0) {
      ++misses;
      continue;
    }
    misses = 0;
    Request request{};
    check_mpi(MPI_Recv(&request, sizeof request, MPI_BYTE, status.MPI_SOURCE, request_tag, comm_,
                       MPI_STATUS_IGNORE),
              "MPI_Recv");
    answer(request, status.MPI_SOURCE);
  }
}

void CounterHost::forget_delivered() {
  for (auto sent = sent_.begin(); sent != sent_.end();) {
    int delivered = 0;
    check_mpi(MPI_Test(&sent->request, &delivered, MPI_STATUS_IGNORE), "MPI_Test");
    sent = delivered != 0 ? sent_.erase(sent) : std::next(sent);
  }
}

} // namespace ionsift::parallel
