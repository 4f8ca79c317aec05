// SPDX-License-Identifier: BSD-3-Clause
#include "doctor_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace ionsift::report {

namespace {

constexpr double most_latency_us = 1000; // Ethernet has 50, a fabric 2
constexpr double least_megabytes_s = 50; // half of gigabit Ethernet
constexpr double most_clock_s = 2;       // above what NTP leaves, by far

Finding examine_nodes(const std::vector<RankFacts>& ranks) {
  std::map<std::string, int> nodes;
  for (const auto& rank : ranks) {
    ++nodes[rank.node];
  }
  const auto apart =
      std::find_if(ranks.begin(), ranks.end(), [](const auto& r) { return r.mpi_node_ranks < r.node_ranks; });
  if (apart != ranks.end()) {
    return {Verdict::warning, "nodes",
            fmt::format("MPI takes {} of the {} ranks on {} for a node", apart->mpi_node_ranks,
                        apart->node_ranks, apart->placement.host),
            "it does not see that they share memory (some versions of PMIx hide it), so that their messages "
            "go over "
            "the network; ionsift itself goes by names, and gives each rank its GPU",
            "Use another version of PMIx or MPI; srun --mpi=list and ompi_info show what there is."};
  }
  const auto [fewest, most] = std::minmax_element(
      nodes.begin(), nodes.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  const auto each = fewest->second == most->second ? fmt::format("{}", most->second)
                                                   : fmt::format("{} to {}", fewest->second, most->second);
  return {Verdict::ok, "nodes",
          fmt::format("{} node{}, {} rank{} on each", nodes.size(), nodes.size() == 1 ? "" : "s", each,
                      each == "1" ? "" : "s")};
}

Finding examine_transport(const std::vector<RankFacts>& ranks) {
  double latency = 0;
  double rate = 0;
  std::size_t slowest = 0;
  bool between_nodes = false;
  for (std::size_t r = 1; r < ranks.size(); ++r) {
    const auto& rank = ranks[r];
    const bool far = rank.node != ranks.front().node;
    // Ranks on other nodes are what counts, where there are any.
    if (rank.latency_us <= 0 || (between_nodes && !far)) {
      continue;
    }
    if ((far && !between_nodes) || rate == 0) {
      between_nodes = far;
      latency = rank.latency_us;
      rate = rank.megabytes_s;
      slowest = r;
    }
    latency = std::max(latency, rank.latency_us);
    if (rank.megabytes_s < rate) {
      rate = rank.megabytes_s;
      slowest = r;
    }
  }
  if (rate == 0) {
    return {Verdict::ok, "transport", "one rank sends no messages"};
  }
  const auto found =
      fmt::format("messages to ranks {} take {:.0f} us and {:.0f} MB/s at worst (rank {} on {})",
                  between_nodes ? "on other nodes" : "of the same node", latency, rate, slowest,
                  ranks[slowest].placement.host);
  if (between_nodes && (latency > most_latency_us || rate < least_megabytes_s)) {
    return {
        Verdict::warning, "transport", found,
        "gigabit Ethernet has 50 us and 110 MB/s, a fabric 2 us and 10,000 MB/s: a slow way was taken, or "
        "ranks share cores",
        "Have MPI use the fabric (Open MPI: --mca pml ucx, or btl_tcp_if_include; MPICH: FI_PROVIDER), and "
        "start no more ranks than cores."};
  }
  return {Verdict::ok, "transport", found};
}

Finding examine_clocks(const std::vector<RankFacts>& ranks) {
  const auto worst = std::max_element(ranks.begin(), ranks.end(), [](const auto& a, const auto& b) {
    return std::abs(a.clock_ahead_s) < std::abs(b.clock_ahead_s);
  });
  const double off = worst->clock_ahead_s;
  if (std::abs(off) > most_clock_s) {
    return {Verdict::warning, "clocks",
            fmt::format("the clock of {} is {:.1f} s {} that of {}", worst->placement.host, std::abs(off),
                        off > 0 ? "ahead of" : "behind", ranks.front().placement.host),
            "times in logs and records of one run contradict each other, and files seem to be of the future",
            "Report to the site that its nodes' clocks are wrong (chronyd, ntpd)."};
  }
  return {Verdict::ok, "clocks", fmt::format("clocks agree within {:.3f} s", std::max(0.001, std::abs(off)))};
}

} // namespace

std::vector<Finding> examine_network(const DoctorFacts& facts) {
  return {examine_nodes(facts.ranks), examine_transport(facts.ranks), examine_clocks(facts.ranks)};
}

} // namespace ionsift::report
