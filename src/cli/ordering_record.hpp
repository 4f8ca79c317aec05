// SPDX-License-Identifier: BSD-3-Clause
// The result of `order` for one structure, and its output.
#pragma once

#include "ionsift/base/error.hpp"
#include "ionsift/crystal/order/ordering.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace ionsift::cli {

/// What came of one structure.
struct OrderingRecord {
  crystal::OrderingMethod method = crystal::OrderingMethod::already_ordered;
  std::array<int, 3> repeats{};
  std::uint64_t atoms = 0, arrangements = 0, distinct = 0, ties = 0;
  double possible = 0, energy = 0, occupancy_error = 0, composition_error = 0, net_charge = 0, seconds = 0;
  ErrorCode code = ErrorCode::data; ///< code of a failure
  bool failed = true;
  std::string cif, lost; ///< elements that rounding left out
  std::string reason;    ///< message of a failure
};

/// Back and forth without loss, also of numbers that are not finite.
nlohmann::json to_json(const OrderingRecord& record);
OrderingRecord ordering_record_from_json(const nlohmann::json& json);

/// A result, without its CIF. @param seconds of wall-clock time that it took
OrderingRecord record_of(const crystal::OrderedCrystal& ordered, double seconds);

/// Symbols of the elements that rounding left out, joined by blanks.
std::string lost_elements(const crystal::OrderedCrystal& ordered);

/// The lines before a CIF: what the energy is and how the arrangement was found.
std::vector<std::string> cif_comments(const crystal::OrderedCrystal& ordered,
                                      const crystal::OrderingOptions& options);

/// The header of order.csv, and a line of it.
std::vector<std::string> ordering_header();
/// @param cif the name of its file
std::vector<std::string> ordering_row(const std::string& id, const OrderingRecord& record,
                                      const std::string& cif);

/// The name of a file for an id: what a path cannot hold becomes "_".
std::string file_stem(const std::string& id);

} // namespace ionsift::cli
