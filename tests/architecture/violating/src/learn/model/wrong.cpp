// SPDX-License-Identifier: BSD-3-Clause
// Breaks the rules of rooms on purpose: a header of a later room, and libtorch outside its rooms.
#include "tensor/tensor_kernels.hpp"
#include <ATen/ATen.h>
