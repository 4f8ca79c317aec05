// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/report/doctor.hpp"

#include "text_table.hpp"

#include <fmt/format.h>

#include <ostream>
#include <set>

namespace ionsift::report {

using nlohmann::json;

namespace {

constexpr std::size_t most_rows = 16;

/// All ranks, or of many the first of each host.
std::vector<std::size_t> shown_ranks(const std::vector<RankFacts>& ranks) {
  std::vector<std::size_t> shown;
  std::set<std::string> hosts;
  for (std::size_t r = 0; r < ranks.size() && shown.size() < most_rows; ++r) {
    if (hosts.insert(ranks[r].placement.host).second || ranks.size() <= most_rows) {
      shown.push_back(r);
    }
  }
  return shown;
}

void print_ranks(std::ostream& out, const std::vector<RankFacts>& ranks) {
  TextTable table({"rank", "host", "cores", "threads", "GPUs seen", "device", "GFLOP/s", "free GB"},
                  {Align::right, Align::left, Align::left, Align::right, Align::right, Align::left,
                   Align::right, Align::right});
  const auto shown = shown_ranks(ranks);
  for (const auto r : shown) {
    const auto& facts = ranks[r];
    table.add({std::to_string(r), facts.placement.host, parallel::format_cores(facts.placement.cores),
               std::to_string(facts.threads), std::to_string(facts.visible_gpus), facts.device,
               fmt::format("{:.1f}", facts.products.gflops), fmt::format("{:.1f}", facts.memory_mb / 1000)});
  }
  table.print(out);
  if (shown.size() < ranks.size()) {
    out << fmt::format("... {} ranks in all; --json has each\n", ranks.size());
  }
}

} // namespace

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
  case Verdict::ok:
    return "ok";
  case Verdict::warning:
    return "warning";
  case Verdict::problem:
    return "problem";
  }
  return "unknown";
}

json to_json(const RankFacts& facts) {
  return {{"host", facts.placement.host},
          {"cores", facts.placement.cores},
          {"host_cores", facts.placement.host_cores},
          {"quota", facts.placement.quota},
          {"threads", facts.threads},
          {"device", facts.device},
          {"visible_gpus", facts.visible_gpus},
          {"gpus_given", facts.gpus_given},
          {"sharers", facts.sharers},
          {"gpu_driver", facts.gpu_driver},
          {"gflops", facts.products.gflops},
          {"plain_gflops", facts.products.plain},
          {"products_right", facts.products.right},
          {"memory_mb", facts.memory_mb},
          {"node", facts.node},
          {"node_ranks", facts.node_ranks},
          {"mpi_node_ranks", facts.mpi_node_ranks},
          {"clock_ahead_s", facts.clock_ahead_s},
          {"latency_us", facts.latency_us},
          {"megabytes_s", facts.megabytes_s}};
}

RankFacts rank_facts_of(const json& document) {
  RankFacts facts;
  document.at("host").get_to(facts.placement.host);
  document.at("cores").get_to(facts.placement.cores);
  document.at("host_cores").get_to(facts.placement.host_cores);
  document.at("quota").get_to(facts.placement.quota);
  document.at("threads").get_to(facts.threads);
  document.at("device").get_to(facts.device);
  document.at("visible_gpus").get_to(facts.visible_gpus);
  document.at("gpus_given").get_to(facts.gpus_given);
  document.at("sharers").get_to(facts.sharers);
  document.at("gpu_driver").get_to(facts.gpu_driver);
  document.at("gflops").get_to(facts.products.gflops);
  document.at("plain_gflops").get_to(facts.products.plain);
  document.at("products_right").get_to(facts.products.right);
  document.at("memory_mb").get_to(facts.memory_mb);
  document.at("node").get_to(facts.node);
  document.at("node_ranks").get_to(facts.node_ranks);
  document.at("mpi_node_ranks").get_to(facts.mpi_node_ranks);
  document.at("clock_ahead_s").get_to(facts.clock_ahead_s);
  document.at("latency_us").get_to(facts.latency_us);
  document.at("megabytes_s").get_to(facts.megabytes_s);
  return facts;
}

json to_json(const DoctorFacts& facts, const std::vector<Finding>& findings) {
  json verdicts = json::array();
  for (const auto& finding : findings) {
    json entry = {{"topic", finding.topic}, {"verdict", name_of(finding.verdict)}, {"found", finding.found}};
    if (finding.verdict != Verdict::ok) {
      entry["why"] = finding.why;
      entry["remedy"] = finding.remedy;
    }
    verdicts.push_back(std::move(entry));
  }
  json ranks = json::array();
  for (const auto& rank : facts.ranks) {
    ranks.push_back(to_json(rank));
  }
  return {{"verdict", name_of(worst(findings))},
          {"findings", verdicts},
          {"ranks", ranks},
          {"launched", facts.launched},
          {"mpi", facts.mpi},
          {"hdf5", facts.hdf5},
          {"blas", facts.blas},
          {"libtorch", facts.libtorch},
          {"environment", facts.environment},
          {"file_system",
           {{"folder", facts.folder},
            {"type", facts.file_system.type},
            {"kind", name_of(facts.file_system.kind)},
            {"mount", facts.file_system.mount},
            {"free_gb", facts.file_system.free_gb}}},
          {"write_read",
           {{"refused", facts.io.refused},
            {"blind_ranks", facts.io.blind},
            {"values", facts.io.values},
            {"wrong", facts.io.wrong},
            {"write_seconds", facts.io.write_seconds},
            {"read_seconds", facts.io.read_seconds}}}};
}

void print_doctor(std::ostream& out, const DoctorFacts& facts, const std::vector<Finding>& findings) {
  print_ranks(out, facts.ranks);
  out << '\n';
  for (const auto& finding : findings) {
    out << fmt::format("{:<8} {:<11}{}\n", name_of(finding.verdict), finding.topic, finding.found);
    if (finding.verdict != Verdict::ok) {
      out << fmt::format("{:20}why:  {}\n{:20}do:   {}\n", "", finding.why, "", finding.remedy);
    }
  }
}

} // namespace ionsift::report
