// SPDX-License-Identifier: BSD-3-Clause
#include "torch_facts.hpp"

namespace ionsift::cli {

int visible_gpus() {
  return 0;
}

std::vector<std::string> gpu_uuids() {
  return {};
}

std::string torch_description() {
  return "none (IONSIFT_WITH_LEARN=OFF)";
}

std::string blas_description() {
  return "none";
}

} // namespace ionsift::cli
