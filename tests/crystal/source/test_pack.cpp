// SPDX-License-Identifier: BSD-3-Clause
// Archives that many readers share, and the packing of a release.
#include "ionsift/base/file.hpp"
#include "ionsift/crystal/source/pack.hpp"

#include "archives.hpp"
#include "support.hpp"

#include <algorithm>
#include <array>
#include <random>

using namespace ionsift;
using namespace ionsift::test;

namespace {

struct Format {
  std::string name;
  int format;
};

const std::array<Format, 4> formats = {{{"pax.tar", ARCHIVE_FORMAT_TAR_PAX_RESTRICTED},
                                        {"gnu.tar", ARCHIVE_FORMAT_TAR_GNUTAR},
                                        {"ustar.tar", ARCHIVE_FORMAT_TAR_USTAR},
                                        {"zip.zip", ARCHIVE_FORMAT_ZIP}}};

/// Text that hardly compresses.
std::string random_text(std::size_t length) {
  std::mt19937 generator(static_cast<unsigned>(length));
  std::string text(length, '#');
  for (auto& letter : text) {
    letter = static_cast<char>('a' + generator() % 26);
  }
  return text;
}

/// Members of lengths up to several blocks, in folders, with long names, some twice.
Members many_members() {
  Members members;
  for (std::size_t i = 0; i < 40; ++i) {
    members.emplace_back(fmt::format("cifs/{}/s{}.cif", i % 3, i),
                         "data_" + std::to_string(i) + "\n" + random_text(i * 97) + "\n");
  }
  members.emplace_back("README.txt", "about");
  members.emplace_back("cifs/" + std::string(60, 'f') + "/" + std::string(90, 'n') + ".cif", "data_long\n");
  members.emplace_back("cifs/._s3.cif", "hidden");
  members.emplace_back("cifs/0/s3.cif", "data_later\n");
  members.emplace_back("dump.json", R"([{"id": "a"}])");
  return members;
}

std::vector<std::string> contents(crystal::EntryStream& stream, std::vector<std::string> all = {}) {
  while (auto next = stream.next()) {
    if (const auto* entry = std::get_if<crystal::Entry>(&*next)) {
      all.push_back(entry->name.source + "=" + entry->name.id + ":" + entry->bytes);
    } else {
      all.push_back("!" + std::get<crystal::Failure>(*next).source +
                    std::get<crystal::Failure>(*next).message);
    }
  }
  return all;
}

crystal::InputPart only_part(const fs::path& path) {
  const auto parts = crystal::list_parts({path});
  REQUIRE(parts.size() == 1);
  return parts.front();
}

/// The contents of the parts of an archive in order, each read by its own reader.
std::vector<std::string> divided(const std::vector<crystal::InputPart>& parts, crystal::SourceNotes& notes) {
  std::vector<std::string> all;
  for (const auto& part : parts) {
    crystal::EntryStream stream(std::vector{part});
    all = contents(stream, std::move(all));
    notes.merge(stream.notes());
  }
  return all;
}

} // namespace

TEST_CASE("parts of an uncompressed archive give the same as the whole") {
  const auto folder = scratch("pack_parts");
  for (const auto& [name, format] : formats) {
    INFO(name);
    write_archive(folder / name, format, ARCHIVE_FILTER_NONE, many_members());
    crystal::EntryStream whole(std::vector{folder / name});
    const auto expected = contents(whole);
    REQUIRE(expected.size() == 41); // 40, one of them later, and the one with a long name
    for (const std::uint64_t bytes : {1U, 700U, 5000U}) {
      const auto parts = crystal::divide(only_part(folder / name), bytes);
      INFO(bytes);
      REQUIRE(parts.size() > 3);
      crystal::SourceNotes notes;
      CHECK(divided(parts, notes) == expected);
      CHECK(crystal::in_words(notes.passed_over) == crystal::in_words(whole.notes().passed_over));
      CHECK_FALSE(parts.front().sequence);
    }
  }
}

TEST_CASE("an archive that must be read from its beginning is one part") {
  const auto folder = scratch("pack_whole");
  write_tar_gz(folder / "x.tar.gz", many_members());
  write_archive(folder / "misnamed.tar", ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_GZIP,
                many_members());
  write_archive(folder / "cpio.tar", ARCHIVE_FORMAT_CPIO_POSIX, ARCHIVE_FILTER_NONE, many_members());
  for (const std::string name : {"pax.tar", "zip.zip"}) {
    const auto format = name == "zip.zip" ? ARCHIVE_FORMAT_ZIP : ARCHIVE_FORMAT_TAR_PAX_RESTRICTED;
    write_archive(folder / name, format, ARCHIVE_FILTER_NONE, many_members());
    const auto text = read_file(folder / name);
    write(folder / ("cut-" + name), text.substr(0, text.size() * 2 / 3));
    auto broken = text;
    broken[name == "zip.zip" ? broken.size() - 15 : 700] ^= 0x55;
    write(folder / ("broken-" + name), broken);
  }
  for (const std::string name : {"x.tar.gz", "misnamed.tar", "cpio.tar", "cut-pax.tar", "cut-zip.zip"}) {
    INFO(name);
    const auto parts = crystal::divide(only_part(folder / name), 1000);
    REQUIRE(parts.size() == 1);
    CHECK(parts.front().sequence);
    CHECK_FALSE(parts.front().run);
  }
  // Divided or not, damage gives a failure; members are never lost silently.
  for (const std::string name : {"broken-pax.tar", "broken-zip.zip"}) {
    INFO(name);
    crystal::SourceNotes notes;
    const auto found = divided(crystal::divide(only_part(folder / name), 1000), notes);
    const bool failed = std::ranges::any_of(found, [](const auto& text) { return text.starts_with('!'); });
    CHECK((failed || found.size() == 41));
  }
}

TEST_CASE("an archive that changes after it was divided is a failure") {
  const auto folder = scratch("pack_changed");
  const auto path = folder / "x.tar";
  write_archive(path, ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_NONE, many_members());
  const auto parts = crystal::divide(only_part(path), 5000);
  auto fewer = many_members();
  fewer.resize(5);
  write_archive(path, ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_NONE, fewer);
  crystal::SourceNotes notes;
  const auto found = divided(parts, notes);
  CHECK(std::ranges::any_of(found, [](const auto& text) { return text.starts_with('!'); }));
}

TEST_CASE("a packed release gives the same entries") {
  const auto folder = scratch("pack_release");
  write(folder / "in" / "a.cif", "data_a\n");
  write(folder / "in" / "deep" / "a.cif", "data_other\n");
  write(folder / "in" / "POSCAR", "Li\n1.0\n3 0 0\n0 3 0\n0 0 3\nLi\n1\nDirect\n0 0 0\n");
  write(folder / "in" / "notes.txt", "nothing");
  write(folder / "table.csv", "id,cif\nmp-1,\"data_1\n\"\nmp-2,\"data_2\n\"\nmp-1,\"data_again\n\"\nmp-3,\n");
  const std::string structure =
      R"({"lattice": {"matrix": [[3,0,0],[0,3,0],[0,0,3]]}, "sites": [{"species": [{"element": "Li", "occu": 1}], "abc": [0,0,0]}]})";
  write(folder / "dump.json", "[{\"material_id\": \"mp-7\", \"structure\": " + structure +
                                  "}, {\"material_id\": \"mp-8\", \"structure\": " + structure + "}]");
  write(folder / "in" / "\xC3\xA9.cif", "data_accent\n");
  write_tar_gz(folder / "more.tar.gz", {{"x/b.cif", "data_b\n"}, {"x/c.cif", "data_c\n"}});
  const std::vector<fs::path> inputs = {folder / "in", folder / "table.csv", folder / "dump.json",
                                        folder / "more.tar.gz"};
  const auto ids_and_bytes = [](const std::vector<fs::path>& from) {
    crystal::EntryStream stream(from);
    std::vector<std::string> all;
    while (auto next = stream.next()) {
      if (const auto* entry = std::get_if<crystal::Entry>(&*next)) {
        all.push_back(entry->name.id + ":" + entry->bytes);
      }
    }
    return all;
  };
  const auto expected = ids_and_bytes(inputs);
  REQUIRE(expected.size() == 11);
  for (const std::string name : {"release.zip", "release.tar"}) {
    INFO(name);
    std::uint64_t progress = 0;
    const auto summary =
        crystal::pack(inputs, {}, folder / name, [&](std::uint64_t done) { progress = done; });
    CHECK(summary.entries == 11);
    CHECK(progress == 11);
    CHECK(summary.failures.size() == 1); // the row without a structure
    CHECK(summary.other_ids == 0);
    CHECK(crystal::in_words(summary.notes.passed_over) == "1 .txt");
    CHECK(ids_and_bytes({folder / name}) == expected);
    const auto bytes = read_file(folder / name);
    crystal::pack(inputs, {}, folder / name, [](std::uint64_t) {});
    CHECK(read_file(folder / name) == bytes);
    CHECK(crystal::divide(only_part(folder / name), 1).size() == 11);
  }
  CHECK_THROWS_AS(crystal::pack(inputs, {}, folder / "release.tgz", [](std::uint64_t) {}), Error);
  fs::create_directories(folder / "empty");
  CHECK_THROWS_AS(crystal::pack({folder / "empty"}, {}, folder / "empty.zip", [](std::uint64_t) {}), Error);
  CHECK_FALSE(fs::exists(folder / "empty.zip"));
}
