// SPDX-License-Identifier: BSD-3-Clause
#include "final_columns.hpp"

#include "layout.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

namespace ionsift::store {

void set_sums(BlockSums& sums, std::size_t column, const Piece& piece, std::span<const std::byte> bytes,
              std::size_t row_bytes) {
  for (std::size_t block = 0; block < piece.blocks.size(); ++block) {
    const auto size = piece.blocks[block] * row_bytes;
    sums.set(column, block, bytes.first(size));
    bytes = bytes.subspan(size);
  }
}

FinalOffsets::FinalOffsets(FinalFile& out, const std::string& path, std::uint64_t items)
    : sums_(out.sums), root_(out.comm.is_root()), items_(items), column_(out.sums.add_column(path)),
      dataset_(out.file.make_fixed(path, h5::Type::i64, {items + 1})) {
  if (items_ == 0) {
    dataset_.write_rows(0, root_ ? std::vector<std::int64_t>{0} : std::vector<std::int64_t>());
  }
}

void FinalOffsets::write(const Piece& items, const Piece& children,
                         const std::vector<std::uint64_t>& counts) {
  if (items_ == 0) {
    return;
  }
  std::vector<std::int64_t> ends = {static_cast<std::int64_t>(children.first)};
  for (const auto count : counts) {
    ends.push_back(ends.back() + static_cast<std::int64_t>(count));
  }
  const bool begins = items.first == 0 && !counts.empty();
  dataset_.write_rows(items.first + (begins ? 0 : 1),
                      std::span<const std::int64_t>(ends).subspan(begins ? 0 : 1));
  std::size_t first = 0;
  for (std::size_t block = 0; block < items.blocks.size(); ++block) {
    const auto values = std::span<const std::int64_t>(ends).subspan(first, items.blocks[block] + 1);
    sums_.set(column_, block, std::as_bytes(values));
    first += items.blocks[block];
  }
}

FinalText::Long::Long(FinalFile& out, const std::string& path, const TextLengths::Beyond& beyond)
    : row(out, long_text_path(path, "row"), beyond.texts, {}, false),
      offset(out, long_text_path(path, "offset"), beyond.texts, {}, false),
      checksum(out, long_text_path(path, "checksum"), beyond.texts, {}, false),
      text(out, long_text_path(path, "text"), beyond.bytes, {}, false) {
}

FinalText::FinalText(FinalFile& out, const std::string& path, std::uint64_t rows, const TextLengths& lengths,
                     bool checked)
    : comm_(out.comm), sums_(checked ? &out.sums : nullptr), rows_(rows), width_(lengths.width()),
      dataset_(out.file.make_fixed_text(path, width_, rows)) {
  column_ = checked ? out.sums.add_column(path) : 0;
  const auto beyond = lengths.beyond(width_);
  if (beyond.texts > 0) {
    long_.emplace(out, path, beyond);
  }
}

void FinalText::write(const Piece& piece, std::vector<std::string> values) {
  if (rows_ == 0) {
    return;
  }
  if (long_) {
    write_long(piece, values);
  }
  dataset_.write_text_rows(piece.first, values);
  if (sums_ != nullptr) {
    std::vector<std::byte> bytes(values.size() * width_);
    for (std::size_t i = 0; i < values.size(); ++i) {
      std::memcpy(bytes.data() + i * width_, values[i].data(), values[i].size());
    }
    set_sums(*sums_, column_, piece, bytes, width_);
  }
}

void FinalText::write_long(const Piece& piece, std::vector<std::string>& values) {
  std::vector<std::uint64_t> rows, ends, sums;
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].size() > width_) {
      rows.push_back(piece.first + i);
      bytes.insert(bytes.end(), values[i].begin(), values[i].end());
      ends.push_back(bytes.size());
      sums.push_back(long_text_checksum(rows.back(), values[i]));
      values[i] = shorten(std::move(values[i]), width_);
    }
  }
  const auto texts = long_->texts.advance(comm_, {rows.size()});
  const auto characters = long_->bytes.advance(comm_, {bytes.size()});
  for (auto& end : ends) {
    end += characters.first;
  }
  long_->row.write(texts, rows);
  long_->offset.write(texts, ends);
  long_->checksum.write(texts, sums);
  long_->text.write(characters, bytes);
}

} // namespace ionsift::store
