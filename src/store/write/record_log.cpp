// SPDX-License-Identifier: BSD-3-Clause
#include "record_log.hpp"

#include "ionsift/base/checksum.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/parallel/together.hpp"

#include "format/record_bytes.hpp"
#include "format/same_options.hpp"

#include <fcntl.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace ionsift::store {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view magic = "ionsift-records-2\n";

/// The header before the bytes of an item. Its own checksum tells a torn end, and where items would begin
/// that are none.
struct Head {
  std::uint64_t length = 0, key = 0, checksum = 0, of_this = 0;
};

std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span<const char>(text.data(), text.size()));
}

std::uint64_t checksum_of(const Head& head) {
  return Checksum().add(head.length).add(head.key).add(head.checksum).value();
}

void put_item(ByteWriter& out, std::uint64_t key, std::span<const std::byte> item) {
  Head head{item.size(), key, checksum_of_bytes(item), 0};
  head.of_this = checksum_of(head);
  out.put(head);
  out.put_raw(item);
}

/// The head at `offset`; nothing where there is no whole item.
std::optional<Head> head_at(const RandomFile& file, std::uint64_t offset, std::uint64_t size) {
  Head head;
  if (size < offset + sizeof(head)) {
    return std::nullopt;
  }
  const auto bytes = file.read(offset, sizeof(head));
  std::memcpy(&head, bytes.data(), std::min(sizeof(head), bytes.size()));
  const bool whole = bytes.size() == sizeof(head) && head.of_this == checksum_of(head) &&
                     size - offset - sizeof(head) >= head.length;
  return whole ? std::optional(head) : std::nullopt;
}

/// The bytes of the item at `offset`; nothing where they are torn or damaged.
std::optional<std::string> item_at(const RandomFile& file, std::uint64_t offset, std::uint64_t size) {
  const auto head = head_at(file, offset, size);
  if (!head) {
    return std::nullopt;
  }
  auto item = file.read(offset + sizeof(Head), head->length);
  return checksum_of_bytes(as_bytes(item)) == head->checksum ? std::optional(std::move(item)) : std::nullopt;
}

/// "attempt-3.rank-0" -> 3
std::uint64_t attempt_of(const std::string& name) {
  const auto number = parse_integer(name.substr(8, name.find('.') - 8));
  return number && *number > 0 ? static_cast<std::uint64_t>(*number) : 0;
}

/// One record behind its length.
template <typename Put>
RecordPlace put_part(ByteWriter& out, const Put& put) {
  ByteWriter part;
  part.reserve(8192);
  put(part);
  out.put(std::uint64_t(part.size()));
  const RecordPlace place{out.size(), static_cast<std::uint32_t>(part.size()), 0};
  out.put_raw(part.bytes());
  return place;
}

/// Records of an item, and where they lie in it.
std::pair<EntryRecords, EntryPlaces> parts_of(const std::string& item) {
  EntryRecords records;
  EntryPlaces places;
  ByteReader in(as_bytes(item));
  const auto part = [&](std::vector<RecordPlace>& to, const auto& get) {
    const auto length = in.get<std::uint64_t>();
    to.push_back({item.size() - in.size(), static_cast<std::uint32_t>(length), 0});
    get();
  };
  for (auto n = in.get<std::uint64_t>(); n > 0; --n) {
    part(places.structures, [&] { records.structures.push_back(get_finished(in)); });
  }
  for (auto n = in.get<std::uint64_t>(); n > 0; --n) {
    part(places.failures, [&] { get_record(in, records.failures.emplace_back()); });
  }
  return {std::move(records), std::move(places)};
}

void move_places(EntryPlaces& places, std::uint64_t by, std::uint32_t file) {
  for (auto* list : {&places.structures, &places.failures}) {
    for (auto& place : *list) {
      place.offset += by;
      place.file = file;
    }
  }
}

} // namespace

RecordLog::RecordLog(const parallel::Communicator& comm, fs::path folder, std::vector<std::string> options,
                     bool discard)
    : comm_(comm), folder_(std::move(folder)), options_(std::move(options)) {
  std::string names;
  parallel::on_root(comm_, [&] {
    if (!fs::is_directory(folder_)) {
      return;
    }
    for (const auto& entry : fs::directory_iterator(folder_)) {
      const auto name = entry.path().filename().string();
      if (name.starts_with("attempt-")) {
        files_.push_back(name);
      }
    }
    std::sort(files_.begin(), files_.end());
    names = fmt::format("{}", fmt::join(files_, "\n"));
  });
  names = comm_.broadcast(names);
  files_ = names.empty() ? std::vector<std::string>() : split(names, '\n');
  opened_.resize(files_.size());
  for (const auto& name : files_) {
    attempt_ = std::max(attempt_, attempt_of(name));
  }
  ++attempt_;

  std::vector<Left> mine;
  std::uint64_t refused = 0;
  parallel::together(comm_, [&] {
    for (auto file = static_cast<std::uint64_t>(comm_.rank()); file < files_.size();
         file += static_cast<std::uint64_t>(comm_.size())) {
      try {
        scan(file, mine);
      } catch (const Error& error) {
        if (error.code() != ErrorCode::conflict || !discard) {
          throw;
        }
        ++refused;
      }
    }
  });
  if (comm_.all_reduce(refused, parallel::Reduction::sum) > 0) {
    mine.clear();
    remove();
    files_.clear();
    opened_.clear();
  }
  left_ = KeyTable<Left>(comm_, folder_ / "keys-of-records", std::move(mine));
}

RecordLog::~RecordLog() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

const RandomFile& RecordLog::open(std::uint64_t file) {
  auto& held = opened_.at(file);
  if (!held) {
    held.emplace(folder_ / files_.at(file));
  }
  return *held;
}

void RecordLog::scan(std::uint64_t file, std::vector<Left>& left) {
  const auto& opened = open(file);
  const auto size = opened.size();
  if (opened.read(0, magic.size()) != magic) {
    return; // killed while it was begun, or of another version
  }
  const auto header = item_at(opened, magic.size(), size);
  if (!header) {
    return;
  }
  require_same_options(split(*header, '\n'), options_,
                       fmt::format("the unfinished run in {}", folder_.string()));
  std::uint64_t offset = magic.size() + sizeof(Head) + header->size();
  while (const auto head = head_at(opened, offset, size)) {
    left.push_back({head->key, file, offset, sizeof(Head) + head->length});
    offset += sizeof(Head) + head->length;
  }
}

std::optional<RecordLog::Left> RecordLog::find(std::uint64_t key) const {
  const auto found = left_.find(key);
  return found.empty() ? std::nullopt : std::optional(found.front());
}

std::optional<std::pair<EntryRecords, EntryPlaces>> RecordLog::read(const Left& left) {
  try {
    const auto item = item_at(open(left.file), left.offset, left.offset + left.length);
    if (!item) {
      log::warning("an entry that an interrupted run left in {} is damaged and computed again",
                   (folder_ / files_.at(left.file)).string());
      return std::nullopt;
    }
    auto parts = parts_of(*item);
    move_places(parts.second, left.offset + sizeof(Head), static_cast<std::uint32_t>(left.file + 1));
    return parts;
  } catch (const Error& error) {
    log::warning("{} and is computed again", error.what());
    return std::nullopt;
  }
}

EntryPlaces RecordLog::add(std::uint64_t key, const EntryRecords& records) {
  ByteWriter item;
  item.reserve(16384); // most entries need less
  EntryPlaces places;
  item.put(std::uint64_t(records.structures.size()));
  for (const auto& record : records.structures) {
    places.structures.push_back(put_part(item, [&](ByteWriter& out) { put_finished(out, record); }));
  }
  item.put(std::uint64_t(records.failures.size()));
  for (const auto& record : records.failures) {
    places.failures.push_back(put_part(item, [&](ByteWriter& out) { put_record(out, record); }));
  }
  if (flushed_ + added_.size() == 0) {
    added_.put_raw(as_bytes(magic));
    put_item(added_, 0, as_bytes(fmt::format("{}", fmt::join(options_, "\n"))));
  }
  move_places(places, flushed_ + added_.size() + sizeof(Head), 0);
  put_item(added_, key, item.bytes());
  return places;
}

fs::path RecordLog::own_path() const {
  return folder_ / fmt::format("attempt-{}.rank-{}", attempt_, comm_.rank());
}

void RecordLog::flush() {
  const auto bytes = added_.take();
  if (bytes.empty()) {
    return;
  }
  const auto path = own_path();
  if (descriptor_ < 0) {
    make_folder(folder_);
    descriptor_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  }
  for (std::size_t written = 0; written < bytes.size();) {
    const auto n = descriptor_ < 0 ? -1 : write(descriptor_, bytes.data() + written, bytes.size() - written);
    IONSIFT_VALIDATE(n > 0 || errno == EINTR, io, fmt::format("cannot write {}", path.string()),
                     std::strerror(errno), "Check free space and permissions.");
    written += n > 0 ? static_cast<std::size_t>(n) : 0;
  }
  flushed_ += bytes.size();
}

std::string RecordLog::record(const RecordPlace& place) {
  std::string bytes;
  if (place.file == 0 && place.offset >= flushed_) {
    const auto part = added_.bytes().subspan(place.offset - flushed_, place.length);
    return {reinterpret_cast<const char*>(part.data()), part.size()};
  }
  if (place.file == 0 && !own_) {
    own_.emplace(own_path());
  }
  bytes = (place.file == 0 ? *own_ : open(place.file - 1)).read(place.offset, place.length);
  IONSIFT_VALIDATE(bytes.size() == place.length, data,
                   fmt::format("a record is missing in {}", folder_.string()), "the file ends before it",
                   "Check the disk, and start the run again.");
  return bytes;
}

void RecordLog::remove() {
  if (descriptor_ >= 0) {
    close(descriptor_);
    descriptor_ = -1;
  }
  comm_.barrier();
  parallel::on_root(comm_, [&] {
    std::error_code failed;
    fs::remove_all(folder_, failed);
    if (failed) {
      log::warning("cannot remove {}: {}", folder_.string(), failed.message());
    }
  });
}

} // namespace ionsift::store
