// SPDX-License-Identifier: BSD-3-Clause
// A page's data of a screening: every structure with its status, as far as its size allows, and pictures'
// data of the first.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ionsift::report {

/// A structure that gets a picture.
struct Pictured {
  std::string id, sha256;
  std::uint64_t index = 0; ///< index in the store of the screening
};

struct PageTable {
  /// Column by column, so that 20,000 structures are about 2 MB: numbers as whole multiples of what `scales`
  /// says, null where unknown; texts that occur more than once as numbers of a list.
  ///
  /// {"structures": N in ranking.csv, "rows": n, "scales": {...}, "id": [...], "formula": [...], "P_SI":
  /// [...], "SD", "P_SI_05", "P_SI_95", "d_training", "band_gap_eV", "energy_above_hull": [...], "ordered":
  /// "10..", "status", "detail", "band_gap_source", "verdicts", "source": {"values": [...], "of": [...]},
  /// "nearest":
  /// {"values": [{"formula", "conductivity", "reference"}], "of": [[...], [...], [...]]}, "same_as": {row:
  /// id}, "comments": {row: text}, "filters": [{"name", "reason"}], "element_lists": {name: [symbols]}}
  nlohmann::json columns;
  /// The first candidates, each for its group, and the first of each list; no structure twice.
  std::vector<Pictured> pictured;
  /// The ids of the first candidates, for figures.
  std::vector<std::string> candidates;
};

struct PageTableOptions {
  std::uint64_t rows = 30000;   ///< largest number of rows of ranking.csv
  std::uint64_t pictures = 100; ///< number of pictures of candidates; each list has a fifth as many
  std::uint64_t marked = 500;   ///< candidates that figures mark
};

/// Reads the first rows of ranking.csv and what predictions.h5 knows of them. Both files are gone through
/// once, and no more than `options.rows` of them is held.
/// @param screening folder that `screen` wrote  @throws Error missing, format
PageTable read_page_table(const std::filesystem::path& screening, const PageTableOptions& options);

/// lists.csv as {"columns": [...], "rows": [[...]]}; null where there is none.
nlohmann::json read_page_lists(const std::filesystem::path& screening);

/// kinds.csv as {"kinds": [...], "of": {id: [P_SI, ...]}}; null where there is none.
nlohmann::json read_page_kinds(const std::filesystem::path& screening);

/// What pictures are drawn from, by id: {"lattice": [[3] x 3] in angstrom, "space_group": number, "symbol",
/// "orbits": [{"label", "species": [[symbol, occupancy, charge], ...]}], "sites": [[orbit, x, y, z], ...],
/// "volume", "cif"}. Cells of more than `most_pictured_sites` sites have neither `sites` nor `cif`.
/// Structures that the store does not have (any more) as they were screened are left out, with a warning.
/// @param store of the screening
nlohmann::json read_page_structures(const std::filesystem::path& store,
                                    const std::vector<Pictured>& pictured);
inline constexpr std::size_t most_pictured_sites = 500;

} // namespace ionsift::report
