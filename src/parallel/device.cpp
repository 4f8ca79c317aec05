#include "ionsift/parallel/device.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/parallel/placement.hpp"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <vector>

namespace ionsift::parallel {
namespace {

/// What the launcher calls the GPU: CUDA numbers the devices a process sees from 0, so that number 0 of one
/// rank and number 0 of the next may be different ones.
std::string name_on_node(int gpu) {
  const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
  const auto names = split(visible == nullptr ? "" : visible, ',');
  const auto i = static_cast<std::size_t>(gpu);
  return i < names.size() ? std::string(trim(names[i])) : std::to_string(gpu);
}

/// The node of this process. Hosts' names tell nodes apart, but for virtual ones of SLURM, which share a
/// host. MPI_Comm_split_type is not asked: that of Open MPI 4.1 with PMIx 4.2.3, and that of MPICH 5.0.0,
/// find every rank alone on its node.
std::string node_name() {
  const char* name = std::getenv("SLURMD_NODENAME");
  return fmt::format("{} {}", placement().host, name == nullptr ? "" : name);
}

/// Of each rank. Collective.
std::vector<std::uint64_t> hashes_of_all(const Communicator& comm, const std::string& text) {
  const std::uint64_t mine = std::hash<std::string>{}(text);
  return comm.all_gather(std::span<const std::uint64_t>(&mine, 1));
}

} // namespace

std::string DeviceBinding::name() const {
  return gpu < 0 ? "cpu" : fmt::format("cuda:{}", gpu);
}

DeviceBinding bind_device(const Communicator& comm, int visible_gpus) {
  const auto node = node_name();
  const auto nodes = hashes_of_all(comm, node);
  const auto here = nodes.begin() + comm.rank();
  DeviceBinding binding;
  binding.local_rank = static_cast<int>(std::count(nodes.begin(), here, *here));
  binding.local_size = static_cast<int>(std::count(nodes.begin(), nodes.end(), *here));
  binding.gpu = visible_gpus > 0 ? binding.local_rank % visible_gpus : -1;
  const auto gpus = hashes_of_all(comm, fmt::format("{} {}", node, name_on_node(binding.gpu)));
  if (binding.gpu >= 0) {
    binding.sharers =
        static_cast<int>(std::count(gpus.begin(), gpus.end(), gpus[static_cast<std::size_t>(comm.rank())]));
  }
  return binding;
}

} // namespace ionsift::parallel
