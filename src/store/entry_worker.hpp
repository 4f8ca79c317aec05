// What a rank does with the entries it is given.
#pragma once

#include "ionsift/base/timer.hpp"
#include "ionsift/crystal/source.hpp"
#include "ionsift/megnet/featurizer.hpp"
#include "ionsift/store/ingest.hpp"
#include "ionsift/store/schema.hpp"

#include <span>
#include <utility>
#include <vector>

namespace ionsift::store {

/// Parses and featurizes; keeps records and counts of this rank.
class EntryWorker {
public:
  EntryWorker(const megnet::Parent& parent, const IngestOptions& options, PhaseTimes& phases)
      : featurizer_(parent, options.featurizer), read_(options.read), phases_(phases) {}

  /// @param number of the entry in the whole input
  void work(std::uint64_t number, const crystal::Entry& entry);
  /// A failure that is there already.
  void fail(std::uint64_t index, crystal::Failure failure);
  /// Index of the first block of an entry: blocks are numbered within.
  static std::uint64_t first_index(std::uint64_t number) { return number << block_bits; }
  /// Number of the entry that an index belongs to.
  static std::uint64_t number_of(std::uint64_t index) { return index >> block_bits; }
  /// Takes over what is known of an entry, as if it had been worked on.
  void adopt(std::uint64_t number, const crystal::Entry& entry, std::vector<StructureRecord> structures,
             std::vector<FailureRecord> failures);

  /// Results since the last call of take_structures and take_failures.
  std::span<const StructureRecord> structures() const { return structures_; }
  std::span<const FailureRecord> failures() const { return failures_; }

  std::vector<StructureRecord> take_structures() { return std::exchange(structures_, {}); }
  std::vector<FailureRecord> take_failures() { return std::exchange(failures_, {}); }
  const megnet::Featurizer& featurizer() const { return featurizer_; }
  /// Of everything so far.
  const IngestSummary& counts() const { return counts_; }

private:
  static constexpr int block_bits = 24;
  void work(std::uint64_t index, std::uint64_t key, crystal::Crystal crystal);
  void count(const StructureRecord& record);

  megnet::Featurizer featurizer_;
  crystal::ReadOptions read_;
  PhaseTimes& phases_;
  std::vector<StructureRecord> structures_;
  std::vector<FailureRecord> failures_;
  IngestSummary counts_;
};

} // namespace ionsift::store
