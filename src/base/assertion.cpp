// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/assertion.hpp"

#include "ionsift/base/version.hpp"

#include <algorithm>

namespace ionsift {

namespace {

/// "/home/me/ionsift/src/graph/graph.cpp" -> "src/graph/graph.cpp": the same text on every machine.
std::string_view within_repository(std::string_view file) {
  std::size_t start = 0;
  for (const std::string_view folder : {"src/", "include/ionsift/", "tests/"}) {
    const auto found = file.rfind(folder);
    if (found != std::string_view::npos && (found == 0 || file[found - 1] == '/')) {
      start = std::max(start, found);
    }
  }
  return file.substr(start);
}

} // namespace

std::string bug_report_request() {
  return fmt::format("This is a bug in ionsift {}; please report it with the command that was run.",
                     version());
}

Error assertion_failure(std::string_view condition, std::string_view file, int line, std::string problem) {
  return {ErrorCode::internal, std::move(problem),
          fmt::format("{} is false at {}:{}", condition, within_repository(file), line),
          bug_report_request()};
}

} // namespace ionsift
