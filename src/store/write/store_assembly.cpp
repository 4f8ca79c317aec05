// SPDX-License-Identifier: BSD-3-Clause
#include "store_assembly.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include "format/record_bytes.hpp"

#include <algorithm>

namespace ionsift::store {

namespace {

constexpr std::uint64_t block_weight = std::uint64_t{1} << 20;

std::vector<OrderedItem> items_of(const std::vector<PlacedRecord>& records) {
  std::vector<OrderedItem> items;
  items.reserve(records.size());
  for (const auto& record : records) {
    items.push_back({record.index, record.weight});
  }
  return items;
}

StoreSizes summed(const parallel::Communicator& comm, StoreSizes sizes) {
  sizes.sum(comm);
  return sizes;
}

std::uint64_t index_of(const FinishedStructure& structure) {
  return structure.record.index;
}
std::uint64_t index_of(const FailureRecord& failure) {
  return failure.index;
}
void set_index(FinishedStructure& structure, std::uint64_t index) {
  structure.record.index = index;
}
void set_index(FailureRecord& failure, std::uint64_t index) {
  failure.index = index;
}

} // namespace

void place_records(const EntryRecords& records, const EntryPlaces& places, std::uint32_t part,
                   FinishedRecords& finished) {
  constexpr std::uint32_t failure_weight = 512;
  for (std::size_t i = 0; i < records.structures.size(); ++i) {
    const auto& structure = records.structures[i];
    finished.sizes.add(structure);
    finished.structures.push_back({structure.record.index, places.structures[i], weight_of(structure), part});
  }
  for (std::size_t i = 0; i < records.failures.size(); ++i) {
    finished.sizes.add(records.failures[i]);
    finished.failures.push_back({records.failures[i].index, places.failures[i], failure_weight, part});
  }
}

StoreAssembly::StoreAssembly(const parallel::Communicator& comm, const std::filesystem::path& path,
                             const Provenance& provenance, RecordLog& log, const FinishedRecords& finished)
    : comm_(comm), log_(log), finished_(finished),
      structure_order_(comm, items_of(finished.structures), block_weight),
      failure_order_(comm, items_of(finished.failures), block_weight),
      file_(comm, path, provenance, summed(comm, finished.sizes), structure_order_.blocks()) {
}

/// Blocks of one window: 16 a rank, but no more than 256 of few ranks, because one rank may have computed all
/// of them.
std::uint64_t StoreAssembly::window_blocks() const {
  constexpr std::uint64_t most = 16, all = 256;
  const auto ranks = static_cast<std::uint64_t>(comm_.size());
  return ranks * std::clamp<std::uint64_t>(all / ranks, 1, most);
}

/// This rank's records of a window, in order. @param next of this rank's sorted records; moved behind the
/// window
template <typename Record, typename Get>
std::vector<Record> StoreAssembly::exchange(const InputOrder& order, const std::vector<PlacedRecord>& mine,
                                            std::uint64_t first_block, std::uint64_t last_block,
                                            std::size_t& next, const Get& get) {
  ByteWriter out;
  std::vector<std::size_t> counts(static_cast<std::size_t>(comm_.size()), 0);
  parallel::together(comm_, [&] {
    for (; next < mine.size() && order.block()[next] < last_block; ++next) {
      const auto& record = mine[order.sorted()[next]];
      const auto size = out.size();
      out.put(record.index);
      out.put(log_.record(record.place));
      const auto to =
          parallel::owner_of(order.block()[next] - first_block, last_block - first_block, comm_.size());
      counts.at(static_cast<std::size_t>(to)) += out.size() - size;
    }
  });
  const auto received = comm_.all_to_all(out.bytes(), counts);
  out.take();
  std::vector<Record> records;
  for (ByteReader in(received); !in.empty();) {
    const auto index = in.get<std::uint64_t>();
    in.get<std::uint64_t>(); // the length of what follows
    records.push_back(get(in));
    set_index(records.back(), index);
  }
  std::ranges::sort(records, {}, [](const Record& record) { return index_of(record); });
  return records;
}

void StoreAssembly::write(const std::function<void(std::span<FinishedStructure>)>& visit) {
  std::size_t next = 0;
  for (std::uint64_t first = 0; first < structure_order_.blocks(); first += window_blocks()) {
    const auto last = std::min(first + window_blocks(), structure_order_.blocks());
    auto records =
        exchange<FinishedStructure>(structure_order_, finished_.structures, first, last, next, get_finished);
    const auto slice = parallel::slice_of(last - first, comm_.rank(), comm_.size());
    std::vector<std::uint64_t> blocks;
    for (auto block = first + slice.first; block < first + slice.last; ++block) {
      blocks.push_back(structure_order_.first_of(block + 1) - structure_order_.first_of(block));
    }
    parallel::together(comm_, [&] { visit(records); });
    file_.write(records, blocks);
  }
  next = 0;
  const auto get_failure_record = [](ByteReader& in) {
    FailureRecord record;
    get_record(in, record);
    return record;
  };
  for (std::uint64_t first = 0; first < failure_order_.blocks(); first += window_blocks()) {
    const auto last = std::min(first + window_blocks(), failure_order_.blocks());
    file_.write(
        exchange<FailureRecord>(failure_order_, finished_.failures, first, last, next, get_failure_record));
  }
}

} // namespace ionsift::store
