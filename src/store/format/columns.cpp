// SPDX-License-Identifier: BSD-3-Clause
#include "columns.hpp"

#include "bytes.hpp"

#include <algorithm>
#include <bit>

namespace ionsift::store {

void Axis::extend(std::uint64_t count) {
  begin_ = end_;
  first_ = begin_ + comm_.sum_before(count);
  end_ = begin_ + comm_.all_reduce(count, parallel::Reduction::sum);
}

std::uint64_t chunk_rows(std::uint64_t row_bytes) {
  // Chunks are the smallest unit of reading; HDF5 keeps 1 MiB of them in memory for each dataset.
  constexpr std::uint64_t chunk_bytes = 128UL * 1024;
  constexpr std::uint64_t most = 4096;
  return std::clamp<std::uint64_t>(chunk_bytes / std::max<std::uint64_t>(row_bytes, 1), 1, most);
}

OffsetColumn::OffsetColumn(h5::File& file, const std::string& path, const parallel::Communicator& comm)
    : dataset_(file.make_growing(path, h5::Type::i64, {}, chunk_rows(sizeof(std::int64_t)))) {
  dataset_.resize(1);
  if (comm.is_root()) {
    dataset_.write_rows(0, std::vector<std::int64_t>{0}, h5::Transfer::alone);
  }
}

void OffsetColumn::append(const Axis& items, const Axis& children, const std::vector<std::uint64_t>& counts) {
  if (!items.grew()) {
    return;
  }
  const auto all = items.comm().gather(std::span<const std::uint64_t>(counts));
  dataset_.resize(items.end() + 1);
  if (items.comm().is_root()) {
    std::vector<std::int64_t> ends;
    std::uint64_t end = children.begin();
    for (const auto count : all) {
      end += count;
      ends.push_back(static_cast<std::int64_t>(end));
    }
    dataset_.write_rows(items.begin() + 1, ends, h5::Transfer::alone);
  }
}

TextColumn::TextColumn(h5::File& file, std::string path, std::size_t length)
    : file_(file), path_(std::move(path)), length_(length),
      dataset_(file_.make_growing_text(path_, length, chunk_rows(length))) {
}

void TextColumn::append(const Axis& axis, const std::vector<std::string>& values) {
  if (!axis.grew()) {
    return;
  }
  ByteWriter mine;
  std::uint64_t longest = 0;
  for (const auto& value : values) {
    mine.put(value);
    longest = std::max<std::uint64_t>(longest, value.size());
  }
  longest = axis.comm().all_reduce(longest, parallel::Reduction::max);
  if (longest > length_) {
    widen(axis, std::bit_ceil(longest));
  }
  dataset_.resize(axis.end());
  const auto bytes = axis.comm().gather(mine.bytes());
  if (axis.comm().is_root()) {
    std::vector<std::string> all;
    for (ByteReader in(bytes); !in.empty();) {
      all.push_back(in.get_text());
    }
    dataset_.write_text_rows(axis.begin(), all, h5::Transfer::alone);
  }
}

void TextColumn::widen(const Axis& axis, std::size_t length) {
  const std::string temporary = path_ + ".wider";
  h5::Dataset wider = file_.make_growing_text(temporary, length, chunk_rows(length));
  wider.resize(axis.begin());
  if (axis.comm().is_root()) {
    constexpr std::uint64_t at_once = 65536;
    for (std::uint64_t begin = 0; begin < axis.begin(); begin += at_once) {
      const auto count = std::min(at_once, axis.begin() - begin);
      wider.write_text_rows(begin, dataset_.read_text_rows(begin, count, h5::Transfer::alone),
                            h5::Transfer::alone);
    }
  }
  dataset_ = wider;
  length_ = length;
  file_.remove(path_);
  file_.move(temporary, path_);
}

} // namespace ionsift::store
