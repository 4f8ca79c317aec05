// SPDX-License-Identifier: BSD-3-Clause
#include "previous_store.hpp"

#include "ionsift/base/checksum.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include "content_options.hpp"
#include "entry_worker.hpp"
#include "format/bytes.hpp"
#include "format/same_options.hpp"
#include "read/checked_records.hpp"

#include <algorithm>
#include <cstdlib>

namespace ionsift::store {

namespace {

std::uint64_t name_key(const std::string& id, const std::string& block) {
  return Checksum().add_text(id).add_text(block).value();
}

/// The first 64 bits of a hash in hexadecimal, never 0.
std::uint64_t content_key(const std::string& sha256) {
  return std::max<std::uint64_t>(std::strtoull(sha256.substr(0, 16).c_str(), nullptr, 16), 1);
}

} // namespace

PreviousStore::PreviousStore(const parallel::Communicator& comm, const std::filesystem::path& store,
                             const std::filesystem::path& folder, const Provenance& now) {
  std::vector<KeyRow> keys;
  std::vector<NameRow> names;
  parallel::together(comm, [&] {
    try {
      reader_.emplace(store, Checking::none);
      IONSIFT_VALIDATE(reader_->provenance().schema > 1, conflict,
                       fmt::format("{} has schema {}", store.string(), reader_->provenance().schema),
                       fmt::format("this program writes schema {}", schema_version), "Make it again.");
      require_same_options(reader_->provenance().options, now.options, store.string());
      before_ = reader_->history();
      release_ = static_cast<std::int64_t>(before_.releases.size());
      if (comm.is_root()) {
        require_lists_intact(*reader_);
      }
      const auto slice = parallel::slice_of(reader_->size(), comm.rank(), comm.size());
      read_keys(slice.first, slice.last, keys, names);
      for (std::size_t i = 0; comm.is_root() && i < before_.gone.size(); ++i) {
        const auto& gone = before_.gone[i];
        names.push_back({name_key(gone.id, gone.block), reader_->size() + i, 0, gone.release});
      }
    } catch (const Error& error) {
      throw Error(
          error.code(), fmt::format("{} cannot be brought up to date: {}", store.string(), error.problem()),
          error.why(), "Give the options it was made with or another name, or replace it with --overwrite.");
    }
  });
  entries_ = KeyTable<KeyRow>(comm, folder / "keys-of-entries", std::move(keys));
  names_ = KeyTable<NameRow>(comm, folder / "keys-of-names", std::move(names));
}

void PreviousStore::read_keys(std::uint64_t first, std::uint64_t last, std::vector<KeyRow>& keys,
                              std::vector<NameRow>& names) const {
  std::vector<std::uint64_t> failed;
  for (const auto index : reader_->file().dataset("failures/index").read<std::int64_t>()) {
    failed.push_back(EntryWorker::number_of(static_cast<std::uint64_t>(index)));
  }
  std::sort(failed.begin(), failed.end());
  constexpr std::uint64_t at_once = 65536;
  for (; first < last; first += at_once) {
    add_rows(first, std::min(at_once, last - first), failed, keys, names);
  }
}

void PreviousStore::add_rows(std::uint64_t first, std::uint64_t count,
                             const std::vector<std::uint64_t>& failed, std::vector<KeyRow>& keys,
                             std::vector<NameRow>& names) const {
  const auto& file = reader_->file();
  const auto index = file.dataset("structures/index").read_rows<std::int64_t>(first, count);
  const auto key = file.dataset("structures/entry").read_rows<std::uint64_t>(first, count);
  const auto release = file.dataset("structures/release").read_rows<std::int64_t>(first, count);
  const auto id = reader_->text("structures/id", first, count);
  const auto block = reader_->text("structures/block", first, count);
  const auto sha256 = reader_->text("structures/sha256", first, count);
  for (std::size_t i = 0; i < count; ++i) {
    names.push_back({name_key(id[i], block[i]), first + i, content_key(sha256[i]), release[i]});
    const auto position = static_cast<std::uint64_t>(index[i]);
    const auto number = EntryWorker::number_of(position);
    if (!std::binary_search(failed.begin(), failed.end(), number)) {
      keys.push_back({key[i], first + i, position - EntryWorker::first_index(number)});
    }
  }
}

/// The same content may be there several times. Where the blocks of one of them do not follow each other, an
/// index is damaged, and it is not known how many there are.
std::optional<PreviousStore::Entry> PreviousStore::find(std::uint64_t key) const {
  std::optional<Entry> entry, last;
  for (const auto& found : entries_.find(key)) {
    if (found.block == 0) {
      if (last && last->count != entry->count) {
        return std::nullopt;
      }
      last = Entry{found.row, 1};
    } else if (last && found.block == last->count && found.row == last->first + last->count) {
      ++last->count;
    } else {
      return std::nullopt;
    }
    entry = entry && entry->first != last->first ? entry : last;
  }
  return last && last->count == entry->count ? entry : std::nullopt;
}

/// Reads more and more at once while entries follow each other, and little where they do not.
void PreviousStore::fill_ahead(std::uint64_t first, std::uint64_t count) {
  constexpr std::uint64_t most = 512, small_gap = 16;
  const auto end = ahead_first_ + ahead_.size();
  const bool follows = first >= ahead_first_ && first <= end + small_gap;
  ahead_size_ = follows ? std::min(2 * ahead_size_, most) : 1;
  ahead_first_ = first;
  const auto rows = std::min(std::max(ahead_size_, count), reader_->size() - first);
  ahead_.assign(rows, std::nullopt);
  try {
    auto checked = read_checked(*reader_, first, rows);
    for (std::size_t i = 0; i < rows; ++i) {
      if (checked[i].damage.empty()) {
        ahead_[i] = std::move(checked[i].record);
      } else {
        log::warning("{} in the store before is damaged and computed again if it is needed: {}",
                     checked[i].record.crystal.id, checked[i].damage);
      }
    }
  } catch (const Error& error) {
    if (rows > count) { // some of them alone may be whole
      ahead_size_ = 1;
      ahead_.clear();
      ahead_first_ = first + reader_->size();
      fill_ahead(first, count);
      return;
    }
    log::warning("structures {} to {} of the store before cannot be read and are computed again: {}", first,
                 first + count, error.what());
  }
}

std::optional<std::vector<StructureRecord>> PreviousStore::read(const Entry& entry) {
  if (entry.first + entry.count > reader_->size()) {
    return std::nullopt;
  }
  if (entry.first < ahead_first_ || entry.first + entry.count > ahead_first_ + ahead_.size()) {
    fill_ahead(entry.first, entry.count);
  }
  std::vector<StructureRecord> records;
  for (std::uint64_t i = 0; i < entry.count; ++i) {
    const auto& record = ahead_.at(entry.first - ahead_first_ + i);
    if (!record) {
      return std::nullopt;
    }
    records.push_back(*record);
  }
  return records;
}

void PreviousStore::classify(std::span<FinishedStructure> structures) {
  for (auto& structure : structures) {
    auto& record = structure.record;
    record.release = release_;
    const auto content = content_key(record.crystal.sha256);
    bool there = false;
    bool same = false;
    for (const auto& before : names_.find(name_key(record.crystal.id, record.crystal.block))) {
      seen_.push_back(before.row);
      there = there || before.content != 0;
      if (before.content == content) {
        same = true;
        record.release = std::min(record.release, before.release);
      }
    }
    ++(same ? unchanged_ : there ? changed_ : added_);
  }
}

/// Structures of the store from `first` on that were not met.
std::vector<GoneStructure> PreviousStore::gone_of(std::uint64_t first, const std::vector<bool>& met) const {
  std::vector<GoneStructure> gone;
  constexpr std::uint64_t at_once = 4096;
  for (std::uint64_t begin = 0; begin < met.size(); begin += at_once) {
    const auto count = std::min<std::uint64_t>(at_once, met.size() - begin);
    const auto rows = met.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto end = rows + static_cast<std::ptrdiff_t>(count);
    if (std::find(rows, end, false) == end) {
      continue;
    }
    const auto text = [&](const char* path) { return reader_->text(path, first + begin, count); };
    const auto id = text("structures/id"), source = text("structures/source"),
               block = text("structures/block"), sha256 = text("structures/sha256");
    for (std::size_t i = 0; i < count; ++i) {
      if (!met[begin + i]) {
        gone.push_back({id[i], source[i], block[i], sha256[i], release_ - 1});
      }
    }
  }
  return gone;
}

History PreviousStore::history(const parallel::Communicator& comm, Release& release) {
  release.added = comm.all_reduce(added_, parallel::Reduction::sum);
  release.changed = comm.all_reduce(changed_, parallel::Reduction::sum);
  release.unchanged = comm.all_reduce(unchanged_, parallel::Reduction::sum);
  History history = before_;
  if (exists()) {
    // Each rank looks after a part of the rows; the last ones are those of what was gone before.
    const auto all = reader_->size() + before_.gone.size();
    std::sort(seen_.begin(), seen_.end());
    std::vector<std::size_t> counts(static_cast<std::size_t>(comm.size()), 0);
    for (const auto row : seen_) {
      ++counts.at(static_cast<std::size_t>(parallel::owner_of(row, all, comm.size())));
    }
    const auto slice = parallel::slice_of(all, comm.rank(), comm.size());
    std::vector<bool> met(slice.size(), false);
    for (const auto row : comm.all_to_all(std::span<const std::uint64_t>(seen_), counts)) {
      met.at(row - slice.first) = true;
    }
    history.gone = gather_gone(comm, met, slice.first, release);
  }
  const bool same = !history.releases.empty() && history.releases.back().name == release.name &&
                    history.releases.back().entries == release.entries &&
                    history.releases.back().failures == release.failures;
  if (!same || release.added + release.changed + release.gone > 0) {
    history.releases.push_back(release);
  }
  return history;
}

/// @param met rows from `first` on  @return disappeared ids, on rank 0
std::vector<GoneStructure> PreviousStore::gather_gone(const parallel::Communicator& comm,
                                                      const std::vector<bool>& met, std::uint64_t first,
                                                      Release& release) const {
  const auto size = reader_->size();
  const auto stored = first < size ? std::min<std::uint64_t>(met.size(), size - first) : 0;
  std::vector<GoneStructure> now;
  parallel::together(comm, [&] {
    now = gone_of(first, {met.begin(), met.begin() + static_cast<std::ptrdiff_t>(stored)});
  });
  release.gone = comm.all_reduce(static_cast<std::int64_t>(now.size()), parallel::Reduction::sum);
  std::vector<std::uint64_t> still; // gone before, and now
  for (auto i = stored; i < met.size(); ++i) {
    if (!met[i]) {
      still.push_back(first + i - size);
    }
  }
  ByteWriter out;
  for (const auto& gone : now) {
    for (const auto* text : {&gone.id, &gone.source, &gone.block, &gone.sha256}) {
      out.put(*text);
    }
    out.put(gone.release);
  }
  std::vector<GoneStructure> all;
  for (const auto i : comm.gather(std::span<const std::uint64_t>(still))) {
    all.push_back(before_.gone.at(i));
  }
  const auto bytes = comm.gather(out.bytes());
  for (ByteReader in(bytes); !in.empty();) {
    auto& gone = all.emplace_back();
    for (auto* text : {&gone.id, &gone.source, &gone.block, &gone.sha256}) {
      *text = in.get_text();
    }
    gone.release = in.get<std::int64_t>();
  }
  return all;
}

} // namespace ionsift::store
