// SPDX-License-Identifier: BSD-3-Clause
// Files, folders and archives for the tests of reading.
#pragma once

#include "ionsift/crystal/source/source.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace ionsift::test {

namespace fs = std::filesystem;

using Members = std::vector<std::pair<std::string, std::string>>;
using Names = std::vector<std::string>;

inline void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

/// An archive, or with the raw format one compressed file, made by libarchive.
inline void write_archive(const fs::path& path, int format, int filter, const Members& members) {
  archive* out = archive_write_new();
  archive_write_set_format(out, format);
  archive_write_add_filter(out, filter);
  REQUIRE(archive_write_open_filename(out, path.c_str()) == ARCHIVE_OK);
  for (const auto& [name, text] : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_size(entry, la_int64_t(text.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    REQUIRE(archive_write_header(out, entry) == ARCHIVE_OK);
    REQUIRE(archive_write_data(out, text.data(), text.size()) == la_ssize_t(text.size()));
    archive_entry_free(entry);
  }
  REQUIRE(archive_write_close(out) == ARCHIVE_OK);
  archive_write_free(out);
}

inline void write_tar_gz(const fs::path& path, const Members& members) {
  write_archive(path, ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_GZIP, members);
}

/// "source=id" of every entry, "!source" of every failure.
inline Names walk(const std::vector<fs::path>& inputs, const crystal::SourceOptions& options = {}) {
  crystal::EntryStream stream(inputs, options);
  Names names;
  while (auto next = stream.next()) {
    if (const auto* entry = std::get_if<crystal::Entry>(&*next)) {
      names.push_back(entry->name.source + "=" + entry->name.id);
    } else {
      names.push_back("!" + std::get<crystal::Failure>(*next).source);
    }
  }
  return names;
}

} // namespace ionsift::test
