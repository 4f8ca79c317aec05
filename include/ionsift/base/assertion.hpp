// SPDX-License-Identifier: BSD-3-Clause
// Checks of what only a bug in ionsift can break; IONSIFT_VALIDATE is for input.
#pragma once

#include "ionsift/base/error.hpp"

namespace ionsift {

/// The request that ends the message of every bug: "This is a bug in ionsift VERSION; please report it with
/// the command that was run."
std::string bug_report_request();

/// The error of a failed IONSIFT_ASSERT, of code internal:
/// "PROBLEM (CONDITION is false at FILE:LINE) This is a bug in ionsift VERSION; ...".
/// @param file as __FILE__ gives it; the message has the part from "src" or "include" on
Error assertion_failure(std::string_view condition, std::string_view file, int line, std::string problem);

} // namespace ionsift

/// Always-on check of an invariant: throws ionsift::Error of code internal unless CONDITION holds. PROBLEM is
/// evaluated only then, so it may call fmt::format freely.
#define IONSIFT_ASSERT(CONDITION, PROBLEM)                                                                   \
  do {                                                                                                       \
    if (!(CONDITION)) [[unlikely]] {                                                                         \
      throw ::ionsift::assertion_failure(#CONDITION, __FILE__, __LINE__, (PROBLEM));                         \
    }                                                                                                        \
  } while (false)
