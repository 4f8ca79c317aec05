#include "known_records.hpp"

#include "ionsift/parallel/work_queue.hpp"

#include "entry_key.hpp"

#include <algorithm>
#include <tuple>

namespace ionsift::store {

namespace {

/// Structures of the store before that are read at once, and gaps between them that are read along.
constexpr std::uint64_t most_rows = 1024;
constexpr std::uint64_t small_gap = 16;

} // namespace

BatchPlan KnownRecords::plan(const Batch& batch) {
  BatchPlan plan;
  const std::size_t n = batch.items.size();
  if (!past_.exists() && spill_.size() == 0) {
    plan.keys.assign(n, 0);
    for (std::size_t i = 0; i < n; ++i) {
      plan.unknown.push_back(i);
    }
    return plan;
  }
  std::vector<std::uint64_t> mine;
  const auto slice = parallel::slice_of(n, comm_.rank(), comm_.size());
  for (auto i = slice.first; i < slice.last; ++i) {
    const auto* entry = std::get_if<crystal::Entry>(&batch.items.at(i));
    mine.push_back(entry != nullptr ? entry_key(sha256(entry->bytes), entry->name) : 0);
  }
  plan.keys = comm_.all_gather(std::span<const std::uint64_t>(mine));

  using Order = std::tuple<int, std::uint64_t, std::uint64_t, std::size_t>; // where it lies, and the item
  std::vector<Order> known;
  for (std::size_t i = 0; i < n; ++i) {
    const bool is_entry = std::holds_alternative<crystal::Entry>(batch.items[i]);
    const auto spilled = is_entry ? spill_.find(plan.keys[i]) : std::nullopt;
    const auto past = is_entry ? past_.find(plan.keys[i]) : std::nullopt;
    if (spilled) {
      known.emplace_back(0, spilled->file, spilled->offset, i);
    } else if (past) {
      known.emplace_back(1, past->first, 0, i);
    } else {
      plan.unknown.push_back(i);
    }
  }
  std::sort(known.begin(), known.end());
  for (const auto& order : known) {
    plan.known.push_back(std::get<3>(order));
  }
  return plan;
}

void KnownRecords::fetch(Batch& batch, const BatchPlan& plan, EntryWorker& worker) {
  const auto slice = parallel::slice_of(plan.known.size(), comm_.rank(), comm_.size());
  std::vector<std::size_t> from_past;
  for (auto k = slice.first; k < slice.last; ++k) {
    const auto item = plan.known[k];
    if (spill_.find(plan.keys[item])) {
      fetch_from_spill(batch, plan, item, worker);
    } else {
      from_past.push_back(item);
    }
  }
  const auto place = [&](std::size_t i) { return *past_.find(plan.keys[from_past[i]]); };
  for (std::size_t begin = 0; begin < from_past.size();) {
    const auto first = place(begin).first;
    std::size_t end = begin + 1;
    while (end < from_past.size()) {
      const auto before = place(end - 1);
      const auto next = place(end);
      if (next.first + next.count - first > most_rows ||
          next.first > before.first + before.count + small_gap) {
        break;
      }
      ++end;
    }
    fetch_from_past(batch, plan, std::span(from_past).subspan(begin, end - begin), worker);
    begin = end;
  }
}

void KnownRecords::fetch_from_spill(Batch& batch, const BatchPlan& plan, std::size_t item,
                                    EntryWorker& worker) {
  auto& entry = std::get<crystal::Entry>(batch.items.at(item));
  auto records = spill_.read(*spill_.find(plan.keys[item]));
  if (records) {
    worker.adopt(batch.first + item, entry, std::move(records->structures), std::move(records->failures));
  } else {
    worker.work(batch.first + item, entry);
  }
  entry.bytes = {};
}

void KnownRecords::fetch_from_past(Batch& batch, const BatchPlan& plan, std::span<const std::size_t> items,
                                   EntryWorker& worker) {
  const auto first = past_.find(plan.keys[items.front()])->first;
  const auto last = *past_.find(plan.keys[items.back()]);
  const auto rows = past_.read(first, last.first + last.count - first);
  for (const auto item : items) {
    auto& entry = std::get<crystal::Entry>(batch.items.at(item));
    const auto place = *past_.find(plan.keys[item]);
    std::vector<StructureRecord> records;
    for (auto row = place.first; row < place.first + place.count; ++row) {
      const auto& record = rows.at(row - first);
      if (record && record->entry == plan.keys[item]) {
        records.push_back(*record);
      }
    }
    if (records.size() == place.count) {
      worker.adopt(batch.first + item, entry, std::move(records), {});
    } else {
      worker.work(batch.first + item, entry);
    }
    entry.bytes = {};
  }
}

} // namespace ionsift::store
