#include "torch_facts.hpp"

namespace ionsift::cli {

int visible_gpus() {
  return 0;
}

std::string torch_description() {
  return "none (IONSIFT_WITH_LEARN=OFF)";
}

std::string blas_description() {
  return "none";
}

} // namespace ionsift::cli
