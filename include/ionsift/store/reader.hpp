// Reading a store: facts, features and the crystals themselves.
#pragma once

#include "ionsift/store/schema.hpp"

#include <filesystem>
#include <memory>

namespace ionsift::store {

/// Rows of consecutive structures.
struct FeatureRows {
  std::vector<std::uint64_t> first;  ///< [structures + 1] row offsets, starting at 0
  std::vector<float> multiplicity;   ///< [rows]
  megnet::Matrix<float> values;      ///< [rows x columns]
};

/// Facts of consecutive structures.
struct StructureFacts {
  std::vector<std::string> id, source, block, sha256, formula, warnings;
  std::vector<std::int64_t> sites, rows;
  std::vector<std::uint8_t> ordered, intermetallic;
  std::size_t size() const { return id.size(); }
};

/// A store opened for reading, on any rank, independently of the others.
class Reader {
public:
  /// @throws Error missing, format
  explicit Reader(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  const Provenance& provenance() const { return provenance_; }
  std::uint64_t size() const { return size_; } ///< structures

  StructureFacts facts(std::uint64_t first, std::uint64_t count) const;
  /// @throws Error missing when the store lacks the representation or level
  FeatureRows features(crystal::Representation representation, int level, std::uint64_t first,
                       std::uint64_t count) const;
  /// Crystals as they were featurized: cell, sites, orbits, species, oxidation states.
  std::vector<crystal::Crystal> crystals(std::uint64_t first, std::uint64_t count) const;
  std::vector<crystal::Failure> failures() const;

private:
  std::filesystem::path path_;
  h5::File file_;
  Provenance provenance_;
  std::uint64_t size_ = 0;
};

} // namespace ionsift::store
