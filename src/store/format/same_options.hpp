// SPDX-License-Identifier: BSD-3-Clause
// Options that decided what a store or a journal holds, compared with those of now.
#pragma once

#include <string>
#include <vector>

namespace ionsift::store {

/// @throws Error conflict naming the first option that differs, with both values
void require_same_options(const std::vector<std::string>& before, const std::vector<std::string>& now,
                          const std::string& what);

} // namespace ionsift::store
