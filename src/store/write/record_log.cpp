// SPDX-License-Identifier: BSD-3-Clause
#include "record_log.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/text.hpp"

#include "format/bytes.hpp"
#include "format/record_bytes.hpp"
#include "format/same_options.hpp"

#include <fmt/ranges.h>

#include <span>

namespace ionsift::store {

namespace fs = std::filesystem;

namespace {

std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span<const char>(text.data(), text.size()));
}

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
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

/// A file whose header is damaged or of another version costs its own entries alone.
parallel::LogUse judge(const fs::path& file, const std::optional<std::string>& header,
                       const std::vector<std::string>& options, bool discard) {
  if (!header) {
    log::warning("{} is damaged, or of another version of the program; its entries are computed again",
                 file.string());
    return parallel::LogUse::skip;
  }
  try {
    require_same_options(split(*header, '\n'), options,
                         fmt::format("the unfinished run in {}", file.parent_path().string()));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::conflict || !discard) {
      throw;
    }
    return parallel::LogUse::drop_all;
  }
  return parallel::LogUse::use;
}

} // namespace

RecordLog::RecordLog(const parallel::Communicator& comm, fs::path folder,
                     const std::vector<std::string>& options, bool discard)
    : logs_(comm, std::move(folder), fmt::format("{}", fmt::join(options, "\n")),
            [&](const auto& file, const auto& header) { return judge(file, header, options, discard); }),
      left_(comm, logs_.folder() / "keys-of-records", logs_.found()) {
}

std::optional<RecordLog::Left> RecordLog::find(std::uint64_t key) const {
  const auto found = left_.find(key);
  return found.empty() ? std::nullopt : std::optional(found.front());
}

std::optional<std::pair<EntryRecords, EntryPlaces>> RecordLog::read(const Left& left) {
  try {
    const auto item = logs_.read(left);
    if (!item) {
      return std::nullopt;
    }
    auto parts = parts_of(*item);
    move_places(parts.second, left.offset, static_cast<std::uint32_t>(left.file + 1));
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
  move_places(places, logs_.own().add(key, as_text(item.bytes())).offset, 0);
  return places;
}

std::string RecordLog::record(const RecordPlace& place) {
  auto bytes = place.file == 0 ? logs_.own().read(place.offset, place.length)
                               : logs_.read(place.file - 1, place.offset, place.length);
  IONSIFT_VALIDATE(bytes.size() == place.length, data,
                   fmt::format("a record is missing in {}", folder().string()), "the file ends before it",
                   "Check the disk, and start the run again.");
  return bytes;
}

} // namespace ionsift::store
