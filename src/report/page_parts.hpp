// SPDX-License-Identifier: BSD-3-Clause
// What the page is made of, inside the program.
#pragma once

#include <string_view>

namespace ionsift::report {

struct PageParts {
  std::string_view head, style, body, program;
};

const PageParts& page_parts();

} // namespace ionsift::report
