// SPDX-License-Identifier: BSD-3-Clause
// Dropout masks that are the same for every version and device of libtorch.
#pragma once

#include "ionsift/base/random.hpp"

#include "tensor.hpp"

#include <cstddef>

namespace ionsift::learn {

/// A mask of the shape of `like`, on its device: 0 with the given probability, otherwise 1 / (1 -
/// probability), so that expectations stay. The probability is rounded to a multiple of 2^-16.
at::Tensor dropout_mask(const at::Tensor& like, double probability, RandomStream& random);

/// The same numbers for n values, into memory of the host.
void fill_dropout_mask(float* mask, std::size_t n, double probability, RandomStream& random);
void fill_dropout_mask(double* mask, std::size_t n, double probability, RandomStream& random);

} // namespace ionsift::learn
