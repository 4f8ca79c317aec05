// SPDX-License-Identifier: BSD-3-Clause
// Datasets of final length, which all ranks fill together in a few large pieces.
#pragma once

#include "ionsift/base/checksum.hpp"
#include "ionsift/base/hdf5.hpp"
#include "ionsift/parallel/communicator.hpp"

#include "store_sizes.hpp"

#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

namespace ionsift::store {

/// Rows of this rank along one axis, in one window: where they begin in the file, and how many belong to each
/// of its blocks.
struct Piece {
  std::uint64_t first = 0;
  std::vector<std::uint64_t> blocks;
  std::uint64_t count() const { return std::accumulate(blocks.begin(), blocks.end(), std::uint64_t(0)); }
};

/// How far the windows have got along an axis: structures, sites, rows ...
class FinalAxis {
public:
  /// The next window's piece; collective. @param blocks rows of each block of this rank
  Piece advance(const parallel::Communicator& comm, std::vector<std::uint64_t> blocks) {
    Piece piece{0, std::move(blocks)};
    const auto count = piece.count();
    piece.first = end_ + comm.sum_before(count);
    end_ += comm.all_reduce(count, parallel::Reduction::sum);
    return piece;
  }

private:
  std::uint64_t end_ = 0;
};

/// Checksums of blocks of columns: of the bytes that the file holds. Columns are numbered as they are made.
class BlockSums {
public:
  std::size_t add_column(std::string path) {
    paths_.push_back(std::move(path));
    return paths_.size() - 1;
  }
  const std::vector<std::string>& paths() const { return paths_; }
  /// Begins a window with so many blocks of this rank.
  void begin(std::size_t blocks) { sums_.assign(blocks * paths_.size(), 0); }
  void set(std::size_t column, std::size_t block, std::span<const std::byte> bytes) {
    sums_.at(block * paths_.size() + column) = checksum_of_bytes(bytes);
  }
  /// [blocks x columns]
  const std::vector<std::uint64_t>& sums() const { return sums_; }

private:
  std::vector<std::string> paths_;
  std::vector<std::uint64_t> sums_;
};

/// The file that is being written.
struct FinalFile {
  h5::File& file;
  const parallel::Communicator& comm;
  BlockSums& sums;
};

/// Checksums of consecutive blocks of `bytes`, of `row_bytes` each row.
void set_sums(BlockSums& sums, std::size_t column, const Piece& piece, std::span<const std::byte> bytes,
              std::size_t row_bytes);

/// Numbers along an axis. Writing is collective.
template <typename T>
class FinalColumn {
public:
  /// @param checked by blocks
  FinalColumn(FinalFile& out, const std::string& path, std::uint64_t rows, const h5::Shape& row_shape = {},
              bool checked = true)
      : sums_(checked ? &out.sums : nullptr), rows_(rows) {
    h5::Shape shape = {rows};
    for (const auto n : row_shape) {
      shape.push_back(n);
      width_ *= n;
    }
    dataset_.emplace(out.file.make_fixed(path, h5::type_of<T>(), shape));
    column_ = checked ? out.sums.add_column(path) : 0;
  }

  void write(const Piece& piece, const std::vector<T>& values) {
    if (rows_ == 0) {
      return;
    }
    dataset_->write_rows(piece.first, values);
    if (sums_ != nullptr) {
      set_sums(*sums_, column_, piece, std::as_bytes(std::span<const T>(values)), width_ * sizeof(T));
    }
  }

private:
  BlockSums* sums_;
  std::uint64_t rows_;
  std::size_t width_ = 1, column_ = 0;
  std::optional<h5::Dataset> dataset_;
};

/// Where the children of each item end along the children's axis; begins with 0, so item i has children
/// [value i, value i + 1). The checksum of a block is that of the offsets from its first item to its last
/// item's end, both of them included. Writing is collective.
class FinalOffsets {
public:
  FinalOffsets(FinalFile& out, const std::string& path, std::uint64_t items);
  /// @param counts children of each of this rank's items
  void write(const Piece& items, const Piece& children, const std::vector<std::uint64_t>& counts);

private:
  BlockSums& sums_;
  bool root_;
  std::uint64_t items_;
  std::size_t column_;
  h5::Dataset dataset_;
};

/// Texts along an axis, of one length in the file. Those that are much longer than the others are shortened
/// there, and whole in long_texts/PATH. Writing is collective.
class FinalText {
public:
  /// @param lengths of all texts of all ranks
  FinalText(FinalFile& out, const std::string& path, std::uint64_t rows, const TextLengths& lengths,
            bool checked = true);
  void write(const Piece& piece, std::vector<std::string> values);

private:
  /// The texts beyond the width.
  struct Long {
    Long(FinalFile& out, const std::string& path, const TextLengths::Beyond& beyond);
    FinalAxis texts, bytes;
    FinalColumn<std::uint64_t> row, offset, checksum;
    FinalColumn<std::uint8_t> text;
  };
  void write_long(const Piece& piece, std::vector<std::string>& values);

  parallel::Communicator comm_;
  BlockSums* sums_;
  std::uint64_t rows_;
  std::size_t width_, column_ = 0;
  h5::Dataset dataset_;
  std::optional<Long> long_;
};

} // namespace ionsift::store
