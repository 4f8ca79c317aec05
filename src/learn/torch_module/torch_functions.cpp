// SPDX-License-Identifier: BSD-3-Clause
// Part of the module.
#include "torch_functions.hpp"

namespace ionsift::learn {

extern "C" __attribute__((visibility("default"))) const TorchFunctions* ionsift_torch_functions() {
  static const TorchFunctions functions = {.visible_gpus = &visible_gpus,
                                           .gpu_uuids = &gpu_uuids,
                                           .torch_description = &torch_description,
                                           .blas_description = &blas_description,
                                           .measure_products = &measure_products,
                                           .read_atomsets = &read_atomsets,
                                           .fit_atomsets = &fit_atomsets,
                                           .fit_atomsets_stack = &fit_atomsets_stack,
                                           .atomsets_cost = &atomsets_cost,
                                           .write_maml_copy = &write_maml_copy,
                                           .load_start_weights = &StartWeights::load,
                                           .require_compatible = &StartWeights::require_compatible,
                                           .find_start_weights = &StartWeights::find,
                                           .describe_start_weights = &StartWeights::describe,
                                           .fit_parent = &fit_parent,
                                           .judge_parent = &judge_parent};
  return &functions;
}

} // namespace ionsift::learn
