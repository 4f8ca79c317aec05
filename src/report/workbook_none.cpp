// SPDX-License-Identifier: BSD-3-Clause
// Without libxlsxwriter there are no workbooks.
#include "ionsift/base/error.hpp"
#include "ionsift/report/workbook.hpp"

namespace ionsift::report {

bool can_write_workbooks() {
  return false;
}

std::vector<std::uint64_t> write_workbook(const std::filesystem::path& path, const std::vector<Sheet>&,
                                          std::uint64_t) {
  throw Error(ErrorCode::usage, fmt::format("{} cannot be written", path.string()),
              "this program was built without libxlsxwriter",
              "Open the CSV tables instead, or build with libxlsxwriter (Debian: libxlsxwriter-dev).");
}

} // namespace ionsift::report
