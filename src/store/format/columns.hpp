// SPDX-License-Identifier: BSD-3-Clause
// Datasets that all ranks fill together, batch by batch.
#pragma once

#include "ionsift/base/hdf5.hpp"
#include "ionsift/parallel/communicator.hpp"

#include <string>
#include <vector>

namespace ionsift::store {

/// The leading dimension of several datasets: structures, sites, rows ... Knows how much is written and where
/// this rank's piece of the batch goes.
class Axis {
public:
  explicit Axis(const parallel::Communicator& comm) : comm_(comm) {}
  /// Makes room for `count` more rows of this rank; collective.
  void extend(std::uint64_t count);

  std::uint64_t first() const { return first_; } ///< first row of this rank's piece
  std::uint64_t begin() const { return begin_; } ///< first row of the batch
  std::uint64_t end() const { return end_; }     ///< rows once the batch is written
  bool grew() const { return end_ > begin_; }
  const parallel::Communicator& comm() const { return comm_; }

private:
  parallel::Communicator comm_;
  std::uint64_t first_ = 0;
  std::uint64_t begin_ = 0;
  std::uint64_t end_ = 0;
};

/// Rows of one chunk, for rows of so many bytes.
std::uint64_t chunk_rows(std::uint64_t row_bytes);

/// Numbers along an axis. All functions are collective.
///
/// What is large is written by all ranks together. Below `gathered_bytes` a batch goes to rank 0, which
/// writes it alone: one message from each rank costs less than a collective write, which takes some twenty
/// rounds of messages however little there is.
template <typename T>
class Column {
public:
  Column(h5::File& file, const std::string& path, const h5::Shape& row_shape = {})
      : row_bytes_(bytes(row_shape)),
        dataset_(file.make_growing(path, h5::type_of<T>(), row_shape, chunk_rows(row_bytes_))) {}

  /// Writes this rank's piece of the batch.
  void append(const Axis& axis, const std::vector<T>& values) {
    if (!axis.grew()) {
      return;
    }
    dataset_.resize(axis.end());
    if ((axis.end() - axis.begin()) * row_bytes_ >= gathered_bytes) {
      dataset_.write_rows(axis.first(), values);
      return;
    }
    const auto all = axis.comm().gather(std::span<const T>(values));
    if (axis.comm().is_root()) {
      dataset_.write_rows(axis.begin(), all, h5::Transfer::alone);
    }
  }

private:
  static constexpr std::uint64_t gathered_bytes = 1024 * 1024;

  static std::uint64_t bytes(const h5::Shape& row_shape) {
    std::uint64_t size = sizeof(T);
    for (const auto n : row_shape) {
      size *= n;
    }
    return size;
  }

  std::uint64_t row_bytes_;
  h5::Dataset dataset_;
};

/// Where the children of each item end along the children's axis; begins with 0, so item i has children
/// [value i, value i + 1). All functions are collective.
class OffsetColumn {
public:
  OffsetColumn(h5::File& file, const std::string& path, const parallel::Communicator& comm);
  /// @param counts children of each of this rank's items
  void append(const Axis& items, const Axis& children, const std::vector<std::uint64_t>& counts);

private:
  h5::Dataset dataset_;
};

/// Texts along an axis, of fixed length in the file, written by rank 0. Where a text is longer than the
/// dataset allows, the dataset is replaced by a wider one, so nothing is ever cut off. All functions are
/// collective.
class TextColumn {
public:
  /// @param length of the texts that are expected, in bytes
  TextColumn(h5::File& file, std::string path, std::size_t length);
  void append(const Axis& axis, const std::vector<std::string>& values);

private:
  void widen(const Axis& axis, std::size_t length);

  h5::File file_;
  std::string path_;
  std::size_t length_;
  h5::Dataset dataset_;
};

} // namespace ionsift::store
