// SPDX-License-Identifier: BSD-3-Clause
#include "archive.hpp"

#include "ionsift/base/mapped_file.hpp"

#include "utf8_names.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <optional>
#include <utility>

namespace ionsift::crystal {

namespace {

constexpr std::size_t block_size = std::size_t{1} << 18;
/// CIFs shrink to a tenth, or in long windows of zstd and xz to a hundredth; zeros to a millionth.
constexpr std::int64_t largest_ratio = 1000;
/// The ratio is checked only after this many bytes.
constexpr std::int64_t always_allowed = std::int64_t{1} << 30;

/// Not all of libarchive's: for lrzip, grzip and lzop it would start the program of that name.
void support_filters(archive* stream) {
  archive_read_support_filter_gzip(stream);
  archive_read_support_filter_bzip2(stream);
  archive_read_support_filter_xz(stream);
  archive_read_support_filter_lzma(stream);
  archive_read_support_filter_zstd(stream);
  archive_read_support_filter_lz4(stream);
  archive_read_support_filter_compress(stream);
}

/// A zip read as a stream ends where its directory begins. libarchive looks some bytes ahead.
std::string beginning_of_directory() {
  constexpr std::size_t looked_at = 64;
  std::string bytes = "PK\1\2";
  bytes.resize(looked_at, '\0');
  return bytes;
}

} // namespace

struct ArchiveReader::Handle {
  /// A byte range of a file, and the bytes that a stream must end with.
  struct Piece {
    RandomFile file;
    std::uint64_t place, end;
    std::string ending;
    std::string block = {};
  };

  archive* stream = archive_read_new();
  std::optional<Piece> piece;
  ~Handle() { archive_read_free(stream); }
  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  Error error(const std::string& name) const {
    const char* text = archive_error_string(stream);
    return {ErrorCode::format, fmt::format("{} cannot be read as an archive", name),
            text != nullptr ? text : "unknown reason", "Check that the file is complete; download it again."};
  }
};

ArchiveReader::ArchiveReader(const std::filesystem::path& path, bool compressed_file, std::size_t max_bytes)
    : handle_(std::make_unique<Handle>()), name_(path.filename().string()), max_bytes_(max_bytes) {
  support_filters(handle_->stream);
  if (compressed_file) {
    archive_read_support_format_raw(handle_->stream);
  } else {
    archive_read_support_format_tar(handle_->stream);
    archive_read_support_format_gnutar(handle_->stream);
    archive_read_support_format_zip(handle_->stream);
    archive_read_support_format_empty(handle_->stream);
  }
  if (archive_read_open_filename(handle_->stream, path.c_str(), block_size) != ARCHIVE_OK) {
    throw handle_->error(name_);
  }
}

ArchiveReader::ArchiveReader(const std::filesystem::path& path, const MemberRun& run, std::size_t max_bytes)
    : handle_(std::make_unique<Handle>()), name_(path.filename().string()), max_bytes_(max_bytes) {
  const RandomFile file(path);
  const bool is_zip = file.read(run.offset, 2) == "PK";
  handle_->piece.emplace(
      Handle::Piece{file, run.offset, run.offset + run.length, is_zip ? beginning_of_directory() : ""});
  if (is_zip) {
    archive_read_support_format_zip_streamable(handle_->stream);
  } else {
    archive_read_support_format_tar(handle_->stream);
    archive_read_support_format_gnutar(handle_->stream);
  }
  const auto read = [](archive* stream, void* data, const void** buffer) -> la_ssize_t {
    auto& piece = *static_cast<Handle::Piece*>(data);
    try {
      piece.block =
          piece.file.read(piece.place, std::min<std::uint64_t>(block_size, piece.end - piece.place));
    } catch (const std::exception& error) {
      archive_set_error(stream, EIO, "%s", error.what());
      return -1;
    }
    piece.place += piece.block.size();
    if (piece.block.empty()) {
      piece.block = std::exchange(piece.ending, {});
    }
    *buffer = piece.block.data();
    return static_cast<la_ssize_t>(piece.block.size());
  };
  if (archive_read_open(handle_->stream, &*handle_->piece, nullptr, read, nullptr) != ARCHIVE_OK) {
    throw handle_->error(name_);
  }
}

ArchiveReader::ArchiveReader(std::string_view bytes, std::string name, std::size_t max_bytes)
    : handle_(std::make_unique<Handle>()), name_(std::move(name)), max_bytes_(max_bytes) {
  support_filters(handle_->stream);
  archive_read_support_format_raw(handle_->stream);
  if (archive_read_open_memory(handle_->stream, bytes.data(), bytes.size()) != ARCHIVE_OK) {
    throw handle_->error(name_);
  }
}

ArchiveReader::~ArchiveReader() = default;

void ArchiveReader::validate_ratio() const {
  const std::int64_t packed = archive_filter_bytes(handle_->stream, -1);
  const std::int64_t unpacked = archive_filter_bytes(handle_->stream, 0);
  IONSIFT_VALIDATE(unpacked <= always_allowed || unpacked / largest_ratio <= packed, limit,
                   fmt::format("{} unpacks to {} bytes from {}", name_, unpacked, packed),
                   fmt::format("structures do not shrink to less than 1/{}", largest_ratio),
                   "Check where the file comes from.");
}

/// Skips a member in steps; libarchive would skip it at once, however much a compressed stream unpacks to.
void ArchiveReader::skip_rest() {
  const bool compressed = archive_filter_count(handle_->stream) > 1;
  const void* block = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  while (inside_ && compressed) {
    const int status = archive_read_data_block(handle_->stream, &block, &size, &offset);
    if (status == ARCHIVE_EOF) {
      break;
    }
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
      throw handle_->error(name_);
    }
    validate_ratio();
  }
  inside_ = false;
}

std::optional<ArchiveMember> ArchiveReader::next() {
  const Utf8Names names;
  archive_entry* entry = nullptr;
  while (true) {
    skip_rest();
    const int status = archive_read_next_header(handle_->stream, &entry);
    if (status == ARCHIVE_EOF) {
      return std::nullopt;
    }
    // A warning is about metadata such as the character set of a name.
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
      throw handle_->error(name_);
    }
    validate_ratio();
    inside_ = true;
    const char* path = archive_entry_pathname(entry);
    const char* hard = archive_entry_hardlink(entry);
    const char* soft = archive_entry_symlink(entry);
    const char* link = hard != nullptr ? hard : soft;
    const bool is_file = archive_entry_filetype(entry) == AE_IFREG;
    if (is_file || link != nullptr) {
      // An undecodable name: the member counts, and is skipped as a file of unknown kind.
      std::string member(path != nullptr ? path : "member without a readable name");
      while (member.starts_with("./")) {
        member.erase(0, 2);
      }
      return ArchiveMember{std::move(member), link == nullptr ? "" : link};
    }
  }
}

std::string ArchiveReader::read() {
  std::string bytes;
  std::array<char, 65536> buffer;
  while (true) {
    const la_ssize_t count = archive_read_data(handle_->stream, buffer.data(), buffer.size());
    if (count < 0) {
      throw handle_->error(name_);
    }
    if (count == 0) {
      inside_ = false;
      return bytes;
    }
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
    IONSIFT_VALIDATE(bytes.size() <= max_bytes_, limit,
                     fmt::format("{} holds a file of more than {} bytes", name_, max_bytes_),
                     "files are read whole", "Split the file, or leave it out.");
  }
}

std::string decompress(std::string_view bytes, const std::string& name, std::size_t max_bytes) {
  ArchiveReader reader(bytes, name, max_bytes);
  return reader.next() ? reader.read() : "";
}

} // namespace ionsift::crystal
