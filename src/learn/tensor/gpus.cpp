// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/tensor/libtorch.hpp"

#include <fmt/format.h>

#ifdef IONSIFT_CUDA
#include <ATen/cuda/CUDAContext.h>
#endif

namespace ionsift::learn {

std::vector<std::string> gpu_uuids() {
  std::vector<std::string> uuids(static_cast<std::size_t>(visible_gpus()));
#ifdef IONSIFT_CUDA
  for (std::size_t i = 0; i < uuids.size(); ++i) {
    for (const char byte : at::cuda::getDeviceProperties(static_cast<at::DeviceIndex>(i))->uuid.bytes) {
      uuids[i] += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    }
  }
#endif
  return uuids;
}

} // namespace ionsift::learn
