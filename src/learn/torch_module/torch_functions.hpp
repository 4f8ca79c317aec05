// SPDX-License-Identifier: BSD-3-Clause
// All functions that the program calls in the rooms that use libtorch. The program does not link them: they
// are a module of their own, which is loaded when one of these functions is called for the first time,
// because loading libtorch takes longer than many a command.
#pragma once

#include "ionsift/learn/atomsets/start_weights.hpp"
#include "ionsift/learn/parent/parent_training.hpp"
#include "ionsift/learn/tensor/libtorch.hpp"
#include "ionsift/learn/tensor/product_rate.hpp"

#include "atomsets/fit_atomsets.hpp"

namespace ionsift::learn {

/// One pointer for each function, of the same name. Module and program are built together; `size` and the
/// version ensure that a module of another release is not used.
struct TorchFunctions {
  std::uint64_t size = sizeof(TorchFunctions);
  decltype(&learn::visible_gpus) visible_gpus = nullptr;
  decltype(&learn::gpu_uuids) gpu_uuids = nullptr;
  decltype(&learn::torch_description) torch_description = nullptr;
  decltype(&learn::blas_description) blas_description = nullptr;
  decltype(&learn::measure_products) measure_products = nullptr;
  decltype(&learn::read_atomsets) read_atomsets = nullptr;
  decltype(&learn::fit_atomsets) fit_atomsets = nullptr;
  decltype(&learn::fit_atomsets_stack) fit_atomsets_stack = nullptr;
  decltype(&learn::atomsets_cost) atomsets_cost = nullptr;
  decltype(&learn::write_maml_copy) write_maml_copy = nullptr;
  decltype(&StartWeights::load) load_start_weights = nullptr;
  decltype(&StartWeights::require_compatible) require_compatible = nullptr;
  decltype(&StartWeights::find) find_start_weights = nullptr;
  decltype(&StartWeights::describe) describe_start_weights = nullptr;
  decltype(&learn::fit_parent) fit_parent = nullptr;
  decltype(&learn::judge_parent) judge_parent = nullptr;
};

/// The entry point that the module exports.
inline constexpr const char* torch_functions_symbol = "ionsift_torch_functions";

} // namespace ionsift::learn
