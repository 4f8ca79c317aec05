// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/report/doctor.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <sstream>

using namespace ionsift;
using namespace ionsift::report;
using Catch::Matchers::Contains;

namespace {

/// Four healthy ranks on two hosts of eight cores.
DoctorFacts healthy() {
  DoctorFacts facts;
  for (int r = 0; r < 4; ++r) {
    RankFacts rank;
    rank.placement = {
        r < 2 ? "n1" : "n2", {4 * (r % 2), 4 * (r % 2) + 1, 4 * (r % 2) + 2, 4 * (r % 2) + 3}, 8, 0};
    rank.threads = 4;
    rank.products = {200, 3, true};
    rank.memory_mb = 16000;
    rank.node = rank.placement.host;
    rank.node_ranks = rank.mpi_node_ranks = 2;
    rank.latency_us = r == 0 ? 0 : 20;
    rank.megabytes_s = r == 0 ? 0 : 1000;
    facts.ranks.push_back(rank);
  }
  facts.launched = 4;
  facts.mpi = "Open MPI v4.1.7, package: Debian OpenMPI";
  facts.hdf5 = "1.14.3";
  facts.blas = "OpenBLAS 0.3.21, Haswell";
  facts.folder = "/scratch/me";
  facts.file_system = {"lustre", "/scratch", FileSystemKind::parallel, 1000};
  facts.io.values = 4000000;
  facts.io.write_seconds = 0.1;
  facts.io.read_seconds = 0.1;
  return facts;
}

Finding of(const std::vector<Finding>& findings, const std::string& topic) {
  const auto found = std::find_if(findings.begin(), findings.end(), [&](const Finding& f) {
    return f.topic == topic && f.verdict != Verdict::ok;
  });
  const auto any =
      std::find_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.topic == topic; });
  REQUIRE(any != findings.end());
  return found == findings.end() ? *any : *found;
}

/// The verdict on `topic` after a change of the healthy facts; all other topics must not change.
template <typename Change>
Finding after(const std::string& topic, const Change& change) {
  auto facts = healthy();
  change(facts);
  const auto findings = examine(facts);
  for (const auto& finding : findings) {
    INFO(finding.topic << ": " << finding.found);
    CHECK((finding.topic == topic || finding.verdict == Verdict::ok));
    CHECK((finding.verdict == Verdict::ok) == finding.remedy.empty());
  }
  return of(findings, topic);
}

} // namespace

TEST_CASE("If everything is in order, every topic is ok") {
  const auto findings = examine(healthy());
  CHECK(worst(findings) == Verdict::ok);
  for (const char* topic : {"launch", "nodes", "transport", "clocks", "binding", "memory", "gpu", "blas",
                            "mpi", "hdf5", "folder", "write-read"}) {
    INFO(topic);
    CHECK(of(findings, topic).verdict == Verdict::ok);
  }
}

TEST_CASE("Slow messages, wrong clocks and unknown neighbours between nodes are warnings") {
  const auto nodes = after("nodes", [](auto& facts) {
    for (auto& rank : facts.ranks) {
      rank.mpi_node_ranks = 1;
    }
  });
  CHECK(nodes.verdict == Verdict::warning);
  CHECK_THAT(nodes.found, Contains("1 of the 2 ranks on n1"));
  CHECK_THAT(of(examine(healthy()), "nodes").found, Contains("2 nodes, 2 ranks on each"));

  const auto slow = after("transport", [](auto& facts) { facts.ranks[3].megabytes_s = 10; });
  CHECK(slow.verdict == Verdict::warning);
  CHECK_THAT(slow.found, Contains("10 MB/s") && Contains("rank 3 on n2"));
  CHECK(after("transport", [](auto& facts) { facts.ranks[2].latency_us = 5000; }).verdict ==
        Verdict::warning);
  // Within a node latencies mean little: ranks may share a core.
  CHECK(after("transport", [](auto& facts) { facts.ranks[1].latency_us = 5000; }).verdict == Verdict::ok);

  const auto clock = after("clocks", [](auto& facts) { facts.ranks[2].clock_ahead_s = -90; });
  CHECK(clock.verdict == Verdict::warning);
  CHECK_THAT(clock.found, Contains("90.0 s behind"));
}

TEST_CASE("What slows a run is a warning, what makes it fail is a problem") {
  const auto launch = after("launch", [](auto& facts) { facts.launched = 64; });
  CHECK(launch.verdict == Verdict::problem);
  CHECK_THAT(launch.found, Contains("64 processes") && Contains("knows of 4"));

  const auto squeezed = after("binding", [](auto& facts) { facts.ranks[2].placement.cores = {0}; });
  CHECK(squeezed.verdict == Verdict::warning);
  CHECK_THAT(squeezed.found, Contains("1 of 4 ranks") && Contains("rank 2: 4 threads on cores 0"));

  // Each rank has enough cores, but the ranks share them.
  const auto crowded = after("binding", [](auto& facts) { facts.ranks[1].placement.cores = {0, 1, 2, 3}; });
  CHECK_THAT(crowded.found, Contains("8 threads of 2 ranks on 4 cores of n1"));

  const auto quota = after("binding", [](auto& facts) { facts.ranks[0].placement.quota = 1.5; });
  CHECK_THAT(quota.found, Contains("4 cores") && Contains("1.5"));

  const auto memory =
      after("memory", [](auto& facts) { facts.ranks[2].memory_mb = facts.ranks[3].memory_mb = 3000; });
  CHECK_THAT(memory.found, Contains("1.5 GB a rank") && Contains("n2"));

  const auto blas = after("blas", [](auto& facts) { facts.ranks[3].products.gflops = 16; });
  CHECK(blas.verdict == Verdict::problem);
  CHECK_THAT(blas.found, Contains("4.0 GFLOP/s a core") && Contains("1.3 times"));
  CHECK_THAT(blas.why, Contains("25"));

  CHECK(after("folder", [](auto& facts) { facts.file_system.kind = FileSystemKind::network; }).verdict ==
        Verdict::warning);
  CHECK(after("folder", [](auto& facts) { facts.file_system.kind = FileSystemKind::local; }).verdict ==
        Verdict::warning);
  CHECK_THAT(after("folder", [](auto& facts) { facts.file_system.free_gb = 0.5; }).found, Contains("0.5 GB"));

  CHECK(after("write-read", [](auto& facts) { facts.io.wrong = 1; }).verdict == Verdict::problem);
  CHECK(after("write-read", [](auto& facts) { facts.io.refused = "read-only"; }).verdict == Verdict::problem);
  CHECK_THAT(after("write-read",
                   [](auto& facts) {
                     facts.io.blind = {2, 3};
                   })
                 .found,
             Contains("2 ranks (the first is 2)"));
}

TEST_CASE("GPUs: not used, shared by many, missing on some ranks, wrong results") {
  const auto unseen = after("gpu", [](auto& facts) { facts.ranks[0].gpu_driver = true; });
  CHECK_THAT(unseen.found, Contains("1 of 4 ranks"));
  const auto some = after("gpu", [](auto& facts) { facts.ranks[0].device = "cuda:0"; });
  CHECK_THAT(some.found, Contains("1 of 4 ranks have a GPU"));
  const auto shared = after("gpu", [](auto& facts) {
    for (auto& rank : facts.ranks) {
      rank.device = "cuda:0";
      rank.sharers = 8;
    }
  });
  CHECK_THAT(shared.found, Contains("8 ranks share one GPU"));
  CHECK(after("gpu", [](auto& facts) { facts.ranks[1].products.right = false; }).verdict == Verdict::problem);
}

TEST_CASE("Known bugs of MPI depend on the version and on settings that avoid them") {
  const std::map<std::string, std::string> none;
  const auto verdict = [](const std::string& mpi, const std::map<std::string, std::string>& environment) {
    return worst(known_mpi_bugs(mpi, environment));
  };
  CHECK(verdict("Open MPI v4.0.0, package", none) == Verdict::problem);
  CHECK(verdict("Open MPI v3.1.3", none) == Verdict::problem);
  CHECK(verdict("Open MPI v3.1.6", none) == Verdict::ok);
  CHECK(verdict("Open MPI v4.0.3", none) == Verdict::warning);
  CHECK(verdict("Open MPI v4.0.3", {{"OMPI_MCA_fcoll", "dynamic_gen2"}}) == Verdict::ok);
  CHECK(verdict("Open MPI v4.1.4, package: Debian", none) == Verdict::warning);
  CHECK(verdict("Open MPI v4.1.4", {{"OMPI_MCA_fbtl_posix_read_datasieving", "0"}}) == Verdict::ok);
  CHECK(verdict("Open MPI v4.1.5", none) == Verdict::ok);
  CHECK(verdict("Open MPI v5.0.3", none) == Verdict::warning);
  CHECK(verdict("Open MPI v5.0.6", none) == Verdict::ok);
  CHECK(verdict("MPICH Version: 4.1.1", none) == Verdict::ok);
  // ROMIO avoids the bug of OMPIO, and has a bug of its own.
  const auto romio = known_mpi_bugs("Open MPI v4.1.4", {{"OMPI_MCA_io", "romio321"}});
  CHECK(worst(romio) == Verdict::warning);
  CHECK_THAT(romio.back().found, Contains("chunked"));
  CHECK(verdict("Open MPI v4.0.0", {{"OMPI_MCA_io", "^romio314"}}) == Verdict::problem);
  CHECK_THAT(known_mpi_bugs("Open MPI v4.1.4", none).front().remedy,
             Contains("OMPI_MCA_fbtl_posix_read_datasieving=0") && Contains("4.1.5"));
}

TEST_CASE("Known bugs of HDF5") {
  CHECK_THAT(known_hdf5_bugs("1.10.8").front().found, Contains("HDFFV-11260") && Contains("avoided"));
  CHECK_THAT(known_hdf5_bugs("1.12.1").front().found, Contains("HDFFV-11260"));
  CHECK_THAT(known_hdf5_bugs("1.10.9").front().found, Contains("no known bugs"));
  CHECK(known_hdf5_bugs("1.10.1").front().verdict == Verdict::warning);
}

TEST_CASE("Facts of a rank are sent as JSON, and the document has all of them") {
  auto facts = healthy();
  facts.ranks[1].device = "cuda:3";
  facts.ranks[1].placement.quota = 2.5;
  const auto sent = to_json(facts.ranks[1]);
  CHECK(to_json(rank_facts_of(sent)) == sent);
  CHECK(rank_facts_of(sent).placement.cores == std::vector<int>{4, 5, 6, 7});

  facts.io.wrong = 3;
  const auto document = to_json(facts, examine(facts));
  CHECK(document["verdict"] == "problem");
  CHECK(document["ranks"].size() == 4);
  CHECK(document["write_read"]["wrong"] == 3);
  std::ostringstream out;
  print_doctor(out, facts, examine(facts));
  CHECK_THAT(out.str(), Contains("problem  write-read") && Contains("why:") && Contains("n2"));
}
