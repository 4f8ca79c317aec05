// Records that need not be computed: those of the store before, and those that an interrupted run left.
#pragma once

#include "batch_reader.hpp"
#include "entry_worker.hpp"
#include "past.hpp"
#include "spill.hpp"

namespace ionsift::store {

/// What is to be done about the items of a batch; the same on all ranks.
struct BatchPlan {
  std::vector<std::size_t> unknown; ///< items to work on
  std::vector<std::size_t> known;   ///< items whose records are there, in the order in which they lie
  std::vector<std::uint64_t> keys;  ///< [items], 0 where nobody has asked for them
};

/// Finds records by the keys of entries. Those of the interrupted run come first: they are newer.
class KnownRecords {
public:
  KnownRecords(const parallel::Communicator& comm, const Past& past, Spill& spill)
      : comm_(comm), past_(past), spill_(spill) {}

  /// Each rank hashes its part of the entries; collective. Without anything known nothing is hashed.
  BatchPlan plan(const Batch& batch);
  /// Gives the worker this rank's part of the known records. What turns out to be damaged it works on
  /// instead.
  void fetch(Batch& batch, const BatchPlan& plan, EntryWorker& worker);

private:
  void fetch_from_past(Batch& batch, const BatchPlan& plan, std::span<const std::size_t> items,
                       EntryWorker& worker);
  void fetch_from_spill(Batch& batch, const BatchPlan& plan, std::size_t item, EntryWorker& worker);

  parallel::Communicator comm_;
  const Past& past_;
  Spill& spill_;
};

} // namespace ionsift::store
