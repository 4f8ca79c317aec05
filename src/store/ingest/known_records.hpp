// SPDX-License-Identifier: BSD-3-Clause
// Records that need not be computed: those of the store before, and those that an interrupted run left.
#pragma once

#include "entry_worker.hpp"
#include "previous_store.hpp"
#include "write/record_log.hpp"
#include "write/store_assembly.hpp"

namespace ionsift::store {

/// Finds records by the keys of entries. Those of the interrupted run come first: they are newer.
class KnownRecords {
public:
  KnownRecords(PreviousStore& past, RecordLog& log) : past_(past), log_(log) {}

  bool any() const { return past_.exists() || log_.size() > 0; }
  /// Adopts the known records of an entry. Damaged records count as unknown.
  /// @param number of the entry in part `part` of the input
  bool take(std::uint64_t key, std::uint64_t number, std::uint32_t part, const crystal::Entry& entry,
            EntryWorker& worker, FinishedRecords& finished);

private:
  PreviousStore& past_;
  RecordLog& log_;
};

} // namespace ionsift::store
