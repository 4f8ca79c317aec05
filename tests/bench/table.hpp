// SPDX-License-Identifier: BSD-3-Clause
// Results as tables for people.
#pragma once

#include <nlohmann/json.hpp>

#include <iosfwd>

namespace ionsift::bench {

/// Prints "products", "steps" and "pipeline" of the document.
void print_tables(std::ostream& out, const nlohmann::json& document);

} // namespace ionsift::bench
