// SPDX-License-Identifier: BSD-3-Clause
// Dialects of structures in JSON documents.
#pragma once

#include "raw_structure.hpp"

#include <nlohmann/json_fwd.hpp>

namespace ionsift::crystal {

/// A structure as pymatgen, OPTIMADE or JARVIS write it. Arrays may be numpy's as monty writes them.
/// @throws Error missing, data; nlohmann::json::exception
RawStructure read_structure(const nlohmann::json& structure);

} // namespace ionsift::crystal
