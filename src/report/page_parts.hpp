// SPDX-License-Identifier: BSD-3-Clause
// The parts of the page.
#pragma once

#include <string_view>

namespace ionsift::report {

struct PageParts {
  std::string_view head, style, body, program;
};

const PageParts& page_parts();

} // namespace ionsift::report
