#include "batch_reader.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/parallel/together.hpp"

#include <algorithm>
#include <array>

namespace ionsift::store {

BatchReader::BatchReader(const parallel::Communicator& comm, const std::vector<std::filesystem::path>& inputs,
                         std::size_t batch_entries, std::size_t batch_bytes)
    : comm_(comm), batch_entries_(std::max(batch_entries, 8 * static_cast<std::size_t>(comm.size()))),
      batch_bytes_(batch_bytes) {
  parallel::together(comm_, [&] { stream_ = std::make_unique<crystal::EntryStream>(inputs); });
}

Batch BatchReader::next() {
  Batch batch;
  batch.first = read_;
  parallel::together(comm_, [&] {
    std::size_t bytes = 0;
    while (batch.items.size() < batch_entries_ && bytes < batch_bytes_) {
      auto item = stream_->next();
      if (!item) {
        break;
      }
      if (const auto* entry = std::get_if<crystal::Entry>(&*item)) {
        bytes += entry->bytes.size();
      }
      batch.items.push_back(std::move(*item));
    }
  });
  read_ += batch.items.size();
  require_same_everywhere(batch);
  return batch;
}

void BatchReader::require_same_everywhere(const Batch& batch) const {
  std::uint64_t bytes = 0;
  std::uint64_t names = 0;
  for (const auto& item : batch.items) {
    if (const auto* entry = std::get_if<crystal::Entry>(&item)) {
      bytes += entry->bytes.size();
      names = 31 * names + std::hash<std::string>()(entry->name.source);
    }
  }
  const std::array<std::uint64_t, 3> mine = {batch.items.size(), bytes, names};
  auto least = mine;
  auto most = mine;
  comm_.all_reduce(std::span<std::uint64_t>(least), parallel::Reduction::min);
  comm_.all_reduce(std::span<std::uint64_t>(most), parallel::Reduction::max);
  IONSIFT_VALIDATE(
      least == most, io, "the ranks read different inputs",
      fmt::format("after item {} they differ in number, size or names of the entries", batch.first),
      "Check that all nodes see the same files, and that nobody changes them meanwhile.");
}

} // namespace ionsift::store
