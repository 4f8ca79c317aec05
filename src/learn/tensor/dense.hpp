// SPDX-License-Identifier: BSD-3-Clause
// A fully connected layer.
#pragma once

#include "tensor.hpp"

namespace ionsift::learn {

struct Dense {
  at::Tensor kernel; ///< [in x out], as Keras stores it
  at::Tensor bias;   ///< [out]
};

} // namespace ionsift::learn
