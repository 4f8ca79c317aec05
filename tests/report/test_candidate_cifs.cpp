// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/file.hpp"
#include "ionsift/crystal/read/cif.hpp"
#include "ionsift/crystal/source/source.hpp"
#include "ionsift/report/candidate_cifs.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <set>

using Catch::Matchers::Contains;
using namespace ionsift;
using screen::Candidate;

namespace {

std::string cif(const std::string& block, const std::string& anion) {
  return "# as published\ndata_" + block +
         "\n_cell_length_a 5.14\n_cell_length_b 5.14\n_cell_length_c 5.14\n_cell_angle_alpha 90\n"
         "_cell_angle_beta 90\n_cell_angle_gamma 90\n_symmetry_space_group_name_H-M 'F m -3 m'\n"
         "loop_\n_atom_site_label\n_atom_site_type_symbol\n_atom_site_fract_x\n_atom_site_fract_y\n"
         "_atom_site_fract_z\nLi1 Li 0 0 0\nX1 " +
         anion + " 0.5 0.5 0.5\n";
}

/// Rows of a screening of these inputs.
std::vector<Candidate> rows_of(const std::filesystem::path& input) {
  std::vector<Candidate> rows;
  crystal::EntryStream stream({input});
  while (auto next = stream.next()) {
    const auto& entry = std::get<crystal::Entry>(*next);
    for (const auto& result : crystal::read_entry(entry.bytes, entry.name)) {
      const auto& crystal = std::get<crystal::Crystal>(result);
      Candidate row;
      row.id = crystal.id;
      row.formula = "Li(Cl, F)0.5";
      row.source = crystal.source;
      row.sha256 = crystal.sha256;
      row.probability = 0.9;
      rows.push_back(row);
    }
  }
  return rows;
}

std::set<std::string> files_in(const std::filesystem::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

} // namespace

TEST_CASE("structures of the first candidates are written as they were published") {
  const auto folder = test::scratch("cifs");
  const auto input = folder / "input";
  std::filesystem::create_directories(input);
  std::ofstream(input / "a.cif") << cif("LiCl", "Cl");
  std::ofstream(input / "b.cif") << cif("one", "Br") << cif("two", "I");
  std::ofstream(input / "c.cif") << cif("LiF", "F");
  auto rows = rows_of(input);
  REQUIRE(rows.size() == 4);
  rows[1].group = rows[0].id; // not the first of its copies
  const auto written = report::write_cifs(folder / "cifs", rows, 2, {input});
  CHECK(written.written == 2);
  CHECK(written.gone.empty());
  CHECK(files_in(folder / "cifs") == std::set<std::string>{"001_LiClF0.5.cif", "002_LiClF0.5.cif"});
  // A file of one structure is copied, with its comment and symmetry.
  CHECK(read_file(folder / "cifs/001_LiClF0.5.cif") == cif("LiCl", "Cl"));
  // One structure of several is written alone, with all atoms.
  const auto second = read_file(folder / "cifs/002_LiClF0.5.cif");
  CHECK_THAT(second, Contains("# two of ") && !Contains("Br"));
  const auto again = crystal::read_cif(second, {"x", "x"});
  REQUIRE(again.size() == 1);
  CHECK(std::get<crystal::Crystal>(again[0]).sites.size() == 8);

  // Files of an earlier run are removed, other files are not touched.
  std::ofstream(folder / "cifs/notes.txt") << "mine";
  report::write_cifs(folder / "cifs", rows, 1, {input});
  CHECK(files_in(folder / "cifs") == std::set<std::string>{"001_LiClF0.5.cif", "notes.txt"});
}

TEST_CASE("a missing or changed source is counted, and gets no file") {
  const auto folder = test::scratch("cifs-gone");
  const auto input = folder / "input";
  std::filesystem::create_directories(input);
  for (const auto* name : {"a", "b", "c"}) {
    std::ofstream(input / (std::string(name) + ".cif")) << cif(name, "Cl");
  }
  const auto rows = rows_of(input);
  std::filesystem::remove(input / "a.cif");
  std::ofstream(input / "b.cif") << cif("b", "Br");
  const auto written = report::write_cifs(folder / "cifs", rows, 10, {input, folder / "not there"});
  CHECK(written.written == 1);
  CHECK(written.gone == std::vector<std::string>{rows[0].source});
  CHECK(written.changed == std::vector<std::string>{rows[1].source});
  CHECK(files_in(folder / "cifs") == std::set<std::string>{"003_LiClF0.5.cif"});
}

TEST_CASE("a record of a document becomes a CIF that gives the same structure") {
  const auto folder = test::scratch("cifs-json");
  std::ofstream(folder / "dump.json")
      << R"([{"material_id": "mp-1", "structure": {"lattice": {"matrix": [[5,0,0],[0,5,0],[0,0,5]]}, "sites": [)"
      << R"({"species": [{"element": "Li", "occu": 1}], "abc": [0,0,0]}, {"species": [{"element": "Cl", "occu": 0.5},)"
      << R"( {"element": "Br", "occu": 0.5}], "abc": [0.5,0.5,0.5]}]}}, {"material_id": "mp-2", "structure": {"lattice":)"
      << R"( {"matrix": [[4,0,0],[0,4,0],[0,0,4]]}, "sites": [{"species": [{"element": "Li", "occu": 1}], "abc": [0,0,0]}]}}])";
  const auto rows = rows_of(folder / "dump.json");
  REQUIRE(rows.size() == 2);
  CHECK_THAT(rows[0].source, Contains("#mp-1"));
  CHECK(report::write_cifs(folder / "cifs", rows, 5, {folder / "dump.json"}).written == 2);
  const auto text = read_file(folder / "cifs/001_LiClF0.5.cif");
  const auto again = crystal::read_cif(text, {"x", "x"});
  REQUIRE(again.size() == 1);
  const auto& crystal = std::get<crystal::Crystal>(again[0]);
  CHECK(crystal.sites.size() == 2);
  CHECK(crystal.composition().amount(17) == Approx(0.5));
}
