// What is known of one structure after `order`, and how it is written.
#pragma once

#include "ionsift/base/error.hpp"
#include "ionsift/crystal/ordering.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace ionsift::cli {

/// The numbers of one structure; sent between ranks.
struct OrderingRecord {
  crystal::OrderingMethod method = crystal::OrderingMethod::already_ordered;
  std::array<int, 3> repeats{};
  std::uint64_t atoms = 0, arrangements = 0, distinct = 0, ties = 0;
  double possible = 0, energy = 0, occupancy_error = 0, composition_error = 0, net_charge = 0, seconds = 0;
  ErrorCode code = ErrorCode::data; ///< of a failure
  bool failed = true;
};

/// What does not fit into numbers.
struct OrderingTexts {
  std::vector<std::string> cif, lost, reason; ///< of each structure; a failure has a reason alone
};

/// The numbers of a result. @param seconds of wall-clock time that it took
OrderingRecord record_of(const crystal::OrderedCrystal& ordered, double seconds);

/// Symbols of the elements that rounding left out, joined by blanks.
std::string lost_elements(const crystal::OrderedCrystal& ordered);

/// The lines before a CIF: what the energy is and how the arrangement was found.
std::vector<std::string> cif_comments(const crystal::OrderedCrystal& ordered,
                                      const crystal::OrderingOptions& options);

/// The header of order.csv, and a line of it.
std::vector<std::string> ordering_header();
std::vector<std::string> ordering_row(const std::string& id, const OrderingRecord& record,
                                      const std::string& lost, const std::string& cif);

/// The name of a file for an id: what a path cannot hold becomes "_".
std::string file_stem(const std::string& id);

} // namespace ionsift::cli
