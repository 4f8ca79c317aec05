// SPDX-License-Identifier: BSD-3-Clause
// predictions.h5: every row of a screening (docs/screening.md).
#pragma once

#include "ionsift/base/hdf5.hpp"
#include "ionsift/screen/candidate.hpp"
#include "ionsift/store/write/table_writer.hpp"

#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ionsift::screen {

inline constexpr std::string_view predictions_format = "ionsift-predictions";
inline constexpr std::string_view predictions_schema = "4";
/// Still read: 3 has fewer columns, 2 neither PC1, PC2 nor checksums.
inline constexpr std::array<std::string_view, 2> predictions_schemas_before = {"3", "2"};

/// The columns of rows, one dataset each, with their checksum and without those on groups; of no rows too.
std::vector<store::TableColumn> columns_of(const std::vector<Candidate>& rows);

/// The attributes of a table of predictions; collective.
/// @param prediction_key, gap_key of what predictions depend on
void write_attributes(store::TableWriter& table, const std::string& prediction_key,
                      const std::string& gap_key);

/// Of a row's group and its size, which are written when all rows are.
std::uint64_t group_checksum(const std::string& group, std::int32_t size);

/// The rows of a screening, read window by window, and compared with their checksums.
class PredictionReader {
public:
  /// @throws Error missing, format for any other file, data if its attributes are damaged
  explicit PredictionReader(const std::filesystem::path& path);

  std::uint64_t size() const { return size_; }
  /// Whether rows have their principal components, which they lack in files of schema 2.
  bool has_components() const { return schema_ > 2; }
  std::string attribute(std::string_view name) const; ///< empty where there is none
  /// Rows first .. first + count; their index is that in the file. Filters that the file does not know were
  /// not asked. @throws Error data for a damaged one
  std::vector<Candidate> rows(std::uint64_t first, std::uint64_t count) const;
  /// The rows with these positions, ascending; blocks between that hold none are passed over.
  std::vector<Candidate> rows_at(const std::vector<std::uint64_t>& positions) const;
  /// Ids and hashes alone, as they are: without their rows there is nothing to compare them with.
  std::vector<std::string> texts(std::string_view column, std::uint64_t first, std::uint64_t count) const;

private:
  bool has_checksums() const { return schema_ > 2; }
  /// A column that files of its schema, or with its filters, do not have.
  bool lacks(const std::string& column) const;
  const h5::Dataset& dataset(std::string_view name) const;
  void read_groups(std::vector<Candidate>& rows, std::uint64_t first) const;
  void require_intact(const std::vector<Candidate>& rows, std::uint64_t first) const;

  h5::File file_;
  int schema_ = 0;
  std::set<std::string, std::less<>> filters_; ///< filters in the file
  std::uint64_t size_ = 0;
  mutable std::map<std::string, h5::Dataset, std::less<>> open_;
};

/// Rows are read and written this many at once where one rank goes through all of them.
inline constexpr std::uint64_t rows_at_once = 4096;

} // namespace ionsift::screen
