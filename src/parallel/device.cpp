#include "ionsift/parallel/device.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"

#include <algorithm>
#include <cstdlib>

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

int count_sharers(const Communicator& node, int gpu) {
  const std::uint64_t mine = gpu < 0 ? 0 : std::hash<std::string>{}(name_on_node(gpu));
  const auto all = node.all_gather(std::span<const std::uint64_t>(&mine, 1));
  return gpu < 0 ? 1 : static_cast<int>(std::count(all.begin(), all.end(), mine));
}

} // namespace

std::string DeviceBinding::name() const {
  return gpu < 0 ? "cpu" : fmt::format("cuda:{}", gpu);
}

DeviceBinding bind_device(const Communicator& comm, int visible_gpus) {
  const Communicator node = comm.node();
  DeviceBinding binding;
  binding.local_rank = node.rank();
  binding.local_size = node.size();
  binding.gpu = visible_gpus > 0 ? binding.local_rank % visible_gpus : -1;
  binding.sharers = count_sharers(node, binding.gpu);
  return binding;
}

} // namespace ionsift::parallel
