// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/append_log.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/base/checksum.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <limits>
#include <span>

namespace ionsift {

namespace fs = std::filesystem;

namespace {

// ["00000002 0000000000000007 CHECKSUM........ OF.THESE",{}]
constexpr std::size_t frame_size = 55;
constexpr std::string_view record_end = "]\n";

std::uint64_t sum_of(std::string_view text) {
  return checksum_of_bytes(std::as_bytes(std::span<const char>(text.data(), text.size())));
}

std::string frame_of(std::uint64_t length, std::uint64_t key, std::uint64_t checksum) {
  const auto numbers = fmt::format("{:08x} {:016x} {:016x}", length, key, checksum);
  return fmt::format("[\"{} {:08x}\",", numbers, static_cast<std::uint32_t>(sum_of(numbers)));
}

struct Frame {
  std::uint64_t length = 0, key = 0, checksum = 0;
};

/// Nothing where the bytes are not a frame.
std::optional<Frame> parse_frame(std::string_view bytes) {
  Frame frame;
  const auto number = [&](std::size_t first, std::size_t digits, std::uint64_t& value) {
    const auto* const end = bytes.data() + first + digits;
    return std::from_chars(bytes.data() + first, end, value, 16).ptr == end;
  };
  const bool whole = bytes.size() == frame_size && number(2, 8, frame.length) && number(11, 16, frame.key) &&
                     number(28, 16, frame.checksum) &&
                     bytes == frame_of(frame.length, frame.key, frame.checksum);
  return whole ? std::optional(frame) : std::nullopt;
}

/// The record at `offset`; nothing where none is whole.
std::optional<LogPlace> place_at(const RandomFile& file, std::uint64_t offset, std::uint64_t size) {
  const auto frame = parse_frame(file.read(offset, frame_size));
  const auto content = offset + frame_size;
  if (!frame || size < content + record_end.size() || size - content - record_end.size() < frame->length) {
    return std::nullopt;
  }
  return LogPlace{frame->key, content, frame->length};
}

} // namespace

LogContents scan_log(const RandomFile& file) {
  LogContents contents;
  const auto size = file.size();
  auto next = place_at(file, 0, size);
  if (!next) { // a header is one line
    constexpr std::size_t longest_header = 1 << 20;
    contents.begun = file.read(0, longest_header).find('\n') != std::string::npos;
    return contents;
  }
  contents.begun = true;
  contents.header = read_log(file, *next);
  while (contents.header && next) {
    contents.places.push_back(*next);
    next = place_at(file, next->end(), size);
  }
  return contents;
}

std::optional<std::string> read_log(const RandomFile& file, const LogPlace& place) {
  auto bytes = file.read(place.offset - frame_size, frame_size + place.length + record_end.size());
  if (bytes.size() != frame_size + place.length + record_end.size()) {
    return std::nullopt;
  }
  const auto frame = parse_frame(std::string_view(bytes).substr(0, frame_size));
  auto content = bytes.substr(frame_size, place.length);
  const bool whole = frame && frame->length == place.length && bytes.ends_with(record_end) &&
                     sum_of(content) == frame->checksum;
  return whole ? std::optional(std::move(content)) : std::nullopt;
}

AppendLog::AppendLog(fs::path path, std::string header) : path_(std::move(path)), header_(std::move(header)) {
}

AppendLog::AppendLog(fs::path path, std::uint64_t end) : path_(std::move(path)), flushed_(end) {
  std::error_code error;
  fs::resize_file(path_, end, error);
  IONSIFT_VALIDATE(!error, io, fmt::format("the damaged end of {} cannot be removed", path_.string()),
                   error.message(), "Check its permissions.");
  open(O_APPEND);
}

void AppendLog::open(int flags) {
  const int descriptor = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC | flags, 0666);
  IONSIFT_VALIDATE(descriptor >= 0, io, fmt::format("cannot write {}", path_.string()), std::strerror(errno),
                   "Check free space and permissions, and start the run again.");
  descriptor_ = {new int(descriptor), [](const int* held) {
                   ::close(*held);
                   delete held;
                 }};
}

void AppendLog::put(std::uint64_t key, std::string_view content) {
  IONSIFT_ASSERT(content.size() <= std::numeric_limits<std::uint32_t>::max(),
                 fmt::format("a record of {} bytes for {}, more than 4 GiB", content.size(), path_.string()));
  added_ += frame_of(content.size(), key, sum_of(content));
  added_ += content;
  added_ += record_end;
}

LogPlace AppendLog::add(std::uint64_t key, std::string_view content) {
  if (flushed_ + added_.size() == 0) {
    put(0, header_);
  }
  const auto begin = flushed_ + added_.size();
  put(key, content);
  return {key, begin + frame_size, content.size()};
}

void AppendLog::flush() {
  if (!descriptor_) {
    if (added_.empty()) {
      put(0, header_);
    }
    open(O_CREAT | O_TRUNC);
  }
  for (std::size_t written = 0; written < added_.size();) {
    const auto n = write(*descriptor_, added_.data() + written, added_.size() - written);
    IONSIFT_VALIDATE(n > 0 || errno == EINTR, io, fmt::format("cannot write {}", path_.string()),
                     std::strerror(errno), "Check free space and permissions, and start the run again.");
    written += n > 0 ? static_cast<std::size_t>(n) : 0;
  }
  flushed_ += added_.size();
  added_.clear();
}

std::string AppendLog::read(std::uint64_t offset, std::size_t length) {
  if (offset >= flushed_) {
    return added_.substr(offset - flushed_, length);
  }
  if (!reader_) {
    reader_.emplace(path_);
  }
  return reader_->read(offset, length);
}

void AppendLog::close() {
  descriptor_.reset();
  reader_.reset();
}

void remove_logs(const fs::path& folder) {
  std::error_code failed;
  fs::remove_all(folder, failed);
  if (failed) {
    log::warning("cannot remove {}: {}", folder.string(), failed.message());
  }
}

} // namespace ionsift
