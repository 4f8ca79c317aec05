// SPDX-License-Identifier: BSD-3-Clause
// Descriptors that a user gives: numbers of CSV tables, by id of the structure (block `given`).
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

namespace ionsift::dataset {

/// Numbers of structures from tables, one row an id. Ids match as those of labels do (id_matching.hpp).
/// Memory is that of the tables, on every rank.
class GivenDescriptors {
public:
  /// @param columns headings, in this order; each is in one of the tables  @param id_column empty: found by
  /// name  @throws Error missing (a column), data (what is not a number, two rows of one id that differ)
  static GivenDescriptors read(const std::vector<std::filesystem::path>& tables,
                               const std::vector<std::string>& columns, const std::string& id_column);

  const std::vector<std::string>& names() const { return names_; } ///< [columns] "given.HEADING"
  const std::vector<std::string>& tables() const { return tables_; }
  std::size_t size() const { return rows_.size(); }     ///< ids with at least one number
  const std::string& sha256() const { return sha256_; } ///< hash of columns and tables
  /// All numbers of a structure; nullptr where any is missing.
  const std::vector<double>* find(const std::string& id) const;

private:
  std::vector<std::string> names_, tables_;
  std::string sha256_;
  std::unordered_map<std::string, std::vector<double>> rows_; ///< NaN where a number is missing
  std::unordered_map<std::string, std::string> by_loose_id_;  ///< "" where two ids have it
};

} // namespace ionsift::dataset
