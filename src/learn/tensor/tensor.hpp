// SPDX-License-Identifier: BSD-3-Clause
// libtorch's tensors, in an order that GCC and clang both take.
#pragma once

#include <ATen/core/Tensor.h>
// The headers of single operators (ATen/ops) use IValue before it is complete, which clang 14 refuses.
#include <ATen/core/ivalue.h>
