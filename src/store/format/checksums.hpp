// SPDX-License-Identifier: BSD-3-Clause
// Checksums of rows, as docs/store.md defines them.
#pragma once

#include "ionsift/store/format/history.hpp"
#include "ionsift/store/format/schema.hpp"

#include <span>
#include <string>

namespace ionsift::store {

/// Columns of structures/ that follow from the record. Whoever checks a store takes them from the file.
struct DerivedFacts {
  std::string formula, warnings;
  std::int64_t sites = 0, rows = 0;
  std::uint8_t ordered = 0, intermetallic = 0;
};
DerivedFacts derive(const StructureRecord& record);

/// Checksum of the rows of one representation and the data of its graph.
std::uint64_t checksum_of(const megnet::RepresentationFeatures& features, const Provenance& provenance);
/// Of all but the origin.
/// @param features [representations] checksums of the rows
std::uint64_t content_checksum(const StructureRecord& record, const DerivedFacts& facts,
                               std::span<const std::uint64_t> features);
/// Of source, index, entry and release, which change though the structure does not.
std::uint64_t origin_checksum(const StructureRecord& record);
std::uint64_t checksum_of(const FailureRecord& record);
std::uint64_t checksum_of(const Release& release);
std::uint64_t checksum_of(const GoneStructure& gone);

} // namespace ionsift::store
