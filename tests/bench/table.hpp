// SPDX-License-Identifier: BSD-3-Clause
// Results as tables for people.
#pragma once

#include <nlohmann/json.hpp>

#include <iosfwd>

namespace ionsift::bench {

/// Prints what the document holds of "products", "steps" and "pipeline".
void print_tables(std::ostream& out, const nlohmann::json& document);

} // namespace ionsift::bench
