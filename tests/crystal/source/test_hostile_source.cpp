// SPDX-License-Identifier: BSD-3-Clause
// Malicious archives and folders: refused by name, and the rest of the batch is read.
#include "ionsift/base/file.hpp"
#include "ionsift/base/memory.hpp"

#include "archives.hpp"
#include "cif_text.hpp"
#include "sound.hpp"
#include "support.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <ctime>

using namespace ionsift;
using namespace ionsift::crystal;
using namespace ionsift::test;

namespace {

std::string salt() {
  CifText cif;
  cif.symmetry = "_symmetry_space_group_name_H-M 'F m -3 m'";
  cif.atoms = "Na1 Na 0 0 0 1\nCl1 Cl 0.5 0.5 0.5 1";
  return cif.text();
}

/// A header of ustar, with the size in GNU's base-256 where octal digits do not hold it.
std::string tar_header(const std::string& name, std::uint64_t size, char type = '0',
                       const std::string& link = "") {
  std::string header(512, '\0');
  const auto put = [&](std::size_t at, const std::string& text) { header.replace(at, text.size(), text); };
  put(0, name);
  put(100, "0000644");
  put(108, "0000000");
  put(116, "0000000");
  if (size < (std::uint64_t{1} << 33)) {
    put(124, fmt::format("{:011o}", size));
  } else {
    header[124] = '\x80';
    for (int i = 0; i < 8; ++i) {
      header[static_cast<std::size_t>(135 - i)] = static_cast<char>(size >> (8 * i) & 0xFF);
    }
  }
  put(136, "00000000000");
  put(156, std::string(1, type));
  put(157, link);
  put(257, std::string("ustar\0", 6) + "00");
  put(148, "        ");
  unsigned sum = 0;
  for (const char c : header) {
    sum += static_cast<unsigned char>(c);
  }
  put(148, fmt::format("{:06o}", sum) + std::string("\0 ", 2));
  return header;
}

std::string tar_member(const std::string& name, const std::string& text) {
  std::string member = tar_header(name, text.size()) + text;
  member.resize((member.size() + 511) / 512 * 512, '\0');
  return member;
}

/// The failures of some inputs; checks that all are sound.
std::vector<Failure> failures_of(const std::vector<fs::path>& inputs, const SourceOptions& options = {}) {
  std::vector<Failure> failures;
  EntryStream stream(inputs, options);
  while (auto next = stream.next()) {
    if (const auto* failure = std::get_if<Failure>(&*next)) {
      CHECK(flaw_of(*failure) == "");
      failures.push_back(*failure);
    }
  }
  return failures;
}

/// A tar, compressed, whose one member is this many zeros.
void write_zeros(const fs::path& path, const std::string& name, int filter, std::uint64_t size) {
  archive* out = archive_write_new();
  archive_write_set_format(out, ARCHIVE_FORMAT_TAR_GNUTAR);
  archive_write_add_filter(out, filter);
  REQUIRE(archive_write_open_filename(out, path.c_str()) == ARCHIVE_OK);
  archive_entry* entry = archive_entry_new();
  archive_entry_set_pathname(entry, name.c_str());
  archive_entry_set_size(entry, la_int64_t(size));
  archive_entry_set_filetype(entry, AE_IFREG);
  REQUIRE(archive_write_header(out, entry) == ARCHIVE_OK);
  const std::string zeros(1 << 20, '\0');
  for (std::uint64_t written = 0; written < size; written += zeros.size()) {
    REQUIRE(archive_write_data(out, zeros.data(), zeros.size()) == la_ssize_t(zeros.size()));
  }
  archive_entry_free(entry);
  REQUIRE(archive_write_close(out) == ARCHIVE_OK);
  archive_write_free(out);
}

} // namespace

TEST_CASE("A member that unpacks to more than the limit is refused, and the other members are read") {
  const auto folder = scratch("bombs");
  SourceOptions options;
  options.max_bytes = 1 << 20;
  const std::string zeros(64 << 20, '\0');
  write_archive(folder / "zeros.cif.gz", ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP, {{"zeros", zeros}});
  const Members members = {{"bomb.cif", zeros},
                           {"inner.cif.gz", read_file(folder / "zeros.cif.gz")}, // gz within tar
                           {"good.cif", salt()}};
  write_tar_gz(folder / "x.tar.gz", members);
  write_archive(folder / "x.zip", ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, members);
  write(folder / "large.cif", std::string(2 << 20, ' '));
  const double before = peak_memory_mb();
  CHECK(walk({folder / "x.tar.gz", folder / "x.zip", folder / "zeros.cif.gz", folder / "large.cif"},
             options) == Names{"!x.tar.gz/bomb.cif", "!x.tar.gz/inner.cif.gz", "x.tar.gz/good.cif=good",
                               "!x.zip/bomb.cif", "!x.zip/inner.cif.gz", "x.zip/good.cif=good",
                               "!zeros.cif.gz", "!large.cif"});
  CHECK(peak_memory_mb() < before + 50);
  for (const auto& failure : failures_of({folder}, options)) {
    CHECK(failure.code == ErrorCode::limit);
  }
}

TEST_CASE("An archive of zeros is abandoned, even if its member is not wanted") {
  const auto folder = scratch("zeros");
  write_zeros(folder / "x.tar.zst", "README", ARCHIVE_FILTER_ZSTD, std::uint64_t{5} << 28);
  write(folder / "z.cif", salt());
  const auto failures = failures_of({folder});
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].code == ErrorCode::limit);
  CHECK(failures[0].source == "zeros/x.tar.zst");
  CHECK(failures[0].message.find("unpacks to") != std::string::npos);
  CHECK(walk({folder}) == Names{"!zeros/x.tar.zst", "zeros/z.cif=z"});
}

TEST_CASE("A member whose declared size is petabytes") {
  const auto folder = scratch("petabytes");
  const double before = peak_memory_mb();
  constexpr std::uint64_t petabytes = std::uint64_t{5} << 50;
  const auto claim = [&](const std::string& name) {
    return tar_member("a.cif", salt()) + tar_header(name, petabytes) + std::string(5120, ' ');
  };
  write(folder / "wanted.tar", claim("b.cif"));
  write(folder / "unwanted.tar", claim("README"));
  write_archive(folder / "packed.tar.gz", ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP, {{"x", claim("README")}});
  CHECK(walk({folder / "wanted.tar", folder / "unwanted.tar", folder / "packed.tar.gz"}) ==
        Names{"wanted.tar/a.cif=a", "!wanted.tar/b.cif", "unwanted.tar/a.cif=a", "!unwanted.tar",
              "packed.tar.gz/a.cif=a", "!packed.tar.gz"});
  CHECK(peak_memory_mb() < before + 50);
}

TEST_CASE("Member names that leave the archive, and links, are not followed") {
  const auto folder = scratch("climbing");
  const auto inside = folder / "a" / "b";
  fs::create_directories(inside);
  write(inside / "x.tar", tar_member("../../up.cif", salt()) + tar_member("/etc/absolute.cif", salt()) +
                              tar_header("passwd.cif", 0, '2', "/etc/passwd") +
                              tar_header("hard.cif", 0, '1', "/etc/passwd") +
                              tar_header("device.cif", 0, '3') + tar_header("pipe.cif", 0, '6') +
                              tar_member("good.cif", salt()) + std::string(1024, '\0'));
  const auto names = walk({inside / "x.tar"});
  CHECK(std::ranges::count(names, "x.tar/../../up.cif=up") == 1);
  CHECK(std::ranges::count(names, "x.tar//etc/absolute.cif=absolute") == 1);
  CHECK(std::ranges::count(names, "x.tar/good.cif=good") == 1);
  EntryStream stream({inside / "x.tar"});
  while (auto next = stream.next()) {
    const auto* entry = std::get_if<Entry>(&*next);
    CHECK((entry == nullptr || entry->bytes.find("root:") == std::string::npos));
  }
  // Nothing was unpacked.
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    files += entry.is_regular_file() ? 1 : 0;
  }
  CHECK(files == 1);
  CHECK_FALSE(fs::exists("/etc/absolute.cif"));
}

TEST_CASE("No other program is started to unpack a file") {
  const auto folder = scratch("programs");
  const auto marker = folder / "started";
  for (const char* program : {"lrzip", "grzip", "lzop", "gzip", "bzip2", "zstd"}) {
    write(folder / "bin" / program, fmt::format("#!/bin/sh\ntouch {}\n", marker.string()));
    fs::permissions(folder / "bin" / program, fs::perms::owner_all);
  }
  const std::string path = std::getenv("PATH") != nullptr ? std::getenv("PATH") : "";
  setenv("PATH", ((folder / "bin").string() + ":" + path).c_str(), 1);
  write(folder / "in" / "a.tar.gz", std::string("LRZI\0\x06", 6) + std::string(100, 'x'));
  write(folder / "in" / "b.tar.gz", std::string("GRZipII\0\x02\x04:)", 12) + std::string(100, 'x'));
  write(folder / "in" / "c.tar.gz", std::string("\x89LZO\0\r\n\x1a\n", 9) + std::string(100, 'x'));
  write(folder / "in" / "d.cif.gz", std::string("LRZI\0\x06", 6) + std::string(100, 'x'));
  const auto failures = failures_of({folder / "in"});
  setenv("PATH", path.c_str(), 1);
  CHECK(failures.size() >= 3);
  CHECK_FALSE(fs::exists(marker));
}

TEST_CASE("Names that are not valid UTF-8 are repaired, and still find their entries") {
  const auto folder = scratch("names");
  write(folder / "x.tar",
        tar_member("a\xFF.cif", salt()) + tar_member("b.json", "[]") + std::string(1024, '\0'));
  write(folder / "t.csv", "id,cif\n\xC3\x28,\"" + salt() + "\"\n");
  write(folder / "z\xFE.cif", salt());
  const Names expected = {"names/t.csv#\xC3\x83(=\xC3\x83(", "names/x.tar/a\xEF\xBF\xBD.cif=a\xEF\xBF\xBD",
                          "names/z\xEF\xBF\xBD.cif=z\xEF\xBF\xBD"};
  CHECK(walk({folder}) == expected);
  CHECK(walk({folder / "x.tar/a\xEF\xBF\xBD.cif"}) == Names{"x.tar/a\xEF\xBF\xBD.cif=a\xEF\xBF\xBD"});
}

TEST_CASE("A folder that contains a link to itself is read once") {
  const auto folder = scratch("loop");
  write(folder / "a" / "one.cif", salt());
  fs::create_directory_symlink(folder, folder / "a" / "again");
  fs::create_directory_symlink(folder / "a" / "self", folder / "a" / "self");
  CHECK(walk({folder}) == Names{"loop/a/one.cif=one"});
}
