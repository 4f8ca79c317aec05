#include "archive.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <array>

namespace ionsift::crystal {

namespace {

/// No structure is that long; a compressed file of zeros may be.
constexpr std::size_t largest_member = std::size_t{1} << 30;
constexpr std::size_t block_size = std::size_t{1} << 18;

} // namespace

struct ArchiveReader::Handle {
  archive* stream = archive_read_new();
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

ArchiveReader::ArchiveReader(const std::filesystem::path& path, bool compressed_file)
    : handle_(std::make_unique<Handle>()), name_(path.filename().string()) {
  archive_read_support_filter_all(handle_->stream);
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

ArchiveReader::ArchiveReader(std::string_view bytes, std::string name)
    : handle_(std::make_unique<Handle>()), name_(std::move(name)) {
  archive_read_support_filter_all(handle_->stream);
  archive_read_support_format_raw(handle_->stream);
  if (archive_read_open_memory(handle_->stream, bytes.data(), bytes.size()) != ARCHIVE_OK) {
    throw handle_->error(name_);
  }
}

ArchiveReader::~ArchiveReader() = default;

std::optional<std::string> ArchiveReader::next() {
  archive_entry* entry = nullptr;
  while (true) {
    const int status = archive_read_next_header(handle_->stream, &entry);
    if (status == ARCHIVE_EOF) {
      return std::nullopt;
    }
    // A warning is about metadata such as the character set of a name.
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
      throw handle_->error(name_);
    }
    const char* path = archive_entry_pathname(entry);
    if (archive_entry_filetype(entry) == AE_IFREG && path != nullptr) {
      std::string member(path);
      while (member.starts_with("./")) {
        member.erase(0, 2);
      }
      return member;
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
      return bytes;
    }
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
    IONSIFT_VALIDATE(bytes.size() <= largest_member, limit,
                     fmt::format("{} holds a file of more than 1 GiB", name_), "files are read whole",
                     "Split the file.");
  }
}

std::string decompress(std::string_view bytes, const std::string& name) {
  ArchiveReader reader(bytes, name);
  return reader.next() ? reader.read() : "";
}

} // namespace ionsift::crystal
