// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/read/read.hpp"
#include "ionsift/crystal/source/source.hpp"

#include "archives.hpp"
#include "cif_text.hpp"
#include "support.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

using namespace ionsift;
using namespace ionsift::crystal;
using namespace ionsift::test;

namespace fs = std::filesystem;

namespace {

std::string block(const std::string& name, const std::string& more = "") {
  CifText cif;
  cif.name = name;
  cif.symmetry = "_symmetry_space_group_name_H-M 'F m -3 m'";
  cif.atoms = "Na1 Na 0 0 0 1\nCl1 Cl 0.5 0.5 0.5 1";
  cif.more = more;
  return cif.text();
}

/// Twelve structures, a block of remarks before them, and one that cannot be read.
std::string collection() {
  std::string text = "# an export\ndata_global\n_journal_name_full 'A journal'\n";
  for (int i = 0; i < 12; ++i) {
    text += i == 7 ? "data_broken\n_cell_length_a\nloop_\n_atom_site_label\n_atom_site_fract_x\nNa1\n"
                   : block("n" + std::to_string(i),
                           i == 3 ? "_remark\n;\ndata_fake is a line of a text\n;\n" : "");
  }
  return text;
}

/// Entries that were read: sources, ids, bytes and lines.
using Found = std::vector<std::tuple<std::string, std::string, std::string, long>>;

Found read_parts(const std::vector<InputPart>& parts) {
  Found found;
  for (const auto& part : parts) {
    EntryStream stream({part});
    while (auto item = stream.next()) {
      const auto& entry = std::get<Entry>(*item);
      found.emplace_back(entry.name.source, entry.name.id, entry.bytes, entry.name.first_line);
    }
  }
  return found;
}

std::vector<std::string> failures_of(const Found& found, std::size_t& crystals) {
  std::vector<std::string> failures;
  for (const auto& [source, id, bytes, line] : found) {
    for (const auto& result : read_entry(bytes, {source, id, "", line})) {
      if (const auto* failure = std::get_if<Failure>(&result)) {
        failures.push_back(failure->source + ":" + std::to_string(failure->line));
      } else {
        const auto& crystal = std::get<Crystal>(result);
        CHECK(crystal.sites.size() == 8);
        CHECK(crystal.id == crystal.block);
        ++crystals;
      }
    }
  }
  return failures;
}

} // namespace

TEST_CASE("Each block of a CIF with many blocks is an entry") {
  const fs::path path = scratch("collection") / "export.cif";
  const auto text = collection();
  write(path, text);
  const auto parts = list_parts({path});
  REQUIRE(parts.size() == 1);
  const auto whole = read_parts(parts);
  REQUIRE(whole.size() == 12);
  CHECK(std::get<0>(whole[0]) == "export.cif#n0");
  CHECK(std::get<1>(whole[11]) == "n11");

  std::size_t crystals = 0;
  const auto failures = failures_of(whole, crystals);
  CHECK(crystals == 11);
  // The line is counted in the file.
  const auto before =
      static_cast<long>(std::count(text.begin(), text.begin() + long(text.find("data_broken")), '\n'));
  REQUIRE(failures.size() == 1);
  const auto line = std::stol(failures[0].substr(failures[0].rfind(':') + 1));
  CHECK(failures[0].starts_with("export.cif#broken:"));
  CHECK(line > before);
  CHECK(line <= before + 7);

  // The block of remarks is counted.
  EntryStream stream({path});
  while (stream.next()) {
  }
  CHECK(stream.notes().passed_over.at("data block without atoms").count == 1);

  // One block, by its source.
  CHECK(walk({path.string() + "#n4"}) == Names{"export.cif#n4=n4"});
  CHECK(walk({path.string() + "#n99"}) == Names{"!export.cif#n99"});
}

TEST_CASE("A collection read in parts gives the same entries as the whole") {
  const fs::path path = scratch("collection-parts") / "export.cif";
  write(path, collection());
  const auto part = list_parts({path}).front();
  const auto whole = read_parts({part});
  for (const std::uint64_t bytes : {1, 700, 2000, 1 << 20}) {
    const auto parts = divide(part, bytes);
    CHECK(parts.size() == (bytes == 1 ? 13 : bytes < (1 << 20) ? parts.size() : 1));
    std::uint64_t sum = 0;
    for (const auto& one : parts) {
      sum += one.bytes;
    }
    CHECK(sum == part.bytes);
    CHECK(read_parts(parts) == whole);
  }
}

TEST_CASE("Compressed collections, and collections in archives") {
  const fs::path folder = scratch("collection-packed");
  write_archive(folder / "export.cif.gz", ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP,
                {{"export.cif", collection()}});
  write_archive(folder / "x.zip", ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, {{"a/export.cif", collection()}});
  CHECK(walk({folder / "export.cif.gz"}).size() == 12);
  CHECK(walk({folder / "export.cif.gz"})[2] == "export.cif.gz#n2=n2");
  CHECK(walk({folder / "x.zip"})[2] == "x.zip/a/export.cif#n2=n2");
}

TEST_CASE("Files with few blocks, or with ambiguous block starts, are not divided") {
  const fs::path folder = scratch("no-collection");
  write(folder / "few.cif", block("a") + block("b"));
  CHECK(walk({folder / "few.cif"}) == Names{"few.cif=few"});
  std::string open = collection();
  open.insert(open.find("data_n5"), "_remark\n;\nnever closed\n");
  write(folder / "open.cif", open);
  CHECK(walk({folder / "open.cif"}) == Names{"open.cif=open"});
  write(folder / "two.cif", "#\\#CIF_2.0\n" + collection());
  CHECK(walk({folder / "two.cif"}) == Names{"two.cif=two"});
  for (const auto* name : {"open.cif", "two.cif"}) {
    CHECK(divide(list_parts({folder / name}).front(), 1).size() == 1);
  }
}

TEST_CASE("Blocks without a name are numbered by their place in the whole file") {
  const fs::path path = scratch("collection-numbered") / "export.cif";
  std::string text;
  for (int i = 0; i < 10; ++i) {
    text += block(i == 6 ? "" : "n" + std::to_string(i));
  }
  write(path, text);
  const auto part = list_parts({path}).front();
  const auto whole = read_parts({part});
  REQUIRE(whole.size() == 10);
  CHECK(std::get<1>(whole[6]) == "export.cif#7");
  CHECK(read_parts(divide(part, 1)) == whole);
}

TEST_CASE("A collection larger than the window of the search for blocks") {
  const fs::path path = scratch("collection-large") / "export.cif";
  std::string text;
  for (int i = 0; i < 16000; ++i) {
    text += block("n" + std::to_string(i));
  }
  REQUIRE(text.size() > std::size_t{5} << 20);
  write(path, text);
  const auto part = list_parts({path}).front();
  const auto parts = divide(part, 1 << 18);
  CHECK(parts.size() > 15);
  CHECK(read_parts(parts) == read_parts({part}));
}
