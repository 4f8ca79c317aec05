// SPDX-License-Identifier: BSD-3-Clause
// Where things are in the file (docs/store.md), and how texts are made fit for it.
#pragma once

#include "ionsift/crystal/representation.hpp"
#include "ionsift/store/format/schema.hpp"

#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace ionsift::store {

/// Stands for the prediction that a structure without sites lacks.
inline constexpr double no_prediction = std::numeric_limits<double>::quiet_NaN();

inline constexpr std::string_view format_name = "ionsift-store";

/// "features/CAMNS/V1"
std::string feature_path(crystal::Representation representation, std::string_view dataset);
/// "V1"
std::string level_name(int level);

/// Axes along which blocks of structures have their rows: structure, site, orbit, species, and each
/// representation's rows.
std::vector<std::string> axis_names(const std::vector<crystal::Representation>& representations);
/// Position of a column's axis among them.
std::size_t axis_of(std::string_view column, const std::vector<crystal::Representation>& representations);

/// Where texts of a column lie that are much longer than all others: "long_texts/structures.id/row"
std::string long_text_path(std::string_view column, std::string_view dataset);
std::uint64_t long_text_checksum(std::uint64_t row, std::string_view text);

/// The enumerators named in the file. @throws Error format for an unknown name
ErrorCode error_code_of(std::string_view name);
crystal::OxidationSource oxidation_source_of(std::string_view name);
crystal::OrbitSource orbit_source_of(std::string_view name);

/// At most `length` bytes; longer texts are cut between two characters and end in "...".
std::string shorten(std::string text, std::size_t length);

/// Text of a failure as it is stored: without zero bytes, and shortened.
std::string readable(std::string text, std::size_t length);

/// Warnings in one text of at most longest_message bytes, joined by "; ". A semicolon inside a warning
/// becomes a comma, so that the text can be split again.
std::string join_warnings(const std::vector<std::string>& crystal, const std::vector<std::string>& features);
std::vector<std::string> split_warnings(std::string_view joined);

} // namespace ionsift::store
