// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/model/parent_shape.hpp"

#include "ionsift/base/error.hpp"

#include <fmt/format.h>

namespace ionsift::learn {

void ParentShape::validate() const {
  IONSIFT_VALIDATE(features >= 1 && features <= 32 && hidden >= 1 && hidden <= 64, usage,
                   fmt::format("a parent of {} features and {} hidden units", features, hidden),
                   "the layout that --parent reads has room for 1 to 32 and 1 to 64", "Give smaller widths.");
  IONSIFT_VALIDATE(blocks >= 1 && blocks <= 3, usage, fmt::format("a parent of {} blocks", blocks),
                   "the layout that --parent reads has three", "Give 1, 2 or 3.");
}

} // namespace ionsift::learn
