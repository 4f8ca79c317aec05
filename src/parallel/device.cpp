// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/parallel/bind_device.hpp"
#include "ionsift/parallel/placement.hpp"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <vector>

namespace ionsift::parallel {
namespace {

/// The launcher's name of the GPU: devices that a process sees are numbered from 0, so that number 0 of one
/// rank and number 0 of the next may be different ones.
std::string name_on_node(int gpu) {
  std::string name = std::to_string(gpu);
  // ROCm applies its own variable first, and numbers what is left for the other two.
  for (const char* variable : {"CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES"}) {
    const char* visible = std::getenv(variable);
    const auto names = split(visible == nullptr ? "" : visible, ',');
    const auto number = parse_integer(name);
    if (visible != nullptr && number && *number >= 0 && static_cast<std::size_t>(*number) < names.size()) {
      name = trim(names[static_cast<std::size_t>(*number)]);
    }
  }
  return name;
}

int count_sharers(const Communicator& comm, const std::string& device) {
  const std::uint64_t mine = std::hash<std::string>{}(device);
  const auto all = comm.all_gather(std::span<const std::uint64_t>(&mine, 1));
  return device.empty() ? 1 : static_cast<int>(std::count(all.begin(), all.end(), mine));
}

/// The launcher's numbers where they differ within the node, and else the node's own. A node that was not
/// found whole has ranks with numbers beyond its size; then the launcher's numbers are used as well.
int local_rank_of(const Communicator& node) {
  const std::int32_t told = launched_local_rank().value_or(-1);
  auto all = node.all_gather(std::span<const std::int32_t>(&told, 1));
  std::sort(all.begin(), all.end());
  const bool differ = std::adjacent_find(all.begin(), all.end()) == all.end();
  return all.front() >= 0 && differ ? told : node.rank();
}

} // namespace

std::string DeviceBinding::name() const {
  return gpu < 0 ? "cpu" : fmt::format("cuda:{}", gpu);
}

DeviceBinding bind_device(const Communicator& comm, const std::vector<std::string>& uuids) {
  const Communicator node = comm.node();
  DeviceBinding binding;
  binding.local_rank = local_rank_of(node);
  binding.local_size = std::max(node.size(), node.all_reduce(binding.local_rank + 1, Reduction::max));
  std::string device;
  if (!uuids.empty()) {
    binding.gpu = binding.local_rank % static_cast<int>(uuids.size());
    const auto& uuid = uuids[static_cast<std::size_t>(binding.gpu)];
    device = uuid.empty() ? fmt::format("{} {}", node_name(), name_on_node(binding.gpu)) : uuid;
  }
  // UUIDs are compared over all ranks, whatever the nodes; in a dry run they would all be equal.
  binding.sharers = count_sharers(comm.kind() == "mpi" ? comm : node, device);
  return binding;
}

DeviceBinding bind_device(const Communicator& comm, int visible_gpus) {
  return bind_device(comm, std::vector<std::string>(static_cast<std::size_t>(std::max(0, visible_gpus))));
}

} // namespace ionsift::parallel
