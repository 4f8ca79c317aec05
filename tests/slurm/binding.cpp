// SPDX-License-Identifier: BSD-3-Clause
// The device of each rank if libtorch could use every GPU that the launcher shows: a line for each rank,
// on rank 0.
#include "ionsift/base/text.hpp"
#include "ionsift/parallel/device.hpp"
#include "ionsift/parallel/environment.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>

using namespace ionsift;

int main(int argc, char** argv) {
  return parallel::run_guarded(argc, argv, [](const parallel::Communicator& comm) {
    const auto variable = [](const char* name) {
      const char* value = std::getenv(name);
      return std::string(value == nullptr ? "" : value);
    };
    const auto shown = variable("CUDA_VISIBLE_DEVICES");
    const auto binding =
        parallel::bind_device(comm, shown.empty() ? 0 : static_cast<int>(split(shown, ',').size()));
    const std::string line =
        fmt::format("{} {} of {}: {} of [{}], {} on it\n", variable("SLURMD_NODENAME"), binding.local_rank,
                    binding.local_size, binding.name(), shown, binding.sharers);
    const auto all = comm.gather(std::span<const char>(line.data(), line.size()));
    std::fwrite(all.data(), 1, all.size(), stdout);
    return 0;
  });
}
