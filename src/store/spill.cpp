#include "spill.hpp"

#include "ionsift/base/checksum.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/parallel/together.hpp"

#include "content_options.hpp"
#include "record_bytes.hpp"

#include <fcntl.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace ionsift::store {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view magic = "ionsift-spill-1\n";

/// What stands before the bytes of an item.
struct Head {
  std::uint64_t length = 0;
  std::uint64_t checksum = 0;
};

std::span<const std::byte> as_bytes(std::string_view text) {
  return std::as_bytes(std::span<const char>(text.data(), text.size()));
}

/// The item at `offset`, which is moved behind it; nothing where it is torn or damaged.
std::optional<std::string_view> take_item(std::string_view bytes, std::uint64_t& offset) {
  Head head;
  if (bytes.size() < offset + sizeof(head)) {
    return std::nullopt;
  }
  std::memcpy(&head, bytes.data() + offset, sizeof(head));
  const auto rest = bytes.substr(offset + sizeof(head));
  if (rest.size() < head.length) {
    return std::nullopt;
  }
  const auto item = rest.substr(0, head.length);
  if (checksum_of_bytes(as_bytes(item)) != head.checksum) {
    return std::nullopt;
  }
  offset += sizeof(head) + head.length;
  return item;
}

void put_item(ByteWriter& out, std::span<const std::byte> item) {
  out.put(Head{item.size(), checksum_of_bytes(item)});
  out.put_raw(item);
}

/// "attempt-3.rank-0" -> 3
std::uint64_t attempt_of(const std::string& name) {
  const auto number = parse_integer(name.substr(8, name.find('.') - 8));
  return number && *number > 0 ? static_cast<std::uint64_t>(*number) : 0;
}

} // namespace

Spill::Spill(const parallel::Communicator& comm, fs::path folder, std::vector<std::string> options,
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
  for (const auto& name : files_) {
    attempt_ = std::max(attempt_, attempt_of(name));
  }
  ++attempt_;

  std::vector<Place> mine;
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
  }
  places_ = comm_.all_gather(std::span<const Place>(mine));
  std::sort(places_.begin(), places_.end(), [](const Place& a, const Place& b) {
    return std::tuple(a.key, a.file, a.offset) < std::tuple(b.key, b.file, b.offset);
  });
}

fs::path Spill::path_of(std::uint64_t file) const {
  return folder_ / files_.at(file);
}

void Spill::scan(std::uint64_t file, std::vector<Place>& places) const {
  const std::string text = read_file(path_of(file));
  if (!std::string_view(text).starts_with(magic)) {
    return; // killed while it was begun
  }
  std::uint64_t offset = magic.size();
  const auto header = take_item(text, offset);
  if (!header) {
    return;
  }
  require_same_options(split(*header, '\n'), options_,
                       fmt::format("the unfinished run in {}", folder_.string()));
  while (true) {
    const std::uint64_t begin = offset;
    const auto item = take_item(text, offset);
    if (!item) {
      return;
    }
    ByteReader in(as_bytes(*item));
    places.push_back({in.get<std::uint64_t>(), file, begin, offset - begin});
  }
}

std::optional<Spill::Place> Spill::find(std::uint64_t key) const {
  const auto found = std::lower_bound(places_.begin(), places_.end(), key,
                                      [](const Place& place, std::uint64_t k) { return place.key < k; });
  return found != places_.end() && found->key == key ? std::optional(*found) : std::nullopt;
}

std::optional<Spill::Records> Spill::read(const Place& place) {
  try {
    if (open_file_ != place.file + 1) {
      bytes_ = read_file(path_of(place.file));
      open_file_ = place.file + 1;
    }
    std::uint64_t offset = place.offset;
    const auto item = take_item(bytes_, offset);
    if (!item) {
      return std::nullopt;
    }
    ByteReader in(as_bytes(*item));
    in.get<std::uint64_t>();
    Records records;
    records.structures.resize(in.get<std::uint64_t>());
    for (auto& record : records.structures) {
      get_record(in, record);
    }
    records.failures.resize(in.get<std::uint64_t>());
    for (auto& record : records.failures) {
      get_record(in, record);
    }
    return records;
  } catch (const Error& error) {
    log::warning("{} and is computed anew", error.what());
    return std::nullopt;
  }
}

void Spill::add(std::uint64_t key, std::span<const StructureRecord> structures,
                std::span<const FailureRecord> failures) {
  ByteWriter item;
  item.reserve(16384); // most entries need less
  item.put(key);
  item.put(std::uint64_t(structures.size()));
  for (const auto& record : structures) {
    put_record(item, record);
  }
  item.put(std::uint64_t(failures.size()));
  for (const auto& record : failures) {
    put_record(item, record);
  }
  put_item(added_, item.bytes());
}

void Spill::flush() {
  auto bytes = added_.take();
  if (bytes.empty()) {
    return;
  }
  const auto path = folder_ / fmt::format("attempt-{}.rank-{}", attempt_, comm_.rank());
  if (descriptor_ < 0) {
    make_folder(folder_);
    descriptor_ = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    ByteWriter head;
    head.reserve(4096 + bytes.size());
    head.put_raw(as_bytes(magic));
    put_item(head, as_bytes(fmt::format("{}", fmt::join(options_, "\n"))));
    head.put_raw(bytes);
    bytes = head.take();
  }
  for (std::size_t written = 0; written < bytes.size();) {
    const auto n = descriptor_ < 0 ? -1 : write(descriptor_, bytes.data() + written, bytes.size() - written);
    IONSIFT_VALIDATE(n > 0 || errno == EINTR, io, fmt::format("cannot write {}", path.string()),
                     std::strerror(errno), "Check free space and permissions.");
    written += n > 0 ? static_cast<std::size_t>(n) : 0;
  }
}

void Spill::remove() {
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
