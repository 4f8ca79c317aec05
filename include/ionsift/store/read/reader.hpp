// SPDX-License-Identifier: BSD-3-Clause
// Reading a store: facts, features and the crystals themselves.
#pragma once

#include "ionsift/store/format/history.hpp"
#include "ionsift/store/format/schema.hpp"

#include <filesystem>
#include <map>
#include <memory>

namespace ionsift::store {

/// Rows of consecutive structures.
struct FeatureRows {
  std::vector<std::uint64_t> first; ///< [structures + 1] row offsets, starting at 0
  std::vector<float> multiplicity;  ///< [rows]
  Matrix<float> values;             ///< [rows x columns]
};

/// Facts of consecutive structures.
struct StructureFacts {
  std::vector<std::string> id, source, block, sha256, formula;
  std::vector<std::string> warnings; ///< joined by "; "
  std::vector<std::int64_t> sites;   ///< number of sites in the cell
  std::vector<std::int64_t> rows;    ///< symmetry-distinct sites, of all species
  std::vector<std::uint8_t> ordered, intermetallic;
  /// Of the crystal, its facts and its features, but not of where it came from: equal checksums mean that
  /// nothing about the structure has changed. 0 in stores of schema 1.
  std::vector<std::uint64_t> checksum;
  std::vector<std::int64_t> release; ///< in which this content first came; 0 in stores of schema 1
  std::size_t size() const { return id.size(); }
};

/// Whether a reader compares what it reads with its checksums.
enum class Checking {
  on_use, ///< each structure once, before anything of it is given out
  none,   ///< for callers that compare themselves
};

/// A store opened for reading, on any rank, independently of the others. Copies share the open file. One
/// thread at a time. Of a store of schema 3 only the requested columns are read, in blocks of about 1 MiB
/// of all columns; of one of schema 2 all columns, to be sure of one. Stores of schema 1 have no checksums
/// and are read as they are.
class Reader {
public:
  /// @throws Error missing, format, data for damaged attributes, or conflict for a schema that this program
  /// does not know
  explicit Reader(const std::filesystem::path& path, Checking checking = Checking::on_use);

  const std::filesystem::path& path() const { return path_; }
  const Provenance& provenance() const { return provenance_; }
  std::uint64_t size() const { return size_; } ///< structures

  /// These throw Error data when structures first .. first + count are not all there, or damaged.
  StructureFacts facts(std::uint64_t first, std::uint64_t count) const;
  std::vector<std::string> ids(std::uint64_t first, std::uint64_t count) const;
  /// @throws Error missing when the store lacks the representation or level
  FeatureRows features(crystal::Representation representation, int level, std::uint64_t first,
                       std::uint64_t count) const;
  /// The parent's scalar predictions, in its unit, NaN where a structure has none.
  /// @throws Error missing when the store lacks the representation or predictions
  std::vector<double> predictions(crystal::Representation representation, std::uint64_t first,
                                  std::uint64_t count) const;
  /// Crystals as they were featurized: cell, sites, orbits, species, oxidation states. The warnings of the
  /// featurizer follow those of the crystal.
  std::vector<crystal::Crystal> crystals(std::uint64_t first, std::uint64_t count) const;
  /// All that the writer was given. @throws Error missing for schema 1
  std::vector<StructureRecord> records(std::uint64_t first, std::uint64_t count) const;
  std::vector<crystal::Failure> failures() const;
  /// Releases and disappeared ids; empty for schema 1.
  History history() const;

  /// Texts of a column, also those that are too long for it.
  std::vector<std::string> text(const std::string& path, std::uint64_t first, std::uint64_t count) const;
  std::vector<std::string> text(const std::string& path) const;

  /// The file itself, for who checks it.
  const h5::File& file() const { return file_; }

private:
  void fill_features(std::size_t position, std::uint64_t first, std::vector<StructureRecord>& records) const;
  /// Rows [begin, end) of a dataset that belong to a range of structures.
  struct Range {
    std::uint64_t begin = 0, end = 0;
    std::uint64_t size() const { return end - begin; }
  };
  const h5::Dataset& dataset(const std::string& path) const;
  /// Numbers of a column, compared with the checksums of their blocks.
  template <typename T>
  std::vector<T> rows(const std::string& path, std::uint64_t first, std::uint64_t count) const {
    require_blocks(path, first, count);
    return dataset(path).read_rows<T>(first, count);
  }
  void require_blocks(const std::string& path, std::uint64_t first, std::uint64_t count) const;
  /// Texts that do not fit into their column, by row. @throws Error data where they are damaged
  using LongTexts = std::map<std::uint64_t, std::string>;
  const LongTexts& long_texts(const std::string& path) const;
  /// That these structures are there; in a store of schema 2 also that they are what was written.
  void require_whole(std::uint64_t first, std::uint64_t count) const;
  void require_checked(std::uint64_t first, std::uint64_t count) const;
  Reader unchecked() const;
  void require_features(crystal::Representation representation) const;
  /// Offsets of structures first .. first + count in another dataset, and the range that they span.
  std::vector<std::uint64_t> offsets(const std::string& path, std::uint64_t first, std::uint64_t count,
                                     Range& range) const;
  void fill_facts(const StructureFacts& facts, std::uint64_t first,
                  std::vector<crystal::Crystal>& crystals) const;
  void fill_sites(std::uint64_t first, std::vector<crystal::Crystal>& crystals) const;
  void fill_orbits(std::uint64_t first, std::vector<crystal::Crystal>& crystals) const;

  std::filesystem::path path_;
  h5::File file_;
  Provenance provenance_;
  std::uint64_t size_ = 0;
  /// Datasets stay open between reads, and with them what HDF5 holds of them in memory; and long texts.
  struct Opened;
  std::shared_ptr<Opened> open_;
  /// What was compared with its checksums; nothing where none are to be.
  struct Checks;
  std::shared_ptr<Checks> checks_;
};

} // namespace ionsift::store
