// SPDX-License-Identifier: BSD-3-Clause
// Diagnosis of a machine, an allocation and their libraries for a run: facts of each rank, and
// verdicts.
#pragma once

#include "ionsift/base/file_system.hpp"
#include "ionsift/learn/tensor/product_rate.hpp"
#include "ionsift/parallel/placement.hpp"
#include "ionsift/store/write/io_check.hpp"

#include <nlohmann/json.hpp>

#include <iosfwd>
#include <map>
#include <string>
#include <vector>

namespace ionsift::report {

/// Of one rank.
struct RankFacts {
  parallel::Placement placement;
  int threads = 1;
  std::string device = "cpu"; ///< "cuda:1"
  int visible_gpus = 0;       ///< GPUs that libtorch sees
  std::string gpus_given;     ///< GPUs given by the launcher, as in CUDA_VISIBLE_DEVICES; empty: none, or all
  int sharers = 1;            ///< ranks with the same GPU
  bool gpu_driver = false;    ///< the host has a driver of NVIDIA GPUs
  learn::ProductRate products;
  double memory_mb = 0;     ///< available memory, shared with the other ranks of the host
  std::string node;         ///< parallel::node_name(); several may be on one host
  int node_ranks = 1;       ///< ranks of that node
  int mpi_node_ranks = 1;   ///< ranks on its node according to MPI
  double clock_ahead_s = 0; ///< lead over rank 0's clock
  double latency_us = 0;    ///< half a message to rank 0 and back; 0 on rank 0
  double megabytes_s = 0;   ///< between this rank and rank 0; 0 on rank 0
};

struct DoctorFacts {
  std::vector<RankFacts> ranks; ///< [ranks] facts
  int launched = 0;             ///< processes according to the launcher; 0: unknown
  std::string mpi;              ///< text of MPI_Get_library_version
  std::string hdf5;             ///< "1.10.8"
  std::string blas;             ///< "OpenBLAS 0.3.21, Haswell"; "unknown"
  std::string libtorch;
  std::map<std::string, std::string> environment; ///< variables that steer MPI, HDF5 and threads
  std::string folder;
  FileSystem file_system;
  store::IoCheck io;
};

enum class Verdict { ok, warning, problem };
std::string_view name_of(Verdict verdict);

/// One verdict: what was found, and for all but ok why it matters and what helps.
struct Finding {
  Verdict verdict = Verdict::ok;
  std::string topic; ///< "binding"
  std::string found;
  std::string why{}, remedy{};
};

/// All verdicts, at least one for each topic: launch, nodes, transport, clocks, binding, memory, gpu, blas,
/// mpi, hdf5, folder, write-read. The same for the same facts.
std::vector<Finding> examine(const DoctorFacts& facts);

/// Of a version's bugs those that a run of ionsift can meet, each with the setting that avoids it; those that
/// are avoided already are ok. One ok finding where there are none.
/// @param mpi as MPI_Get_library_version has it  @param environment OMPI_MCA_... as they are set
std::vector<Finding> known_mpi_bugs(const std::string& mpi,
                                    const std::map<std::string, std::string>& environment);
std::vector<Finding> known_hdf5_bugs(const std::string& version);

/// The worst of them; ok of none.
Verdict worst(const std::vector<Finding>& findings);

/// {"verdict", "findings": [{"topic", "verdict", "found", "why"?, "remedy"?}], "ranks": [...], "mpi", "hdf5",
/// "blas", "libtorch", "environment", "file_system", "write_read"}.
nlohmann::json to_json(const DoctorFacts& facts, const std::vector<Finding>& findings);
nlohmann::json to_json(const RankFacts& facts);
/// The inverse of the latter, for facts that travel from their rank.
RankFacts rank_facts_of(const nlohmann::json& document);

/// A table of the ranks (of more than 16 the first of each host), then a line for each verdict.
void print_doctor(std::ostream& out, const DoctorFacts& facts, const std::vector<Finding>& findings);

} // namespace ionsift::report
