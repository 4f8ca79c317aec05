// SPDX-License-Identifier: BSD-3-Clause
#include "known_records.hpp"

namespace ionsift::store {

bool KnownRecords::take(std::uint64_t key, std::uint64_t number, std::uint32_t part,
                        const crystal::Entry& entry, EntryWorker& worker, FinishedRecords& finished) {
  if (const auto left = log_.find(key)) {
    if (auto read = log_.read(*left)) {
      auto& [records, places] = *read;
      if (!worker.adopt(number, entry, records)) { // it has moved, and reports that
        places = log_.add(key, records);
      }
      place_records(records, places, part, finished);
      return true;
    }
  }
  const auto before = past_.find(key);
  auto known = before ? past_.read(*before) : std::nullopt;
  if (!known) {
    return false;
  }
  EntryRecords records;
  for (auto& record : *known) {
    records.structures.push_back(finish(std::move(record), worker.provenance()));
  }
  worker.adopt(number, entry, records);
  place_records(records, log_.add(key, records), part, finished);
  return true;
}

} // namespace ionsift::store
