// SPDX-License-Identifier: BSD-3-Clause
// Rows that every rank can look up, held once a node.
#pragma once

#include "ionsift/base/file.hpp"
#include "ionsift/base/mapped_file.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/parallel/together.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <span>
#include <vector>

namespace ionsift::store {

/// Rows sorted by their 64-bit hash `key`, then by operator<, in a file that all ranks map into memory: the
/// ranks of a node share its pages, and none of them ever has all rows for itself. Each rank sorts a range of
/// keys.
template <typename Row>
class KeyTable {
public:
  KeyTable() = default;
  /// Makes the file; collective. @param mine rows that this rank has found  @throws Error io
  KeyTable(const parallel::Communicator& comm, const std::filesystem::path& path, std::vector<Row> mine) {
    size_ = comm.all_reduce(std::uint64_t(mine.size()), parallel::Reduction::sum);
    if (size_ == 0) {
      return;
    }
    std::sort(mine.begin(), mine.end());
    std::vector<std::size_t> counts(static_cast<std::size_t>(comm.size()), 0);
    for (const auto& row : mine) {
      ++counts.at(owner_of(row.key, counts.size()));
    }
    mine = comm.all_to_all(std::span<const Row>(mine), counts);
    std::sort(mine.begin(), mine.end());
    const auto first = comm.sum_before(mine.size());
    parallel::on_root(comm, [&] {
      make_folder(path.parent_path());
      const std::ofstream made(path, std::ios::binary | std::ios::trunc);
    });
    parallel::together(
        comm, [&] { write_file_at(path, first * sizeof(Row), std::as_bytes(std::span<const Row>(mine))); });
    parallel::together(comm, [&] { file_ = MappedFile(path, size_ * sizeof(Row)); });
  }

  std::uint64_t size() const { return size_; }
  std::span<const Row> find(std::uint64_t key) const {
    const auto all = rows();
    const auto first = std::ranges::lower_bound(all, key, {}, &Row::key);
    auto last = first;
    while (last != all.end() && last->key == key) {
      ++last;
    }
    return {first, last};
  }

private:
  /// Keys are hashes: equal ranges hold about equally many.
  static std::size_t owner_of(std::uint64_t key, std::size_t ranks) {
    const auto width = std::numeric_limits<std::uint64_t>::max() / ranks + 1;
    return ranks == 1 ? 0 : static_cast<std::size_t>(key / width);
  }
  std::span<const Row> rows() const { return {reinterpret_cast<const Row*>(file_.bytes().data()), size_}; }

  std::uint64_t size_ = 0;
  MappedFile file_;
};

} // namespace ionsift::store
