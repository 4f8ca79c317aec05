// SPDX-License-Identifier: BSD-3-Clause
// The groups of the file, each with its columns. Writing is collective, window by window.
#pragma once

#include "ionsift/store/format/history.hpp"
#include "ionsift/store/format/schema.hpp"

#include "format/final_columns.hpp"
#include "format/store_sizes.hpp"

#include <array>
#include <optional>
#include <span>

namespace ionsift::store {

/// Structures of this rank in one window, in order, and where they and what they hold go.
struct Window {
  std::span<const FinishedStructure> structures;
  Piece structure, site, orbit, species;
  std::vector<Piece> rows; ///< [representations]
};

/// structures/: one row of facts for each.
class StructureTable {
public:
  StructureTable(FinalFile& out, const StoreSizes& sizes);
  void write(const Window& window);

private:
  FinalText id_, source_, block_, sha256_, formula_, warnings_, oxidation_source_, orbit_source_;
  FinalColumn<std::int64_t> index_, sites_, rows_;
  FinalColumn<std::uint8_t> ordered_, intermetallic_;
  FinalColumn<double> residual_charge_;
  FinalColumn<std::uint64_t> entry_, checksum_, origin_checksum_;
  FinalColumn<std::int64_t> release_;
};

/// crystals/: everything that is needed to featurize again without the source.
class CrystalTable {
public:
  CrystalTable(FinalFile& out, const StoreSizes& sizes);
  void write(const Window& window);

private:
  void write_sites(const Window& window);
  void write_orbits(const Window& window);
  void write_species(const Window& window);

  FinalColumn<double> lattice_;
  FinalOffsets site_offset_;
  FinalColumn<double> position_;
  FinalColumn<std::int32_t> orbit_;
  FinalOffsets orbit_offset_;
  FinalText label_;
  FinalColumn<std::int32_t> representative_, multiplicity_;
  FinalOffsets species_offset_;
  FinalColumn<std::int32_t> atomic_number_;
  FinalColumn<double> occupancy_, oxidation_;
};

/// features/REPRESENTATION/: rows of the wanted levels.
class FeatureTable {
public:
  /// @param position of the representation among those of each record
  FeatureTable(FinalFile& out, const Provenance& provenance, const StoreSizes& sizes, std::size_t position);
  void write(const Window& window);

private:
  std::size_t position_;
  FinalOffsets offset_;
  FinalColumn<std::int32_t> orbit_, multiplicity_;
  FinalColumn<double> cutoff_, neighbours_per_site_;
  FinalColumn<std::int64_t> edges_;
  FinalColumn<std::uint64_t> checksum_;
  std::optional<FinalColumn<double>> prediction_;
  std::array<std::optional<FinalColumn<float>>, 4> levels_;
};

/// failures/: what could not be used, and why. Every row has a checksum; blocks have none.
class FailureTable {
public:
  FailureTable(FinalFile& out, const StoreSizes& sizes);
  void write(const Piece& piece, std::span<const FailureRecord> records);

private:
  FinalColumn<std::int64_t> index_, line_;
  FinalText source_, block_, code_, message_;
  FinalColumn<std::uint64_t> checksum_;
};

/// Writes releases/ and gone/: what has become of the store over time. Collective.
/// @param history of rank 0; the others' is not looked at
void write_history(FinalFile& out, const History& history);

} // namespace ionsift::store
