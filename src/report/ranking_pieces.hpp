// SPDX-License-Identifier: BSD-3-Clause
// Sorted parts of a ranking, in files, and back.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace ionsift::report {

/// A row of the table, without its rank.
struct RankedLine {
  double probability = -1; ///< below 0: unknown, behind all others
  std::uint64_t index = 0; ///< index in the store
  std::string id;          ///< unchanged, for the order
  std::string cells;       ///< id to nearest_measured_3, as CSV
  std::string status;      ///< without the part after its colon
  std::string comment;     ///< as CSV; empty if not a candidate
  std::string source;      ///< as CSV

  bool operator<(const RankedLine& other) const {
    if (probability != other.probability) {
      return probability > other.probability;
    }
    return id != other.id ? id < other.id : index < other.index;
  }
};

/// A sorted part of a rank's rows, in its file.
struct Piece {
  std::uint64_t rank, begin, end; ///< bytes of the file
};

/// Appends pieces to the file of one rank. @throws Error io
class PieceWriter {
public:
  PieceWriter(const std::filesystem::path& folder, std::uint64_t rank);
  void add(std::vector<RankedLine> lines); ///< sorts them
  /// All of them, when they are in the file.
  std::vector<Piece> finish();

private:
  void require_good() const;

  std::filesystem::path path_;
  std::uint64_t rank_;
  std::ofstream out_;
  std::uint64_t written_ = 0;
  std::vector<Piece> pieces_;
};

/// Bytes that a reader of one of so many pieces may hold, so that all of them together stay within 64 MiB
/// where there are not too many.
std::uint64_t buffer_of_each(std::uint64_t pieces);

/// The lines of a piece, one after the other.
class PieceReader {
public:
  /// @param buffer bytes, see buffer_of_each  @throws Error io, also from advance
  PieceReader(const std::filesystem::path& folder, const Piece& piece, std::uint64_t buffer);

  bool at_end() const { return at_end_; }
  const RankedLine& line() const { return line_; }
  void advance();

private:
  /// Makes the buffer hold so many bytes from its place on.
  void hold(std::uint64_t bytes);

  std::filesystem::path path_;
  std::uint64_t next_, end_; ///< of the file, not read yet
  std::uint64_t most_;
  std::string buffer_;
  std::size_t place_ = 0;
  RankedLine line_;
  bool at_end_ = false;
};

} // namespace ionsift::report
