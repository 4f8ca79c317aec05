// SPDX-License-Identifier: BSD-3-Clause
// The content and provenance of a feature store; docs/store.md describes it for h5py readers.
#pragma once

#include "ionsift/base/hdf5.hpp"
#include "ionsift/crystal/read/read.hpp"
#include "ionsift/crystal/representation.hpp"
#include "ionsift/megnet/featurizer.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace ionsift::store {

inline constexpr std::int64_t schema_version = 3;
/// Stores from this schema on are still read. Those before the present one cannot be brought up to date, and
/// those of schema 1 have no checksums.
inline constexpr std::int64_t oldest_schema = 1;

/// Columns of V0, V1, V2, V3.
inline constexpr std::array<std::uint64_t, 4> level_columns = {16, 32, 32, 32};

/// The facts by which stores are compatible or not.
struct Provenance {
  std::int64_t schema = schema_version;
  std::string program_version;
  std::string parent_name;
  std::string parent_sha256;
  megnet::GraphConverter converter;
  std::vector<crystal::Representation> representations;
  std::array<bool, 4> levels{};
  bool prediction = false; ///< whether the parent's scalar prediction is stored too
  /// "NAME=VALUE" of all that decides what a structure becomes; the parent, graph, representations and levels
  /// once more among them. Empty for schema 1, and where a provenance is not a store's.
  std::vector<std::string> options;

  bool has(crystal::Representation representation) const;

  void write(h5::File& file) const;
  /// @throws Error format when the file is not an ionsift store
  static Provenance read(const h5::File& file);
  /// @throws Error conflict naming both values, where parent, cutoff, centres or width differ, or where
  /// `this` lacks a representation or level that `needed` has
  void require_compatible(const Provenance& needed, const std::string& this_name,
                          const std::string& needed_name) const;
};

/// The record of one structure; in the order of `index` over all ranks.
struct StructureRecord {
  std::uint64_t index = 0;  ///< position in the input; (entry, block) order
  std::uint64_t entry = 0;  ///< key of its entry: content and request
  std::int64_t release = 0; ///< position of the release in which this content first came
  crystal::Crystal crystal;
  megnet::CrystalFeatures features;
};

struct FailureRecord {
  std::uint64_t index = 0;
  crystal::Failure failure;
};

/// Names (id, source, block, labels) are stored whole; longer ones cannot be stored.
inline constexpr std::size_t longest_name = 4096;
/// Messages and joined warnings are for people; longer ones end in "...".
inline constexpr std::size_t longest_message = 1024;

/// @throws Error limit for a name longer than `longest_name`, data for one with a zero byte in it
void require_storable(const crystal::Crystal& crystal);

} // namespace ionsift::store
