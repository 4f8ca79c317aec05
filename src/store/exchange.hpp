// Records of all ranks, put into the order of the input and dealt out again in contiguous pieces.
#pragma once

#include "ionsift/base/error.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include "record_bytes.hpp"

#include <algorithm>
#include <optional>

namespace ionsift::store {

/// Sorts records by index over all ranks; rank r gets piece r of equally many. Collective.
/// @param last the largest index of the batches before; updated
/// @throws Error internal, on all ranks, when an index occurs twice or belongs to a batch before
template <typename Record>
std::vector<Record> exchange(const parallel::Communicator& comm, std::vector<Record> records,
                             std::optional<std::uint64_t>& last) {
  const auto before = [](const Record& a, const Record& b) { return a.index < b.index; };
  std::sort(records.begin(), records.end(), before);
  std::vector<std::uint64_t> indices;
  for (const auto& record : records) {
    indices.push_back(record.index);
  }
  auto all = comm.all_gather(std::span<const std::uint64_t>(indices));
  std::sort(all.begin(), all.end());
  const bool distinct = std::adjacent_find(all.begin(), all.end()) == all.end();
  IONSIFT_VALIDATE(distinct && (all.empty() || !last || all.front() > *last), internal,
                   "records arrive out of order",
                   "an index occurs twice, or is not greater than those before", "Report this.");
  if (!all.empty()) {
    last = all.back();
  }
  if (comm.size() == 1) {
    return records;
  }

  ByteWriter out;
  std::vector<std::size_t> counts(static_cast<std::size_t>(comm.size()), 0);
  std::vector<Record> mine; // what stays here need not become bytes
  for (auto& record : records) {
    const auto position =
        static_cast<std::uint64_t>(std::lower_bound(all.begin(), all.end(), record.index) - all.begin());
    const int owner = parallel::owner_of(position, all.size(), comm.size());
    if (owner == comm.rank()) {
      mine.push_back(std::move(record));
      continue;
    }
    const std::size_t size = out.size();
    put_record(out, record);
    counts.at(static_cast<std::size_t>(owner)) += out.size() - size;
  }
  records = std::move(mine);
  const auto received = comm.all_to_all(out.bytes(), counts);
  for (ByteReader in(received); !in.empty();) {
    get_record(in, records.emplace_back());
  }
  std::sort(records.begin(), records.end(), before);
  return records;
}

} // namespace ionsift::store
