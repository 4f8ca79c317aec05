// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/report/doctor.hpp"

#include "doctor_network.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace ionsift::report {

namespace {

constexpr double least_advantage = 4;    // over plain loops; OpenBLAS has 10 and more
constexpr double least_memory_mb = 2000; // screening with 100 members took 1.4 GB a rank
constexpr double least_space_gb = 2;

/// What the ranks of one host share.
struct Host {
  std::string name;
  std::vector<int> ranks;
  std::set<int> cores;
  int threads = 0;
};

std::vector<Host> hosts_of(const std::vector<RankFacts>& ranks) {
  std::vector<Host> hosts;
  for (std::size_t r = 0; r < ranks.size(); ++r) {
    const auto& facts = ranks[r];
    auto host = std::find_if(hosts.begin(), hosts.end(),
                             [&](const Host& h) { return h.name == facts.placement.host; });
    if (host == hosts.end()) {
      host = hosts.insert(hosts.end(), Host{facts.placement.host, {}, {}, 0});
    }
    host->ranks.push_back(static_cast<int>(r));
    host->cores.insert(facts.placement.cores.begin(), facts.placement.cores.end());
    host->threads += facts.threads;
  }
  return hosts;
}

void examine_launch(const DoctorFacts& facts, const std::vector<Host>& hosts,
                    std::vector<Finding>& findings) {
  const auto ranks = static_cast<int>(facts.ranks.size());
  if (facts.launched > ranks) {
    findings.push_back(
        {Verdict::problem, "launch",
         fmt::format("the launcher started {} processes, but this one knows of {}", facts.launched, ranks),
         "the launcher belongs to another MPI than the program, so that every process does all the work",
         "Use the mpirun of the program's MPI (ionsift --version), or srun --mpi=pmix."});
    return;
  }
  findings.push_back({Verdict::ok, "launch",
                      fmt::format("{} rank{} on {} host{}", ranks, ranks == 1 ? "" : "s", hosts.size(),
                                  hosts.size() == 1 ? "" : "s")});
}

/// Ranks whose threads have fewer cores than they are.
std::vector<int> squeezed(const std::vector<RankFacts>& ranks) {
  std::vector<int> found;
  for (std::size_t r = 0; r < ranks.size(); ++r) {
    if (ranks[r].threads > static_cast<int>(ranks[r].placement.cores.size())) {
      found.push_back(static_cast<int>(r));
    }
  }
  return found;
}

void examine_binding(const DoctorFacts& facts, const std::vector<Host>& hosts,
                     std::vector<Finding>& findings) {
  const auto before = findings.size();
  if (const auto few = squeezed(facts.ranks); !few.empty()) {
    const auto& first = facts.ranks[static_cast<std::size_t>(few.front())];
    findings.push_back(
        {Verdict::warning, "binding",
         fmt::format("{} of {} ranks have more threads than cores (rank {}: {} threads on cores {})",
                     few.size(), facts.ranks.size(), few.front(), first.threads,
                     parallel::format_cores(first.placement.cores)),
         "threads that share a core wait for each other",
         "Give each rank its cores (mpirun --map-by slot:PE=N, srun --cpus-per-task=N), or set "
         "OMP_NUM_THREADS=1."});
  }
  for (const auto& host : hosts) {
    const auto cores = static_cast<int>(host.cores.size());
    if (host.threads > cores && host.ranks.size() > 1) {
      findings.push_back({Verdict::warning, "binding",
                          fmt::format("{} threads of {} ranks on {} cores of {}", host.threads,
                                      host.ranks.size(), cores, host.name),
                          "ranks that share a core wait for each other in every exchange",
                          "Start as many ranks times threads as there are cores."});
    }
  }
  for (const auto& rank : facts.ranks) {
    const auto& place = rank.placement;
    if (place.quota > 0 && place.quota + 0.5 < static_cast<double>(place.cores.size())) {
      findings.push_back({Verdict::warning, "binding",
                          fmt::format("{} shows {} cores but allows the time of {:.1f}", place.host,
                                      place.cores.size(), place.quota),
                          "a control group (container, batch job) limits this process",
                          "Start no more ranks than that, or raise the limit."});
      break;
    }
  }
  if (findings.size() == before) {
    const auto& first = facts.ranks.front();
    findings.push_back(
        {Verdict::ok, "binding",
         fmt::format("{} thread{} a rank, cores enough (rank 0: cores {} of {})", first.threads,
                     first.threads == 1 ? "" : "s", parallel::format_cores(first.placement.cores),
                     first.placement.host_cores)});
  }
}

void examine_memory(const DoctorFacts& facts, const std::vector<Host>& hosts,
                    std::vector<Finding>& findings) {
  double least = -1;
  std::string where;
  for (const auto& host : hosts) {
    const double share = facts.ranks[static_cast<std::size_t>(host.ranks.front())].memory_mb /
                         static_cast<double>(host.ranks.size());
    if (least < 0 || share < least) {
      least = share;
      where = host.name;
    }
  }
  const std::string found = fmt::format("{:.1f} GB a rank free on {}", least / 1000, where);
  if (least >= least_memory_mb) {
    findings.push_back({Verdict::ok, "memory", found});
  } else {
    findings.push_back({Verdict::warning, "memory", found,
                        "screening with 100 members needs 1.4 GB a rank, featurizing 0.3 GB",
                        "Start fewer ranks on a host, or ask for more memory (--mem-per-cpu=2G)."});
  }
}

void examine_gpus(const DoctorFacts& facts, std::vector<Finding>& findings) {
  const auto before = findings.size();
  const auto& ranks = facts.ranks;
  const auto count = [&](const auto& is) { return std::count_if(ranks.begin(), ranks.end(), is); };
  const auto on_gpu = count([](const RankFacts& r) { return r.device != "cpu"; });
  const auto unused = count([](const RankFacts& r) { return r.gpu_driver && r.visible_gpus == 0; });
  const auto wrong = count([](const RankFacts& r) { return !r.products.right; });
  const auto crowded = std::max_element(ranks.begin(), ranks.end(),
                                        [](const auto& a, const auto& b) { return a.sharers < b.sharers; });
  if (unused > 0) {
    findings.push_back(
        {Verdict::warning, "gpu",
         fmt::format("{} of {} ranks are on hosts with NVIDIA's driver but see no GPU", unused, ranks.size()),
         "this libtorch is a CPU build, or the job was given none",
         "Build against a CUDA libtorch (preset cuda) and ask for GPUs; ignore this for CPU jobs."});
  }
  const auto given = count([](const RankFacts& r) { return !r.gpus_given.empty() && r.visible_gpus == 0; });
  if (given > 0) {
    findings.push_back(
        {Verdict::warning, "gpu",
         fmt::format("{} of {} ranks were given GPUs, and see none of them", given, ranks.size()),
         "this libtorch is a CPU build, or the GPUs are not NVIDIA's",
         "Build against a CUDA libtorch (preset cuda), or do not ask for GPUs."});
  }
  if (crowded->sharers > 4) {
    findings.push_back({Verdict::warning, "gpu", fmt::format("{} ranks share one GPU", crowded->sharers),
                        "their work is done in turns unless the site runs NVIDIA's MPS",
                        "Start one to four ranks a GPU (docs/sites.md)."});
  }
  if (on_gpu > 0 && on_gpu < static_cast<long>(ranks.size())) {
    findings.push_back(
        {Verdict::warning, "gpu", fmt::format("{} of {} ranks have a GPU", on_gpu, ranks.size()),
         "the others will be much slower in what all wait for", "Ask for GPUs on every host."});
  }
  if (wrong > 0) {
    findings.push_back({Verdict::problem, "gpu", fmt::format("matrix products are wrong on {} ranks", wrong),
                        "a device or its driver is broken",
                        "Exclude these hosts (sbatch --exclude) and report them to the site."});
  }
  if (findings.size() == before) {
    findings.push_back(
        {Verdict::ok, "gpu",
         on_gpu == 0 ? "no GPU is seen; ionsift runs on CPUs"
                     : fmt::format("{} of {} ranks on a GPU, at most {} on each; {:.0f} GFLOP/s on rank 0",
                                   on_gpu, ranks.size(), crowded->sharers, ranks.front().products.gflops)});
  }
}

void examine_blas(const DoctorFacts& facts, std::vector<Finding>& findings) {
  double least_rate = 0;
  double least = -1;
  for (const auto& rank : facts.ranks) {
    if (rank.device == "cpu" && (least < 0 || rank.products.advantage(rank.threads) < least)) {
      least = rank.products.advantage(rank.threads);
      least_rate = rank.products.gflops / rank.threads;
    }
  }
  if (least < 0) {
    findings.push_back({Verdict::ok, "blas", facts.blas + ", not measured: products are the GPUs' work"});
    return;
  }
  const std::string found =
      fmt::format("{}: {:.1f} GFLOP/s a core, {:.1f} times plain loops (the slowest rank)", facts.blas,
                  least_rate, least);
  if (least >= least_advantage) {
    findings.push_back({Verdict::ok, "blas", found});
  } else {
    findings.push_back(
        {Verdict::problem, "blas", found,
         "that is a reference BLAS, or a core is shared; with a reference BLAS the same products take 25 "
         "times as long",
         "Install libopenblas0-openmp (Debian: update-alternatives --config libblas.so.3-x86_64-linux-gnu), "
         "or build against OpenBLAS or MKL."});
  }
}

void examine_folder(const DoctorFacts& facts, const std::vector<Host>& hosts,
                    std::vector<Finding>& findings) {
  const auto& system = facts.file_system;
  const std::string found = fmt::format("{} is on {} ({}), {:.1f} GB free", facts.folder, system.type,
                                        name_of(system.kind), system.free_gb);
  const auto before = findings.size();
  if (system.kind == FileSystemKind::network) {
    findings.push_back({Verdict::warning, "folder", found,
                        "one server takes what all ranks write, and some know no locks",
                        "Write stores to the parallel file system (scratch); where opening fails, set "
                        "HDF5_USE_FILE_LOCKING=FALSE."});
  } else if (system.kind == FileSystemKind::memory) {
    findings.push_back({Verdict::warning, "folder", found,
                        "what is written there takes the ranks' memory and is lost", "Write to a disk."});
  } else if (system.kind == FileSystemKind::local && hosts.size() > 1) {
    findings.push_back({Verdict::warning, "folder", found, "other hosts may not see a local file system",
                        "Write stores to the parallel file system (scratch)."});
  }
  if (system.free_gb < least_space_gb) {
    findings.push_back(
        {Verdict::warning, "folder", found, "100,000 structures take about 2 GB", "Make space."});
  }
  if (findings.size() == before) {
    findings.push_back({Verdict::ok, "folder", found});
  }
}

void examine_io(const DoctorFacts& facts, std::vector<Finding>& findings) {
  const auto& io = facts.io;
  const std::string topic = "write-read";
  if (!io.refused.empty()) {
    findings.push_back({Verdict::problem, topic, "nothing can be written in " + facts.folder, io.refused,
                        "Choose another folder, or make space."});
  } else if (!io.blind.empty()) {
    findings.push_back({Verdict::problem, topic,
                        fmt::format("{} ranks (the first is {}) do not see what rank 0 writes in {}",
                                    io.blind.size(), io.blind.front(), facts.folder),
                        "the hosts do not share this folder", "Choose a folder that they share."});
  } else if (io.wrong > 0) {
    findings.push_back({Verdict::problem, topic,
                        fmt::format("{} of {} values came back wrong", io.wrong, io.values),
                        "MPI-IO, HDF5 or the file system is broken here; stores would hold wrong features",
                        "Follow the advice on mpi and hdf5 above, or choose another file system."});
  } else {
    const double megabytes = static_cast<double>(io.values) * 4 / 1e6;
    findings.push_back(
        {Verdict::ok, topic,
         fmt::format("{:.1f} MB by {} ranks came back right; {:.0f} MB/s written, {:.0f} MB/s read",
                     megabytes, facts.ranks.size(), megabytes / std::max(io.write_seconds, 1e-9),
                     megabytes / std::max(io.read_seconds, 1e-9))});
  }
}

} // namespace

std::vector<Finding> examine(const DoctorFacts& facts) {
  const auto hosts = hosts_of(facts.ranks);
  std::vector<Finding> findings;
  examine_launch(facts, hosts, findings);
  for (const auto& finding : examine_network(facts)) {
    findings.push_back(finding);
  }
  examine_binding(facts, hosts, findings);
  examine_memory(facts, hosts, findings);
  examine_gpus(facts, findings);
  examine_blas(facts, findings);
  for (const auto& bugs : {known_mpi_bugs(facts.mpi, facts.environment), known_hdf5_bugs(facts.hdf5)}) {
    findings.insert(findings.end(), bugs.begin(), bugs.end());
  }
  examine_folder(facts, hosts, findings);
  examine_io(facts, findings);
  return findings;
}

Verdict worst(const std::vector<Finding>& findings) {
  Verdict verdict = Verdict::ok;
  for (const auto& finding : findings) {
    verdict = std::max(verdict, finding.verdict);
  }
  return verdict;
}

} // namespace ionsift::report
