// SPDX-License-Identifier: BSD-3-Clause
// POSCAR and extended XYZ; other files beside the structures in folders and archives.
#include "ionsift/base/file.hpp"

#include "archives.hpp"
#include "cif_text.hpp"
#include "support.hpp"

#include <unistd.h>

using namespace ionsift;
using namespace ionsift::crystal;
using namespace ionsift::test;

namespace {

std::vector<ReadResult> read_as(const std::string& file, const std::string& text) {
  return read_entry(text, {.source = file, .id = "x"});
}

Crystal crystal_of(const std::string& file, const std::string& text) {
  CAPTURE(text);
  auto results = read_as(file, text);
  REQUIRE(results.size() == 1);
  if (const auto* failure = std::get_if<Failure>(&results.front())) {
    FAIL(failure->message);
  }
  return std::get<Crystal>(std::move(results.front()));
}

Failure failure_of_text(const std::string& file, const std::string& text) {
  auto results = read_as(file, text);
  REQUIRE(results.size() == 1);
  REQUIRE(std::holds_alternative<Failure>(results.front()));
  return std::get<Failure>(results.front());
}

const std::string salt_sites =
    "0 0 0\n0 0.5 0.5\n0.5 0 0.5\n0.5 0.5 0\n0.5 0 0\n0.5 0.5 0.5\n0 0 0.5\n0 0.5 0\n";
const std::string cubic = "5.13 0 0\n0 5.13 0\n0 0 5.13\n";

void check_salt(const Crystal& crystal, double edge = 5.13) {
  CHECK(crystal.composition().formula() == "Li4Cl4");
  CHECK(crystal.sites.size() == 8);
  CHECK(crystal.orbits.size() == 2);
  CHECK(crystal.volume() == Approx(edge * edge * edge));
}

std::string tar_text(const Members& members, const fs::path& folder) {
  write_archive(folder / "inner.tar", ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_NONE, members);
  return read_file(folder / "inner.tar");
}

std::string salt(const std::string& anion = "Cl") {
  CifText cif;
  cif.symmetry = "_symmetry_space_group_name_H-M 'F m -3 m'";
  cif.atoms = "Li1 Li 0 0 0 1\n" + anion + "1 " + anion + " 0.5 0.5 0.5 1";
  return cif.text();
}

} // namespace

TEST_CASE("POSCAR of VASP 5 and 4, direct and Cartesian, scaled") {
  check_salt(crystal_of("POSCAR", "salt\n1.0\n" + cubic + "Li Cl\n4 4\nDirect\n" + salt_sites));
  check_salt(
      crystal_of("a.vasp", "salt\r\n1.0\r\n5.13 0 0\r\n0 5.13 0\r\n0 0 5.13\r\nLi Cl\r\n4 4\r\ndirect\r\n" +
                               salt_sites));
  check_salt(crystal_of("CONTCAR", "salt\n5.13\n1 0 0\n0 1 0\n0 0 1\n Li_sv Cl/0a1b\n 4 4 ! atoms\nSelective "
                                   "dynamics\nDirect\n0 0 0 T T F\n" +
                                       salt_sites.substr(6) + "\n0 0 0\n"));
  // A negative scale is the volume.
  check_salt(crystal_of("POSCAR", "salt\n-216\n1 0 0\n0 1 0\n0 0 1\nLi Cl\n4 4\nDirect\n" + salt_sites), 6);
  // Cartesian positions are scaled as the vectors are.
  const std::string cartesian = "0 0 0\n0 1 1\n1 0 1\n1 1 0\n1 0 0\n1 1 1\n0 0 1\n0 1 0\n";
  check_salt(crystal_of("POSCAR", "salt\n3\n2 0 0\n0 2 0\n0 0 2\nLi Cl\n4 4\nCartesian\n" + cartesian), 6);
  check_salt(crystal_of("POSCAR", "salt\n3 3 3\n2 0 0\n0 2 0\n0 0 2\nLi Cl\n4 4\nkartesian\n" + cartesian),
             6);
  // VASP 4: elements in the first line, or behind the positions.
  const Crystal from_comment = crystal_of("POSCAR", "Li Cl\n1\n" + cubic + "4 4\nDirect\n" + salt_sites);
  check_salt(from_comment);
  CHECK_FALSE(warning(from_comment, "elements_from_comment").empty());
  CHECK(crystal_of("POSCAR", "what\n1\n" + cubic + "1 1\nDirect\n0 0 0 Li\n0.5 0.5 0.5 Cl\n")
            .composition()
            .formula() == "LiCl");
  // Recognised by content, whatever the name.
  check_salt(crystal_of("salt.txt", "salt\n1.0\n" + cubic + "Li Cl\n4 4\nDirect\n" + salt_sites));
}

TEST_CASE("POSCARs that cannot be used") {
  const auto check_failure = [](const std::string& text, const std::string& cause, long line) {
    const Failure failure = failure_of_text("POSCAR", text);
    CHECK_THAT(failure.message, Catch::Contains(cause));
    CHECK(failure.line == line);
  };
  check_failure("x\n1\n" + cubic + "4 4\nDirect\n" + salt_sites, "not named", 8);
  check_failure("x\n1\n" + cubic + "Li Qq\n4 4\nDirect\n" + salt_sites, "'Qq'", 6);
  check_failure("x\n1\n" + cubic + "Li Cl\n4 4\nDirect\n0 0 0\n", "ends too early", 10);
  check_failure("x\n1\n" + cubic + "Li Cl\n4\nDirect\n" + salt_sites, "2 elements", 7);
  check_failure("x\n0\n" + cubic + "Li Cl\n4 4\nDirect\n" + salt_sites, "scale", 2);
  check_failure("x\n1\n" + cubic + "Li Cl\n4 4\nOdd\n" + salt_sites, "'Odd'", 8);
  CHECK(failure_of_text("POSCAR", "x\n1\n" + cubic + "Li\n999999999\nDirect\n").code == ErrorCode::limit);
  CHECK(failure_of_text("POSCAR", "").code == ErrorCode::format);
}

TEST_CASE("Extended XYZ: one structure or many, columns in any order") {
  const std::string lattice = "Lattice=\"5.13 0 0 0 5.13 0 0 0 5.13\"";
  const std::string atoms = "Li 0 0 0\nLi 0 2.565 2.565\nLi 2.565 0 2.565\nLi 2.565 2.565 0\nCl 2.565 0 0\n"
                            "Cl 2.565 2.565 2.565\nCl 0 0 2.565\nCl 0 2.565 0\n";
  check_salt(crystal_of("a.xyz", "8\n" + lattice + "\n" + atoms));
  check_salt(crystal_of("a.extxyz", "8\nenergy=-1.0 " + lattice +
                                        " pbc=\"T T T\" Properties=species:S:1:pos:R:3\n" + atoms));
  const Crystal swapped = crystal_of("a.xyz", "2\n" + lattice +
                                                  " Properties=forces:R:3:pos:R:3:Z:I:1 note='a b'\n"
                                                  "9 9 9 0 0 0 3\n9 9 9 2.565 2.565 2.565 17\n");
  CHECK(swapped.composition().formula() == "LiCl");
  CHECK_THAT(failure_of_text("a.xyz", "8\njust a molecule\n" + atoms).message, Catch::Contains("no cell"));
  CHECK_THAT(failure_of_text("a.xyz", "8\n" + lattice + " pbc=\"T T F\"\n" + atoms).message,
             Catch::Contains("periodic"));
  CHECK_THAT(failure_of_text("a.xyz", "9\n" + lattice + "\n" + atoms).message, Catch::Contains("is incomplete"));

  const fs::path folder = scratch("frames");
  write(folder / "md.xyz", "8\n" + lattice + " id=first\n" + atoms + "8\n" + lattice + "\n" + atoms);
  CHECK(walk({folder / "md.xyz"}) == Names{"md.xyz#first=first", "md.xyz#2=md.xyz#2"});
  write(folder / "one.xyz", "8\n" + lattice + " id=first\n" + atoms);
  CHECK(walk({folder / "one.xyz"}) == Names{"one.xyz=one"});
}

TEST_CASE("Folders of VASP's files: the folder gives the name") {
  const fs::path folder = scratch("vasp");
  const std::string text = "salt\n1.0\n" + cubic + "Li Cl\n4 4\nDirect\n" + salt_sites;
  write(folder / "LiCl" / "POSCAR", text);
  write(folder / "LiCl" / "OUTCAR", "much text");
  write(folder / "POSCAR_2", text);
  write(folder / "x.vasp", text);
  CHECK(walk({folder}) == Names{"vasp/LiCl/POSCAR=LiCl/POSCAR", "vasp/POSCAR_2=POSCAR_2", "vasp/x.vasp=x"});
  CHECK(walk({folder / "LiCl" / "POSCAR"}) == Names{"POSCAR=POSCAR"});
}

TEST_CASE("Skipped files are counted by kind") {
  const fs::path folder = scratch("passed");
  write(folder / "in" / "a.cif", salt());
  write(folder / "in" / "b.txt", "text");
  write(folder / "in" / "c.TXT", "text");
  write(folder / "in" / "README", "text");
  write(folder / "in" / "d.json", "{}");
  write(folder / "in" / "e.csv", "id,band_gap\na,1\n");
  write_archive(folder / "in" / "x.tar", ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_NONE,
                {{"m/one.cif", salt()},
                 {"inner.tar", tar_text({{"two.cif", salt()}}, folder)},
                 {"m/one.cif", salt("F")},
                 {"notes.pdf", "x"}});
  EntryStream stream({folder / "in"});
  Names names;
  while (auto next = stream.next()) {
    const auto& entry = std::get<Entry>(*next);
    names.push_back(entry.name.source + (entry.bytes == salt("F") ? " F" : ""));
  }
  CHECK(names == Names{"in/a.cif", "in/x.tar/m/one.cif F"}); // the last member of a name counts
  CHECK(in_words(stream.notes().passed_over) ==
        "1 .pdf, 2 .txt, 1 JSON without structures, 1 archive within an archive, 1 file without an ending, 1 "
        "member "
        "replaced by a later one of its name, 1 table without a column of structures");
  CHECK(stream.notes().passed_over.at("archive within an archive").example == "in/x.tar/inner.tar");
  CHECK(stream.notes().by_input == std::map<std::uint64_t, std::uint64_t>{{0, 2}});
}

TEST_CASE("A subfolder that cannot be read is a failure, and the rest is read") {
  if (geteuid() == 0) {
    return; // root can read everything
  }
  const fs::path folder = scratch("unreadable");
  write(folder / "a.cif", salt());
  write(folder / "sub" / "b.cif", salt());
  fs::permissions(folder / "sub", fs::perms::none);
  CHECK(walk({folder}) == Names{"unreadable/a.cif=a", "!unreadable/sub"});
  fs::permissions(folder / "sub", fs::perms::owner_all);
}
