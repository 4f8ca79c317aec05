// SPDX-License-Identifier: BSD-3-Clause
// Processing of the entries assigned to a rank.
#pragma once

#include "ionsift/base/timer.hpp"
#include "ionsift/crystal/source/source.hpp"
#include "ionsift/megnet/featurizer.hpp"
#include "ionsift/store/format/schema.hpp"
#include "ionsift/store/ingest/ingest.hpp"

#include "write/record_log.hpp"

namespace ionsift::store {

/// Parses and featurizes; counts what this rank has done.
class EntryWorker {
public:
  EntryWorker(const megnet::Parent& parent, const IngestOptions& options, PhaseTimes& phases)
      : featurizer_(parent, options.featurizer), read_(options.read), phases_(phases) {}

  /// Sets what the records are checked against.
  void set_provenance(const Provenance& provenance) { provenance_ = provenance; }
  const Provenance& provenance() const { return provenance_; }

  /// @param number of the entry in its part of the input
  EntryRecords work(std::uint64_t number, const crystal::Entry& entry);
  /// A failure that is there already.
  EntryRecords fail(std::uint64_t number, crystal::Failure failure);
  /// Adopts the known records of an entry, as if it had been processed. The entry may have another place in
  /// the input now, and its file another place on disk.
  /// @return whether its bytes are unchanged except for the index
  bool adopt(std::uint64_t number, const crystal::Entry& entry, EntryRecords& records);

  /// Index of the first block of an entry: blocks are numbered within.
  static std::uint64_t first_index(std::uint64_t number) { return number << block_bits; }
  /// Number of the entry that an index belongs to.
  static std::uint64_t number_of(std::uint64_t index) { return index >> block_bits; }

  const megnet::Featurizer& featurizer() const { return featurizer_; }
  /// Of everything so far.
  const IngestSummary& counts() const { return counts_; }

private:
  static constexpr int block_bits = 24;
  void work(std::uint64_t index, std::uint64_t key, crystal::Crystal crystal, EntryRecords& records);
  void add_failure(std::uint64_t index, crystal::Failure failure, EntryRecords& records);
  void count(const StructureRecord& record);
  void count(const crystal::Failure& failure);

  megnet::Featurizer featurizer_;
  crystal::ReadOptions read_;
  PhaseTimes& phases_;
  Provenance provenance_;
  IngestSummary counts_;
};

} // namespace ionsift::store
