// SPDX-License-Identifier: BSD-3-Clause
#include "runtime.hpp"

#include "ionsift/base/memory.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/learn/tensor/libtorch.hpp"

#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <fmt/format.h>
#include <omp.h>
#include <torch/cuda.h>
#include <torch/version.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace ionsift::learn {

void prepare_libtorch() {
  // By default, libtorch sets OpenMP to all cores with its first operation, whatever the program has chosen.
  at::set_num_threads(omp_get_max_threads());
#ifdef __GLIBC__
  // Activations of a few hundred kilobytes come and go with every step. By default each is mapped, cleared by
  // the kernel and unmapped again; with heap memory training is 20 to 25 % faster.
  static const bool kept = [] {
    keep_freed_memory();
    return mallopt(M_TOP_PAD, 16 << 20) == 1;
  }();
  static_cast<void>(kept);
#endif
}

at::Device device_of(const parallel::DeviceBinding& binding) {
  return binding.gpu < 0 ? at::Device(at::kCPU)
                         : at::Device(at::kCUDA, static_cast<at::DeviceIndex>(binding.gpu));
}

int visible_gpus() {
  return static_cast<int>(torch::cuda::device_count());
}

namespace {

/// The description of OpenBLAS if libtorch uses it; otherwise "".
std::string ask_openblas(const char* function) {
  using Text = char* (*)();
  const auto ask = reinterpret_cast<Text>(dlsym(RTLD_DEFAULT, function));
  return ask == nullptr ? "" : ask();
}

} // namespace

std::string blas_description() {
  const auto words = split(ask_openblas("openblas_get_config"), ' ');
  return words.size() < 2
             ? "unknown"
             : fmt::format("{} {}, {}", words[0], words[1], ask_openblas("openblas_get_corename"));
}

std::string torch_description() {
  return std::string("libtorch ") + TORCH_VERSION;
}

} // namespace ionsift::learn
