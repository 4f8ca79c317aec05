// SPDX-License-Identifier: BSD-3-Clause
// Small CIFs for tests, put together from their parts.
#pragma once

#include "ionsift/crystal/read/read.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace ionsift::test {

struct CifText {
  std::string name = "test";
  std::string cell = "5.64 5.64 5.64 90 90 90";
  std::string symmetry;
  std::string columns = "_atom_site_label _atom_site_type_symbol _atom_site_fract_x _atom_site_fract_y "
                        "_atom_site_fract_z _atom_site_occupancy";
  std::string atoms;
  std::string more;

  std::string text() const {
    static constexpr const char* tags[] = {"_cell_length_a",    "_cell_length_b",   "_cell_length_c",
                                           "_cell_angle_alpha", "_cell_angle_beta", "_cell_angle_gamma"};
    std::string out = "data_" + name + "\n";
    std::size_t position = 0;
    for (const char* tag : tags) {
      const std::size_t end = std::min(cell.find(' ', position), cell.size());
      out += std::string(tag) + " " + cell.substr(position, end - position) + "\n";
      position = std::min(end + 1, cell.size());
    }
    return out + symmetry + "\n" + more + "\nloop_\n" + columns + "\n" + atoms + "\n";
  }
};

inline std::vector<crystal::ReadResult> read_all(const std::string& text,
                                                 const crystal::ReadOptions& options = {}) {
  return crystal::read_entry(text, {"test.cif", "test"}, options);
}

/// The one crystal of a text; the test fails if there is none.
inline crystal::Crystal read_one(const std::string& text, const crystal::ReadOptions& options = {}) {
  auto results = read_all(text, options);
  REQUIRE(results.size() == 1);
  if (const auto* failure = std::get_if<crystal::Failure>(&results.front())) {
    FAIL(failure->message);
  }
  return std::get<crystal::Crystal>(std::move(results.front()));
}

inline crystal::Crystal read_one(const CifText& cif, const crystal::ReadOptions& options = {}) {
  return read_one(cif.text(), options);
}

/// The one failure of a text.
inline crystal::Failure read_failure(const std::string& text, const crystal::ReadOptions& options = {}) {
  auto results = read_all(text, options);
  REQUIRE(results.size() == 1);
  REQUIRE(std::holds_alternative<crystal::Failure>(results.front()));
  return std::get<crystal::Failure>(std::move(results.front()));
}

inline crystal::Failure read_failure(const CifText& cif, const crystal::ReadOptions& options = {}) {
  return read_failure(cif.text(), options);
}

/// The warning with this code, or an empty text.
inline std::string warning(const crystal::Crystal& crystal, const std::string& code) {
  for (const std::string& text : crystal.warnings) {
    if (text.starts_with(code + ":")) {
      return text;
    }
  }
  return "";
}

inline std::string operators(const std::vector<std::string>& triplets) {
  std::string loop = "loop_\n_symmetry_equiv_pos_as_xyz\n";
  for (const std::string& triplet : triplets) {
    loop += "'" + triplet + "'\n";
  }
  return loop;
}

} // namespace ionsift::test
