// SPDX-License-Identifier: BSD-3-Clause
// Checksums of blocks of columns, so that who reads one column reads no other to be sure of it.
#pragma once

#include "ionsift/base/hdf5.hpp"
#include "ionsift/store/format/schema.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ionsift::store {

/// Reads the group blocks/ of a store of schema 3, and compares blocks on request, each once.
class BlockChecks {
public:
  /// @throws Error where the group is damaged
  BlockChecks(const h5::File& file, const Provenance& provenance, std::uint64_t structures);

  std::uint64_t blocks() const { return blocks_; }
  const std::vector<std::string>& columns() const { return columns_; }
  /// First structure of a block; for blocks() the number of all.
  std::uint64_t first_structure(std::uint64_t block) const { return first_.at(0).at(block); }

  /// The first block that differs, of those that rows first .. first + count of a column are in; nothing
  /// where none does. Columns without checksums do not differ.
  std::optional<std::uint64_t> find_damage(const std::string& column, const h5::Dataset& dataset,
                                           std::uint64_t first, std::uint64_t count);

  /// Whether a block of a column differs from its checksum.
  bool is_damaged(const std::string& column, const h5::Dataset& dataset, std::uint64_t block) const {
    return !is_whole(by_name_.at(column), dataset, block);
  }

private:
  struct Column {
    std::size_t number = 0, axis = 0;
    bool offsets = false;
    std::vector<bool> checked; ///< [blocks]
  };
  bool is_whole(const Column& column, const h5::Dataset& dataset, std::uint64_t block) const;

  std::uint64_t blocks_ = 0;
  std::vector<std::string> columns_;
  std::map<std::string, Column> by_name_;
  std::vector<std::vector<std::uint64_t>> first_; ///< [axes][blocks + 1]
  std::vector<std::uint64_t> sums_;               ///< [blocks x columns]
};

} // namespace ionsift::store
