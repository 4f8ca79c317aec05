// SPDX-License-Identifier: BSD-3-Clause
#include "ranking_pieces.hpp"

#include "ionsift/base/error.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace ionsift::report {

namespace {

namespace fs = std::filesystem;

/// Largest buffer of rank 0 for all pieces together, except `smallest_buffer` of each.
constexpr std::uint64_t all_buffers = std::uint64_t(64) << 20;
constexpr std::uint64_t smallest_buffer = 4096, largest_buffer = std::uint64_t(1) << 20;

/// Calls visit(field) for each stored field of a line.
template <typename AnyLine, typename Visit>
void visit_fields(AnyLine& line, const Visit& visit) {
  visit(line.probability);
  visit(line.index);
  visit(line.id);
  visit(line.cells);
  visit(line.status);
  visit(line.comment);
  visit(line.source);
}

/// Behind the number of their bytes.
std::string pack(const RankedLine& line) {
  std::string bytes(sizeof(std::uint64_t), '\0');
  const auto put = [&](const void* from, std::size_t size) {
    bytes.append(static_cast<const char*>(from), size);
  };
  visit_fields(line, [&]<typename Field>(const Field& field) {
    if constexpr (std::is_same_v<Field, std::string>) {
      const std::uint64_t length = field.size();
      put(&length, sizeof(length));
      put(field.data(), field.size());
    } else {
      put(&field, sizeof(field));
    }
  });
  const std::uint64_t length = bytes.size() - sizeof(length);
  std::memcpy(bytes.data(), &length, sizeof(length));
  return bytes;
}

RankedLine unpack(std::string_view bytes) {
  RankedLine line;
  visit_fields(line, [&]<typename Field>(Field& field) {
    const auto get = [&](void* to, std::size_t size) {
      std::memcpy(to, bytes.data(), size);
      bytes.remove_prefix(size);
    };
    if constexpr (std::is_same_v<Field, std::string>) {
      std::uint64_t length = 0;
      get(&length, sizeof(length));
      field = bytes.substr(0, length);
      bytes.remove_prefix(length);
    } else {
      get(&field, sizeof(field));
    }
  });
  return line;
}

fs::path file_of(const fs::path& folder, std::uint64_t rank) {
  return folder / fmt::format("rank-{}", rank);
}

} // namespace

PieceWriter::PieceWriter(const fs::path& folder, std::uint64_t rank)
    : path_(file_of(folder, rank)), rank_(rank), out_(path_, std::ios::binary | std::ios::trunc) {
}

void PieceWriter::add(std::vector<RankedLine> lines) {
  std::ranges::sort(lines, [](const RankedLine& a, const RankedLine& b) { return a < b; });
  const auto begin = written_;
  for (const auto& line : lines) {
    const auto bytes = pack(line);
    out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    written_ += bytes.size();
  }
  pieces_.push_back({rank_, begin, written_});
  require_good();
}

std::vector<Piece> PieceWriter::finish() {
  out_.flush();
  require_good();
  return pieces_;
}

void PieceWriter::require_good() const {
  IONSIFT_VALIDATE(out_.good(), io, fmt::format("cannot write {}", path_.string()),
                   "the disk is full or the folder is protected", "Free space, and start the run again.");
}

std::uint64_t buffer_of_each(std::uint64_t pieces) {
  return std::clamp(all_buffers / std::max<std::uint64_t>(1, pieces), smallest_buffer, largest_buffer);
}

PieceReader::PieceReader(const fs::path& folder, const Piece& piece, std::uint64_t buffer)
    : path_(file_of(folder, piece.rank)), next_(piece.begin), end_(piece.end), most_(buffer) {
  advance();
}

void PieceReader::advance() {
  std::uint64_t length = 0;
  if (next_ == end_ && place_ == buffer_.size()) {
    at_end_ = true;
    return;
  }
  hold(sizeof(length));
  std::memcpy(&length, buffer_.data() + place_, sizeof(length));
  hold(sizeof(length) + length);
  line_ = unpack(std::string_view(buffer_).substr(place_ + sizeof(length), length));
  place_ += sizeof(length) + length;
}

void PieceReader::hold(std::uint64_t bytes) {
  if (buffer_.size() - place_ >= bytes) {
    return;
  }
  buffer_.erase(0, place_);
  place_ = 0;
  const auto before = buffer_.size();
  const auto wanted = std::min(std::max(most_, bytes) - before, end_ - next_);
  buffer_.resize(before + wanted);
  std::ifstream in(path_, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(next_));
  in.read(buffer_.data() + before, static_cast<std::streamsize>(wanted));
  next_ += wanted;
  IONSIFT_VALIDATE(in.good() && buffer_.size() >= bytes, io, fmt::format("cannot read {}", path_.string()),
                   "it is shorter than what was written; all ranks have to see the same folder",
                   "Write to a folder that all nodes share.");
}

} // namespace ionsift::report
