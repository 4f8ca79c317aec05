// SPDX-License-Identifier: BSD-3-Clause
// The machine that this process runs on.
#pragma once

#include <string>

namespace ionsift {

/// The name that the system gives it; "unknown" where it gives none.
std::string host_name();

} // namespace ionsift
