// SPDX-License-Identifier: BSD-3-Clause
#include "kernels.hpp"

namespace ionsift::megnet {

extern const Kernels<float> baseline_float;
extern const Kernels<double> baseline_double;
#ifdef IONSIFT_X86_KERNELS
extern const Kernels<float> avx2_float, avx512_float;
extern const Kernels<double> avx2_double, avx512_double;
#endif

namespace {

template <typename Scalar>
KernelSets<Scalar> choose(const Kernels<Scalar>& baseline, [[maybe_unused]] const Kernels<Scalar>* avx2,
                          [[maybe_unused]] const Kernels<Scalar>* avx512) {
  KernelSets<Scalar> sets;
  sets.set[sets.size++] = &baseline;
#ifdef IONSIFT_X86_KERNELS
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    sets.set[sets.size++] = avx2;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) {
      sets.set[sets.size++] = avx512;
    }
  }
#endif
  return sets;
}

} // namespace

template <>
KernelSets<float> all_kernels() {
#ifdef IONSIFT_X86_KERNELS
  return choose(baseline_float, &avx2_float, &avx512_float);
#else
  return choose<float>(baseline_float, nullptr, nullptr);
#endif
}

template <>
KernelSets<double> all_kernels() {
#ifdef IONSIFT_X86_KERNELS
  return choose(baseline_double, &avx2_double, &avx512_double);
#else
  return choose<double>(baseline_double, nullptr, nullptr);
#endif
}

template <typename Scalar>
const Kernels<Scalar>& kernels() {
  static const KernelSets<Scalar> sets = all_kernels<Scalar>();
  return *sets.set[sets.size - 1];
}

template const Kernels<float>& kernels<float>();
template const Kernels<double>& kernels<double>();

} // namespace ionsift::megnet
