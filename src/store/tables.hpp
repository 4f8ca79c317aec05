// The groups of the file, each with its columns. All functions are collective; records are this rank's piece
// of the batch, in order.
#pragma once

#include "ionsift/store/history.hpp"
#include "ionsift/store/schema.hpp"

#include "columns.hpp"

#include <array>
#include <optional>
#include <span>

namespace ionsift::store {

/// structures/: one row of facts for each.
class StructureTable {
public:
  StructureTable(h5::File& file, Provenance provenance);
  void append(const Axis& structures, std::span<const StructureRecord> records);

private:
  Provenance provenance_;
  TextColumn id_, source_, block_, sha256_, formula_, warnings_, oxidation_source_, orbit_source_;
  Column<std::int64_t> index_, sites_, rows_;
  Column<std::uint8_t> ordered_, intermetallic_;
  Column<double> residual_charge_;
  Column<std::uint64_t> entry_, checksum_, origin_checksum_;
  Column<std::int64_t> release_;
};

/// crystals/: everything that is needed to featurize again without the source.
class CrystalTable {
public:
  CrystalTable(h5::File& file, const parallel::Communicator& comm);
  void append(const Axis& structures, std::span<const StructureRecord> records);

private:
  void append_sites(const Axis& structures, std::span<const StructureRecord> records);
  void append_orbits(const Axis& structures, std::span<const StructureRecord> records);
  void append_species(std::span<const StructureRecord> records);

  Axis sites_, orbits_, species_;
  Column<double> lattice_;
  OffsetColumn site_offset_;
  Column<double> position_;
  Column<std::int32_t> orbit_;
  OffsetColumn orbit_offset_;
  TextColumn label_;
  Column<std::int32_t> representative_, multiplicity_;
  OffsetColumn species_offset_;
  Column<std::int32_t> atomic_number_;
  Column<double> occupancy_, oxidation_;
};

/// features/REPRESENTATION/: rows of the wanted levels.
class FeatureTable {
public:
  /// @param position of the representation among those of each record
  FeatureTable(h5::File& file, const parallel::Communicator& comm, const Provenance& provenance,
               std::size_t position);
  void append(const Axis& structures, std::span<const StructureRecord> records);

private:
  const megnet::RepresentationFeatures& features_of(const StructureRecord& record) const;

  Provenance provenance_;
  std::size_t position_;
  Axis rows_;
  OffsetColumn offset_;
  Column<std::int32_t> orbit_, multiplicity_;
  Column<double> cutoff_, neighbours_per_site_;
  Column<std::int64_t> edges_;
  Column<std::uint64_t> checksum_;
  std::optional<Column<double>> prediction_;
  std::array<std::optional<Column<float>>, 4> levels_;
};

/// failures/: what could not be used, and why.
class FailureTable {
public:
  FailureTable(h5::File& file);
  void append(const Axis& failures, std::span<const FailureRecord> records);

private:
  Column<std::int64_t> index_, line_;
  TextColumn source_, block_, code_, message_;
  Column<std::uint64_t> checksum_;
};

/// releases/ and gone/: what has become of the store over time. Written once, by rank 0.
class HistoryTable {
public:
  HistoryTable(h5::File& file);
  /// @param history of rank 0; the others' is not looked at
  void write(const parallel::Communicator& comm, const History& history);

private:
  TextColumn release_name_, release_time_;
  std::vector<Column<std::int64_t>> release_counts_;
  TextColumn gone_id_, gone_source_, gone_block_, gone_sha256_;
  Column<std::int64_t> gone_release_;
  Column<std::uint64_t> gone_checksum_, release_checksum_;
};

} // namespace ionsift::store
