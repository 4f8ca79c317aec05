// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/crystal/source/source.hpp"

#include "archives.hpp"
#include "cif_text.hpp"
#include "read/json_split.hpp"
#include "support.hpp"

using namespace ionsift;
using namespace ionsift::crystal;
using namespace ionsift::test;

namespace fs = std::filesystem;

namespace {

const std::string structure =
    R"({"@class": "Structure", "lattice": {"matrix": [[4, 0, 0], [0, 4, 0], [0, 0, 4]]},
  "sites": [{"species": [{"element": "Li", "occu": 0.5, "oxidation_state": 1}, {"element": "Na+", "occu": 0.5}],
             "abc": [0, 0, 0], "label": "M"},
            {"species": [{"element": "Cl", "occu": 1, "oxidation_state": -1}], "abc": [0.5, 0.5, 0.5]}]})";

std::string salt() {
  CifText cif;
  cif.symmetry = "_symmetry_space_group_name_H-M 'F m -3 m'";
  cif.atoms = "Na1 Na 0 0 0 1\nCl1 Cl 0.5 0.5 0.5 1";
  return cif.text();
}

} // namespace

TEST_CASE("Files and folders, sorted, without files that are not structures") {
  const fs::path folder = scratch("folder");
  write(folder / "b.cif", salt());
  write(folder / "a" / "z.CIF", salt());
  write(folder / "a" / "README.md", "text");
  write(folder / "a" / ".hidden.cif", salt());
  write(folder / "table.csv", "id,band_gap\nb,1.0\n");
  write(folder / "notes.json", "{\"a\": 1}");
  CHECK(walk({folder}) == Names{"folder/a/z.CIF=z", "folder/b.cif=b"});
  CHECK(walk({folder / ""}) == Names{"folder/a/z.CIF=z", "folder/b.cif=b"});
  CHECK(walk({folder / "b.cif", folder / "a"}) == Names{"b.cif=b", "a/z.CIF=z"});
  CHECK_THROWS_AS(EntryStream({folder / "none.cif"}), Error);
}

TEST_CASE("Archives of every kind give their members without unpacking to disk") {
  const fs::path folder = scratch("archives");
  const Members members = {{"./data/one.cif", salt()},
                           {"data/README", "text"},
                           {"__MACOSX/data/._one.cif", "x"},
                           {"data/two.v2.cif", salt()}};
  write_tar_gz(folder / "x.tar.gz", members);
  write_archive(folder / "x.tar", ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_NONE, members);
  write_archive(folder / "x.tar.zst", ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_ZSTD, members);
  write_archive(folder / "x.zip", ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, members);
  for (const std::string name : {"x.tar.gz", "x.tar", "x.tar.zst", "x.zip"}) {
    CHECK(walk({folder / name}) == Names{name + "/data/one.cif=one", name + "/data/two.v2.cif=two.v2"});
  }
  EntryStream stream({folder / "x.zip"});
  const auto entry = std::get<Entry>(*stream.next());
  CHECK(entry.bytes == salt());
}

TEST_CASE("Compressed files, alone and inside an archive") {
  const fs::path folder = scratch("compressed");
  write_archive(folder / "one.cif.gz", ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP, {{"one", salt()}});
  CHECK(walk({folder / "one.cif.gz"}) == Names{"one.cif.gz=one"});
  CHECK(walk({folder}) == Names{"compressed/one.cif.gz=one"});
  write_tar_gz(
      folder / "x.tar.gz",
      {{"one.cif.gz", read_file(folder / "one.cif.gz")}, {"bad.cif.gz", "no gzip"}, {"two.cif", salt()}});
  EntryStream stream({folder / "x.tar.gz"});
  CHECK(std::get<Entry>(*stream.next()).bytes == salt());
}

TEST_CASE("One entry of an archive or document can be read by its source") {
  const fs::path folder = scratch("alone");
  write_tar_gz(
      folder / "x.tar.gz",
      {{"a/one.cif", salt()}, {"a/two.cif", salt()}, {"d.json", "[" + structure + "," + structure + "]"}});
  write(folder / "dump.json", "[{\"id\": \"mp-1\", \"structure\": " + structure +
                                  "}, {\"id\": \"mp-2\", \"structure\": " + structure + "}]");
  CHECK(walk({folder / "x.tar.gz/a/two.cif"}) == Names{"x.tar.gz/a/two.cif=two"});
  CHECK(walk({folder / "x.tar.gz/d.json#2"}) == Names{"x.tar.gz/d.json#2=d.json#2"});
  CHECK(walk({folder / "dump.json#mp-2", folder / "x.tar.gz/a/one.cif"}) ==
        Names{"dump.json#mp-2=mp-2", "x.tar.gz/a/one.cif=one"});
  CHECK(walk({folder / "x.tar.gz/a/three.cif", folder / "dump.json#mp-1"}) ==
        Names{"!x.tar.gz/a/three.cif", "dump.json#mp-1=mp-1"});
  CHECK(walk({folder / "dump.json#mp-3"}) == Names{"!dump.json#mp-3"});
  CHECK_THROWS_AS(EntryStream({folder / "absent.tar.gz/a.cif"}), Error);
}

TEST_CASE("One block of a CIF can be read by the block name that a failure gives") {
  const fs::path folder = scratch("blocks");
  std::string bad = salt();
  bad.replace(bad.find("data_test"), 9, "data_bad");
  bad.replace(bad.find("_cell_length_a 5.64"), 19, "_cell_length_a 0");
  write(folder / "m.cif", salt() + bad);
  write_tar_gz(folder / "x.tar.gz", {{"a/one.cif", salt()}, {"a/m.cif", salt() + bad}});
  const auto read_entry_of = [](const fs::path& input) {
    EntryStream stream({input});
    const auto entry = std::get<Entry>(*stream.next());
    CHECK_FALSE(stream.next().has_value());
    return read_entry(entry.bytes, entry.name);
  };
  for (const char* name : {"m.cif", "x.tar.gz/a/m.cif"}) {
    CAPTURE(name);
    const auto all = read_entry_of(folder / name);
    REQUIRE(all.size() == 2);
    const auto& failure = std::get<Failure>(all[1]);
    // SOURCE#BLOCK finds it again.
    const auto alone = read_entry_of(folder / (failure.source + "#" + failure.block));
    REQUIRE(alone.size() == 1);
    CHECK(std::get<Failure>(alone[0]).message == failure.message);
    CHECK(std::get<Failure>(alone[0]).line == failure.line);
    const auto good = read_entry_of(folder / (std::string(name) + "#test"));
    REQUIRE(good.size() == 1);
    CHECK(std::get<Crystal>(good[0]).id == std::get<Crystal>(all[0]).id);
    CHECK(std::get<Crystal>(good[0]).sha256 == std::get<Crystal>(all[0]).sha256);
    CHECK(std::get<Failure>(read_entry_of(folder / (std::string(name) + "#none"))[0]).code ==
          ErrorCode::missing);
  }
  CHECK(is_inside_file(folder / "x.tar.gz/a/m.cif#bad"));
  CHECK_FALSE(is_inside_file(folder / "y.tar.gz/a/m.cif"));
}

TEST_CASE("A damaged archive is a failure, and the next input is read") {
  const fs::path folder = scratch("damaged");
  std::string bytes; // too large and too random for one block of the decompressor
  RandomStream random(1);
  for (int i = 0; i < 200'000; ++i) {
    bytes += std::to_string(random.bits());
  }
  write_tar_gz(folder / "cut.tar.gz", {{"one.cif", salt()}, {"two.cif", bytes}});
  const std::string whole = read_file(folder / "cut.tar.gz");
  write(folder / "cut.tar.gz", whole.substr(0, whole.size() / 2));
  write(folder / "no.zip", "this is no archive");
  write(folder / "good.cif", salt());
  CHECK(walk({folder / "cut.tar.gz", folder / "no.zip", folder / "good.cif"}) ==
        Names{"cut.tar.gz/one.cif=one", "!cut.tar.gz/two.cif", "!no.zip", "good.cif=good"});
}

TEST_CASE("A pymatgen structure") {
  const Crystal crystal = read_one(structure);
  REQUIRE(crystal.orbits.size() == 2);
  CHECK(crystal.orbits[0].label == "M");
  CHECK(crystal.orbits[0].species == std::vector<Species>{{3, 0.5, 1}, {11, 0.5, 1}});
  CHECK(crystal.oxidation_source == OxidationSource::given);
  CHECK(crystal.volume() == Approx(64));
}

TEST_CASE("Documents with several structures") {
  const fs::path folder = scratch("documents");
  write(folder / "list.json", "[" + structure + ",\n" + structure + "]");
  write(folder / "dump.json", "{\"data\": [{\"material_id\": \"mp-1\", \"structure\": " + structure +
                                  "}, {\"structure\": " + structure + ", \"material_id\": \"mp-2\"}]}");
  write(folder / "bench.json",
        "{\"columns\": [\"structure\", \"is_metal\"], \"index\": [\"m-1\", \"m-2\"], \"data\": [[" +
            structure + ", true], [" + structure + ", false]]}");
  write(folder / "map.json", "{\"a\": " + structure + ", \"b\\\"}\": " + structure + "}");
  write(folder / "one.json", structure);
  CHECK(walk({folder / "list.json"}) == Names{"list.json#1=list.json#1", "list.json#2=list.json#2"});
  CHECK(walk({folder / "dump.json"}) == Names{"dump.json#mp-1=mp-1", "dump.json#mp-2=mp-2"});
  CHECK(walk({folder / "bench.json"}) == Names{"bench.json#m-1=m-1", "bench.json#m-2=m-2"});
  CHECK(walk({folder / "map.json"}).size() == 2);
  CHECK(walk({folder / "one.json"}) == Names{"one.json=one"});

  EntryStream stream({folder});
  std::size_t crystals = 0;
  while (auto next = stream.next()) {
    const auto& entry = std::get<Entry>(*next);
    CAPTURE(entry.name.source);
    const auto results = read_entry(entry.bytes, entry.name);
    REQUIRE(results.size() == 1);
    CHECK(std::get<Crystal>(results[0]).composition().formula() == "Na0.5Li0.5Cl");
    CHECK(std::get<Crystal>(results[0]).id == entry.name.id);
    ++crystals;
  }
  CHECK(crystals == 9);
  // Reading the whole document at once gives the same.
  CHECK(read_all(read_file(folder / "dump.json")).size() == 2);
}

TEST_CASE("Bad JSON is a failure with its line") {
  const Failure open = read_failure("{\"lattice\": {\n\"matrix\": [[4,0,0]\n");
  CHECK(open.code == ErrorCode::format);
  CHECK(open.line >= 2);
  CHECK(read_failure("{\"lattice\": 3}").code == ErrorCode::missing);
  CHECK(read_failure("{\"sites\": []}").code == ErrorCode::missing);
  CHECK(read_failure("[]").code == ErrorCode::missing);
  std::string wrong = structure;
  wrong.replace(wrong.find("[4, 0, 0]"), 9, "[4, \"a\"]");
  CHECK(read_failure(wrong).code == ErrorCode::data);
  const auto results = read_all("[" + structure + "," + wrong + "," + structure + "]");
  REQUIRE(results.size() == 3);
  CHECK(std::holds_alternative<Failure>(results[1]));
}

TEST_CASE("Tables with a column of structures") {
  const fs::path folder = scratch("tables");
  std::string quoted = salt();
  write(folder / "t.csv", "material_id,gap,cif\nmp-1,1.0,\"" + quoted + "\"\nmp-2,2.0,\"" + quoted + "\"\n");
  write(folder / "other.csv", "name,odd\nx,\"" + quoted + "\"\n");
  CHECK(walk({folder / "t.csv"}) == Names{"t.csv#mp-1=mp-1", "t.csv#mp-2=mp-2"});
  CHECK(walk({folder / "t.csv"}, {"gap", ""}) == Names{"t.csv#1.0=1.0", "t.csv#2.0=2.0"});
  CHECK(walk({folder / "other.csv"}) == Names{"!other.csv"});
  CHECK(walk({folder / "other.csv"}, {"", "odd"}) == Names{"other.csv#x=x"});
  CHECK(walk({folder / "other.csv"}, {"", "absent"}) == Names{"!other.csv"});
  EntryStream stream({folder / "t.csv"});
  const auto entry = std::get<Entry>(*stream.next());
  const auto results = read_entry(entry.bytes, entry.name);
  CHECK(std::get<Crystal>(results.front()).sites.size() == 8);
}
