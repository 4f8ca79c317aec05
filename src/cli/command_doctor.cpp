// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/hdf5.hpp"
#include "ionsift/base/memory.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/learn/tensor/libtorch.hpp"
#include "ionsift/parallel/environment.hpp"
#include "ionsift/parallel/link.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/report/doctor.hpp"

#include "command.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>

namespace ionsift::cli {

namespace {

std::map<std::string, std::string> steering_variables() {
  std::map<std::string, std::string> found;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const auto equals = text.find('=');
    const std::string name = text.substr(0, equals);
    // Variables set by Open MPI's launcher are not user settings.
    if (equals == std::string::npos || name.starts_with("OMPI_MCA_orte") ||
        name.starts_with("OMPI_MCA_ess") || name == "OMPI_MCA_initial_wdir") {
      continue;
    }
    for (const char* prefix :
         {"OMPI_MCA_", "HDF5_", "OMP_", "OPENBLAS_", "CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES",
          "ROCR_VISIBLE_DEVICES", "MPICH_", "UCX_", "FI_PROVIDER", "SLURM_CPU_BIND", "MALLOC_"}) {
      if (name.starts_with(prefix)) {
        found[name] = text.substr(equals + 1);
      }
    }
  }
  return found;
}

class Doctor : public Command {
public:
  void declare(OptionTable& table) override {
    table.add("folder", "DIR", folder_, "where runs will write: its file system is looked at and written to")
        .add("megabytes", "N", megabytes_, "written and read by each rank")
        .add("device", "auto|cpu|cuda", device_, "what ranks would compute on");
  }

  std::optional<std::filesystem::path> run_json() const override { return std::nullopt; }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    IONSIFT_VALIDATE(megabytes_ > 0 && megabytes_ <= 1e5, usage, fmt::format("--megabytes {}", megabytes_),
                     "each rank writes that much", "Give a number between 0 and 100000.");
    IONSIFT_VALIDATE(std::filesystem::is_directory(folder_), missing,
                     fmt::format("there is no folder {}", folder_), "--folder names the folder to examine",
                     "Make it, or name another.");
    const auto binding = choose_device(comm, device_, record);
    report::DoctorFacts facts;
    facts.ranks = gather(comm, facts_of_this_rank(comm, binding, record, device_));
    facts.launched = parallel::launched_processes();
    facts.mpi = parallel::mpi_description();
    facts.hdf5 = h5::library_version();
    facts.blas = learn::blas_description();
    facts.libtorch = learn::torch_description();
    facts.environment = steering_variables();
    facts.folder = std::filesystem::absolute(folder_).lexically_normal().string();
    facts.file_system = file_system_of(folder_);
    {
      const ScopedPhase phase(record.phases(), "write and read");
      facts.io = store::check_parallel_io(comm, folder_, static_cast<std::uint64_t>(megabytes_ * 1e6 / 4));
    }
    conclude(comm, common, record, facts);
  }

private:
  static report::RankFacts facts_of_this_rank(const parallel::Communicator& comm,
                                              const parallel::DeviceBinding& binding, RunRecord& record,
                                              const std::string& request) {
    report::RankFacts facts;
    facts.placement = parallel::placement();
    facts.threads = record.environment()["threads"].get<int>();
    facts.device = binding.name();
    facts.visible_gpus = request == "cpu" ? 0 : learn::visible_gpus();
    if (const char* given = std::getenv("CUDA_VISIBLE_DEVICES"); given != nullptr && request != "cpu") {
      facts.gpus_given = given;
    }
    facts.sharers = binding.sharers;
    facts.gpu_driver = request != "cpu" && std::filesystem::exists("/dev/nvidiactl");
    facts.memory_mb = available_memory_mb();
    facts.node = parallel::node_name();
    facts.node_ranks = comm.node().size();
    facts.mpi_node_ranks = parallel::mpi_node_size();
    {
      const ScopedPhase phase(record.phases(), "messages");
      const auto link = parallel::measure_link(comm);
      facts.clock_ahead_s = link.clock_ahead_seconds;
      facts.latency_us = 1e6 * link.latency_seconds;
      facts.megabytes_s = 1e-6 * link.bytes_per_second;
    }
    comm.barrier(); // all at once, as in a run
    const ScopedPhase phase(record.phases(), "matrix products");
    facts.products = learn::measure_products(binding);
    return facts;
  }

  /// On rank 0, in the order of the ranks.
  static std::vector<report::RankFacts> gather(const parallel::Communicator& comm,
                                               const report::RankFacts& mine) {
    const std::string line = report::to_json(mine).dump() + '\n';
    const auto all = comm.gather(std::span<const char>(line.data(), line.size()));
    std::vector<report::RankFacts> ranks;
    for (const auto& text : split(trim(std::string_view(all.data(), all.size())), '\n')) {
      ranks.push_back(report::rank_facts_of(nlohmann::json::parse(text)));
    }
    return ranks;
  }

  static void conclude(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record,
                       const report::DoctorFacts& facts) {
    int problems = 0;
    parallel::on_root(comm, [&] {
      const auto findings = report::examine(facts);
      for (const auto verdict : {report::Verdict::ok, report::Verdict::warning, report::Verdict::problem}) {
        record.counts()[report::name_of(verdict)] = std::count_if(
            findings.begin(), findings.end(), [&](const auto& f) { return f.verdict == verdict; });
      }
      problems = record.counts()["problem"].get<int>();
      record.result() = report::to_json(facts, findings);
      if (!common.json) {
        report::print_doctor(std::cout, facts, findings);
      }
    });
    if (comm.all_reduce(problems, parallel::Reduction::max) > 0) {
      record.find_problems();
    }
    if (comm.is_root() && common.json) {
      std::cout << record.document().dump(2) << '\n';
    }
  }

  std::string folder_ = ".", device_ = "auto";
  double megabytes_ = 4;
};

} // namespace

std::unique_ptr<Command> make_doctor() {
  return std::make_unique<Doctor>();
}

} // namespace ionsift::cli
