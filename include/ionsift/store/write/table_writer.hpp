// SPDX-License-Identifier: BSD-3-Clause
// A table of one dataset for each column, written window by window from all ranks at once.
#pragma once

#include "ionsift/parallel/communicator.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ionsift::store {

/// Values of one column in some rows.
struct TableColumn {
  using Values =
      std::variant<std::vector<std::string>, std::vector<double>, std::vector<std::int32_t>,
                   std::vector<std::int8_t>, std::vector<std::uint8_t>, std::vector<std::uint64_t>>;
  std::string name; ///< name of the dataset
  Values values;
};

/// Writes consecutive windows of rows; within a window each rank hands over whichever rows it has computed,
/// in any order. They are exchanged so that every rank has one contiguous piece, and the table is the same
/// for any number of ranks. Memory is that of a window. The file is named PATH.partial; it gets its own name
/// by `publish_table`.
class TableWriter {
public:
  /// Collective; the folder of `path` is made. Columns are created in this order; their values are not looked
  /// at.
  TableWriter(const parallel::Communicator& comm, const std::filesystem::path& path,
              const std::vector<TableColumn>& columns);
  /// Not collective: without `close`, the .partial file stays behind as it is.
  ~TableWriter();
  TableWriter(const TableWriter&) = delete;
  TableWriter& operator=(const TableWriter&) = delete;

  /// Appends the next `count` rows; collective.
  /// @param indices of this rank's rows, in the whole table; over all ranks each row of the window once
  /// @param columns this rank's values in the order of `indices`, the columns as at construction
  /// @throws Error internal, on all ranks, when rows are missing or columns differ
  void append(std::uint64_t count, const std::vector<std::uint64_t>& indices,
              const std::vector<TableColumn>& columns);
  /// Collective, with the same text on every rank.
  void set_attribute(std::string_view name, std::string_view text);
  std::uint64_t rows() const; ///< so far
  /// Collective.
  void close();

private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// "DIR/predictions.h5.partial"
std::filesystem::path partial_table(const std::filesystem::path& path);
/// Syncs a finished table and gives it its name. Not collective. @throws Error io
void publish_table(const std::filesystem::path& path);

} // namespace ionsift::store
