// SPDX-License-Identifier: BSD-3-Clause
#include "archive_writer.hpp"

#include "ionsift/base/error.hpp"

#include "utf8_names.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <utility>

namespace ionsift::crystal {

struct ArchiveWriter::Handle {
  std::filesystem::path path;
  archive* stream = archive_write_new();
  archive_entry* entry = archive_entry_new();
  ~Handle() {
    archive_entry_free(entry);
    archive_write_free(stream);
  }
  Handle(std::filesystem::path where) : path(std::move(where)) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  void require(bool done) const {
    if (!done) {
      const char* text = archive_error_string(stream);
      throw Error(ErrorCode::io, fmt::format("{} cannot be written", path.string()),
                  text != nullptr ? text : "unknown reason", "Check permissions and the space on its disk.");
    }
  }
};

ArchiveWriter::ArchiveWriter(const std::filesystem::path& path, bool zip)
    : handle_(std::make_unique<Handle>(path)) {
  const Utf8Names names; // names that are converted later depend on this as well
  auto* stream = handle_->stream;
  handle_->require((zip ? archive_write_set_format_zip(stream)
                        : archive_write_set_format_pax_restricted(stream)) == ARCHIVE_OK);
  handle_->require(archive_write_set_options(stream, "hdrcharset=UTF-8") == ARCHIVE_OK);
  handle_->require(archive_write_open_filename(stream, path.c_str()) == ARCHIVE_OK);
}

ArchiveWriter::~ArchiveWriter() = default;

void ArchiveWriter::add(const std::string& name, std::string_view bytes) {
  const Utf8Names names;
  auto* entry = archive_entry_clear(handle_->entry);
  constexpr int readable = 0644;
  archive_entry_set_pathname_utf8(entry, name.c_str());
  archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, readable);
  archive_entry_set_mtime(entry, 0, 0);
  handle_->require(archive_write_header(handle_->stream, entry) == ARCHIVE_OK);
  handle_->require(archive_write_data(handle_->stream, bytes.data(), bytes.size()) ==
                   static_cast<la_ssize_t>(bytes.size()));
  handle_->require(archive_write_finish_entry(handle_->stream) == ARCHIVE_OK);
}

void ArchiveWriter::close() {
  handle_->require(archive_write_close(handle_->stream) == ARCHIVE_OK);
}

} // namespace ionsift::crystal
