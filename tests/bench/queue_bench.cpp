// SPDX-License-Identifier: BSD-3-Clause
// ionsift-queue-bench: the cost of handing out work, with items that sleep, so that more ranks than cores
// mean something. docs/scaling.md has the figures.
#include "ionsift/base/errands.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/base/timer.hpp"
#include "ionsift/parallel/environment.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include <boost/program_options.hpp>
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <numeric>
#include <thread>

namespace {

using namespace ionsift;
namespace po = boost::program_options;

struct Arguments {
  double milliseconds = 10, root_milliseconds = -1, every = 2, spread = 0, scale = 1;
  std::size_t per_rank = 100, rounds = 1;
  std::string times;
  bool header = false, help = false;

  po::options_description description() {
    po::options_description options("mpirun -n N ionsift-queue-bench");
    const auto number = [](auto& value) { return po::value(&value)->default_value(value); };
    options.add_options()("ms", number(milliseconds), "how long an item takes")(
        "root-ms", number(root_milliseconds), "how long it takes on rank 0; negative: as long as elsewhere")(
        "errands-ms", number(every), "how often rank 0 runs errands during an item; 0: never")(
        "spread", number(spread), "items differ by this factor each way, lognormally (seeded)")(
        "per-rank", number(per_rank), "items of a rank")("rounds", number(rounds), "refills")(
        "times", po::value(&times), "a file of --item-times: items as long as those, dearest first")(
        "scale", number(scale), "and so many times as long")("header", po::bool_switch(&header),
                                                             "print the names of the columns first")(
        "help", po::bool_switch(&help), "this text");
    return options;
  }
};

/// Seconds of items that a run recorded.
std::vector<double> read_times(const std::string& path, double scale) {
  std::ifstream in(path);
  std::string line;
  std::vector<double> seconds;
  IONSIFT_VALIDATE(std::getline(in, line), io, fmt::format("{} cannot be read", path), "it has no first line",
                   "Give a file of --item-times.");
  while (std::getline(in, line)) {
    seconds.push_back(scale *
                      parse_number(split(line, ',').at(3)).value_or(0)); // queue,round,item,seconds,rank
  }
  return seconds;
}

std::vector<double> seconds_of_items(const Arguments& arguments, int ranks) {
  if (!arguments.times.empty()) {
    return read_times(arguments.times, arguments.scale);
  }
  std::vector<double> seconds(arguments.per_rank * static_cast<std::size_t>(ranks));
  RandomStream random(1, 0);
  for (auto& value : seconds) {
    value = 1e-3 * arguments.milliseconds * std::exp(std::log1p(arguments.spread) * random.normal());
  }
  return seconds;
}

/// Sleeps; on rank 0 like a rank that computes and sometimes runs errands.
void pretend(double seconds, double every, bool runs) {
  const Stopwatch watch;
  while (runs && every > 0 && watch.seconds() + every < seconds) {
    std::this_thread::sleep_for(std::chrono::duration<double>(every));
    run_errands();
  }
  std::this_thread::sleep_for(std::chrono::duration<double>(std::max(0.0, seconds - watch.seconds())));
}

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Share {
  double slept = 0, waited = 0, longest = 0;
};

/// Takes items until there are none.
Share take(parallel::WorkQueue& queue, const std::vector<double>& seconds, const Arguments& arguments,
           bool root) {
  Share share;
  for (;;) {
    const Stopwatch waiting;
    const auto item = queue.next();
    const double waited = waiting.seconds();
    share.waited += waited;
    if (!item) {
      return share;
    }
    share.longest = std::max(share.longest, waited);
    const bool differs = root && arguments.root_milliseconds >= 0;
    const double length = differs ? 1e-3 * arguments.root_milliseconds : seconds[*item];
    const Stopwatch working; // a busy machine wakes late, which is not caused by the queue
    pretend(length, 1e-3 * arguments.every, root);
    share.slept += working.seconds();
  }
}

int run(const parallel::Communicator& comm, const Arguments& arguments) {
  using parallel::Reduction;
  parallel::set_threads(1);
  const auto seconds = seconds_of_items(arguments, comm.size());
  parallel::WorkQueue queue(comm);
  if (arguments.header && comm.is_root()) {
    std::cout << "ranks,items,tickets,seconds,ideal,efficiency,forecast,longest_wait_ms,mean_wait_ms,"
                 "processor_seconds\n";
  }
  for (std::size_t round = 0; round < arguments.rounds; ++round) {
    queue.refill(seconds);
    const double used = processor_seconds();
    const Stopwatch watch;
    const Share share = take(queue, seconds, arguments, comm.is_root());
    const double mine = watch.seconds();
    const double end = comm.all_reduce(mine, Reduction::max);
    const double slept = comm.all_reduce(share.slept, Reduction::sum);
    const double longest = comm.all_reduce(share.longest, Reduction::max);
    const double waited = comm.all_reduce(share.waited, Reduction::sum);
    const double processor = comm.all_reduce(processor_seconds() - used, Reduction::sum);
    if (comm.is_root()) {
      const auto tickets = parallel::Tickets(seconds, comm.size()).size();
      const double ideal = slept / comm.size();
      std::cout << fmt::format("{},{},{},{:.3f},{:.3f},{:.3f},{:.3f},{:.2f},{:.2f},{:.2f}\n", comm.size(),
                               seconds.size(), tickets, end, ideal, ideal / end,
                               parallel::forecast_schedule(seconds, comm.size()).efficiency, 1e3 * longest,
                               1e3 * waited / static_cast<double>(tickets), processor)
                << std::flush;
    }
  }
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  const auto description = arguments.description();
  try {
    po::variables_map values;
    po::store(po::parse_command_line(argc, argv, description), values);
    po::notify(values);
  } catch (const po::error& error) {
    std::cerr << "ionsift-queue-bench: " << error.what() << '\n';
    return 2;
  }
  if (arguments.help) {
    std::cout << description;
    return 0;
  }
  return parallel::run_guarded(argc, argv, [&](const auto& comm) { return run(comm, arguments); });
}
