#include "batch_reader.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/parallel/together.hpp"

#include "record_bytes.hpp"

#include <algorithm>
#include <utility>

namespace ionsift::store {

namespace {

void put_item(ByteWriter& out, const std::variant<crystal::Entry, crystal::Failure>& item) {
  const auto* entry = std::get_if<crystal::Entry>(&item);
  out.put(entry != nullptr);
  if (entry != nullptr) {
    out.put(entry->name.source);
    out.put(entry->name.id);
    out.put(entry->name.block);
    out.put(entry->bytes);
  } else {
    put_failure(out, std::get<crystal::Failure>(item));
  }
}

std::variant<crystal::Entry, crystal::Failure> get_item(ByteReader& in) {
  if (!in.get<bool>()) {
    return get_failure(in);
  }
  crystal::Entry entry;
  entry.name.source = in.get_text();
  entry.name.id = in.get_text();
  entry.name.block = in.get_text();
  entry.bytes = in.get_text();
  return entry;
}

} // namespace

BatchReader::BatchReader(const parallel::Communicator& comm, const std::vector<std::filesystem::path>& inputs,
                         const crystal::SourceOptions& source, std::size_t batch_entries,
                         std::size_t batch_bytes)
    : comm_(comm), batch_entries_(std::max(batch_entries, 8 * static_cast<std::size_t>(comm.size()))),
      batch_bytes_(batch_bytes) {
  parallel::on_root(comm_, [&] { stream_ = std::make_unique<crystal::EntryStream>(inputs, source); });
}

bool BatchReader::read_ahead() {
  if (!comm_.is_root()) {
    return false;
  }
  constexpr std::size_t at_once = 64;
  const auto has_room = [&] { return ahead_.items.size() < batch_entries_ && bytes_ahead_ < batch_bytes_; };
  for (std::size_t n = 0; n < at_once && has_room() && !ended_; ++n) {
    auto item = stream_->next();
    if (!item) {
      ended_ = true;
      break;
    }
    if (const auto* entry = std::get_if<crystal::Entry>(&*item)) {
      bytes_ahead_ += entry->bytes.size();
    }
    ahead_.items.push_back(std::move(*item));
  }
  return has_room() && !ended_;
}

Batch BatchReader::next() {
  Batch batch;
  parallel::on_root(comm_, [&] {
    while (read_ahead()) {
    }
    batch = std::exchange(ahead_, {});
    batch.first = read_;
    batch.last = ended_;
    read_ += batch.items.size();
    bytes_ahead_ = 0;
  });
  if (comm_.size() == 1) {
    return batch;
  }
  ByteWriter out;
  if (comm_.is_root()) {
    out.put(batch.first);
    out.put(batch.last);
    for (const auto& item : batch.items) {
      put_item(out, item);
    }
  }
  const auto bytes = comm_.broadcast(out.take());
  if (comm_.is_root()) {
    return batch;
  }
  ByteReader in(bytes);
  batch.first = in.get<std::uint64_t>();
  batch.last = in.get<bool>();
  while (!in.empty()) {
    batch.items.push_back(get_item(in));
  }
  return batch;
}

} // namespace ionsift::store
