// SPDX-License-Identifier: BSD-3-Clause
#include "torch_facts.hpp"

#include "ionsift/learn/tensor/libtorch.hpp"

namespace ionsift::cli {

int visible_gpus() {
  return learn::visible_gpus();
}

std::vector<std::string> gpu_uuids() {
  return learn::gpu_uuids();
}

std::string torch_description() {
  return learn::torch_description();
}

std::string blas_description() {
  return learn::blas_description();
}

} // namespace ionsift::cli
