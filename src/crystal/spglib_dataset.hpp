// The one call of spglib.
#pragma once

#include "ionsift/crystal/crystal.hpp"

#include <spglib.h>

#include <memory>
#include <vector>

namespace ionsift::crystal {

using SpglibResult = std::unique_ptr<SpglibDataset, decltype(&spg_free_dataset)>;

/// What spglib finds (Togo & Tanaka, arXiv 1808.01590); nullptr where it gives up.
/// @param types of the sites, equal for equal ones
/// @param tolerance angstrom
SpglibResult spglib_dataset(const Crystal& crystal, const std::vector<int>& types, double tolerance);

} // namespace ionsift::crystal
