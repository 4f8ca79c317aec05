#include "past.hpp"

#include "ionsift/base/checksum.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/parallel/together.hpp"

#include "checked_records.hpp"
#include "content_options.hpp"
#include "entry_worker.hpp"

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

Past::Past(const parallel::Communicator& comm, const std::filesystem::path& store, const Provenance& now) {
  parallel::together(comm, [&] {
    try {
      reader_.emplace(store, Checking::none);
      IONSIFT_VALIDATE(reader_->provenance().schema == schema_version, conflict,
                       fmt::format("{} has schema {}", store.string(), reader_->provenance().schema),
                       fmt::format("this program writes schema {}", schema_version), "Make it anew.");
      require_same_options(reader_->provenance().options, now.options, store.string());
      before_ = reader_->history();
      release_ = static_cast<std::int64_t>(before_.releases.size());
      if (comm.is_root()) {
        require_lists_intact(*reader_);
        read_keys();
      }
    } catch (const Error& error) {
      throw Error(error.code(),
                  fmt::format("{} cannot be brought up to date: {}", store.string(), error.problem()),
                  error.why(),
                  "Give the options it was made with or another name, or say --overwrite to make it anew.");
    }
  });
  entries_ = comm.broadcast(std::move(entries_));
  structures_ = comm.broadcast(std::move(structures_));
}

void Past::read_keys() {
  std::vector<std::uint64_t> failed;
  for (const auto index : reader_->file().dataset("failures/index").read<std::int64_t>()) {
    failed.push_back(EntryWorker::number_of(static_cast<std::uint64_t>(index)));
  }
  std::sort(failed.begin(), failed.end());
  constexpr std::uint64_t at_once = 65536;
  for (std::uint64_t first = 0; first < reader_->size(); first += at_once) {
    add_rows(first, std::min(at_once, reader_->size() - first), failed);
  }
  for (std::size_t i = 0; i < before_.gone.size(); ++i) {
    const auto& gone = before_.gone[i];
    structures_.push_back({name_key(gone.id, gone.block), 0, reader_->size() + i, gone.release});
  }
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.key < b.key; });
  std::sort(structures_.begin(), structures_.end(), [](const Structure& a, const Structure& b) {
    return std::pair(a.name, a.row) < std::pair(b.name, b.row);
  });
  met_.assign(reader_->size() + before_.gone.size(), false);
}

void Past::add_rows(std::uint64_t first, std::uint64_t count, const std::vector<std::uint64_t>& failed) {
  const auto& file = reader_->file();
  const auto index = file.dataset("structures/index").read_rows<std::int64_t>(first, count);
  const auto key = file.dataset("structures/entry").read_rows<std::uint64_t>(first, count);
  const auto release = file.dataset("structures/release").read_rows<std::int64_t>(first, count);
  const auto id = file.dataset("structures/id").read_text_rows(first, count);
  const auto block = file.dataset("structures/block").read_text_rows(first, count);
  const auto sha256 = file.dataset("structures/sha256").read_text_rows(first, count);
  for (std::size_t i = 0; i < count; ++i) {
    structures_.push_back({name_key(id[i], block[i]), content_key(sha256[i]), first + i, release[i]});
    const auto position = static_cast<std::uint64_t>(index[i]);
    const auto number = EntryWorker::number_of(position);
    if (std::binary_search(failed.begin(), failed.end(), number)) {
      continue;
    }
    const auto in_entry = position - EntryWorker::first_index(number);
    if (in_entry == 0) {
      entries_.push_back({key[i], first + i, 1});
    } else if (!entries_.empty() && entries_.back().key == key[i] && entries_.back().count == in_entry &&
               entries_.back().first + in_entry == first + i) {
      ++entries_.back().count;
    }
  }
}

std::optional<Past::Entry> Past::find(std::uint64_t key) const {
  const auto found = std::lower_bound(entries_.begin(), entries_.end(), key,
                                      [](const Entry& entry, std::uint64_t k) { return entry.key < k; });
  return found != entries_.end() && found->key == key ? std::optional(*found) : std::nullopt;
}

std::vector<std::optional<StructureRecord>> Past::read(std::uint64_t first, std::uint64_t count) const {
  std::vector<std::optional<StructureRecord>> whole(count);
  try {
    auto checked = read_checked(*reader_, first, count);
    for (std::size_t i = 0; i < count; ++i) {
      if (checked[i].damage.empty()) {
        whole[i] = std::move(checked[i].record);
      } else {
        log::warning("{} in the store before is damaged and computed anew: {}", checked[i].record.crystal.id,
                     checked[i].damage);
      }
    }
  } catch (const Error& error) {
    log::warning("structures {} to {} of the store before cannot be read and are computed anew: {}", first,
                 first + count, error.what());
  }
  return whole;
}

void Past::classify(std::vector<StructureRecord>& records) {
  for (auto& record : records) {
    record.release = release_;
    const auto name = name_key(record.crystal.id, record.crystal.block);
    const auto content = content_key(record.crystal.sha256);
    bool there = false;
    bool same = false;
    for (auto i = std::lower_bound(structures_.begin(), structures_.end(), name,
                                   [](const Structure&s, std::uint64_t n) { return s.name < n; });
         i != structures_.end() && i->name == name; ++i) {
      seen_.push_back(i->row);
      there = there || i->content != 0;
      if (i->content == content) {
        same = true;
        record.release = std::min(record.release, i->release);
      }
    }
    ++(same ? unchanged_ : there ? changed_ : added_);
  }
}

void Past::gather_seen(const parallel::Communicator& comm) {
  if (!exists()) {
    return;
  }
  for (const auto row : comm.gather(std::span<const std::uint64_t>(seen_))) {
    met_.at(row) = true;
  }
  seen_.clear();
}

std::vector<GoneStructure> Past::gone() const {
  std::vector<GoneStructure> gone;
  for (std::size_t i = 0; i < before_.gone.size(); ++i) {
    if (!met_.at(reader_->size() + i)) {
      gone.push_back(before_.gone[i]);
    }
  }
  constexpr std::uint64_t at_once = 65536;
  for (std::uint64_t first = 0; first < reader_->size(); first += at_once) {
    const auto count = std::min(at_once, reader_->size() - first);
    const auto rows = met_.begin() + static_cast<std::ptrdiff_t>(first);
    if (std::find(rows, rows + static_cast<std::ptrdiff_t>(count), false) ==
        rows + static_cast<std::ptrdiff_t>(count)) {
      continue;
    }
    const auto facts = reader_->facts(first, count);
    for (std::size_t i = 0; i < count; ++i) {
      if (!met_[first + i]) {
        gone.push_back({facts.id[i], facts.source[i], facts.block[i], facts.sha256[i], release_ - 1});
      }
    }
  }
  return gone;
}

History Past::history(const parallel::Communicator& comm, Release& release) const {
  release.added = comm.all_reduce(added_, parallel::Reduction::sum);
  release.changed = comm.all_reduce(changed_, parallel::Reduction::sum);
  release.unchanged = comm.all_reduce(unchanged_, parallel::Reduction::sum);
  History history = before_;
  parallel::on_root(comm, [&] {
    if (exists()) {
      history.gone = gone();
      release.gone =
          std::count(met_.begin(), met_.begin() + static_cast<std::ptrdiff_t>(reader_->size()), false);
    }
  });
  release.gone = comm.all_reduce(release.gone, parallel::Reduction::max);
  const bool same = !history.releases.empty() && history.releases.back().name == release.name &&
                    history.releases.back().entries == release.entries &&
                    history.releases.back().failures == release.failures;
  if (!same || release.added + release.changed + release.gone > 0) {
    history.releases.push_back(release);
  }
  return history;
}

} // namespace ionsift::store
