// SPDX-License-Identifier: BSD-3-Clause
// Everything that can be wrong with a CIF: the message, and the line that it names.
#include "cif_text.hpp"

using namespace ionsift;
using namespace ionsift::crystal;
using namespace ionsift::test;

namespace {

CifText good(const std::string& name = "good") {
  CifText cif;
  cif.name = name;
  cif.symmetry = operators({"x,y,z", "-x,-y,-z"});
  cif.atoms = "Li1 Li 0 0 0 1\nCl1 Cl .5 .5 .5 1";
  return cif;
}

CifText with_cell(const std::string& cell) {
  CifText cif = good();
  cif.cell = cell;
  return cif;
}

} // namespace

TEST_CASE("Invalid cells") {
  CHECK(read_failure(with_cell("? 5 5 90 90 90")).code == ErrorCode::missing);
  CHECK(read_failure(with_cell("nan 5 5 90 90 90")).code == ErrorCode::data);
  CHECK(read_failure(with_cell("abc 5 5 90 90 90")).line == 2);
  CHECK(read_failure(with_cell("0 5 5 90 90 90")).code == ErrorCode::data);
  CHECK(read_failure(with_cell("-5 5 5 90 90 90")).code == ErrorCode::data);
  CHECK(read_failure(with_cell("1e5 5 5 90 90 90")).code == ErrorCode::limit);
  CHECK(read_failure(with_cell("5 5 5 30 30 120")).message.find("no cell has the angles") !=
        std::string::npos);
  CHECK(read_failure(with_cell("5 5 5 180 90 90")).code == ErrorCode::data);
  CHECK(read_failure(with_cell("5 5 5 90 90 0.01")).message.find("flat") != std::string::npos);
  CHECK(read_failure(with_cell("5 5 0.1 90 90 90")).message.find("high") != std::string::npos);
  const Crystal crystal = read_one(with_cell("5.64(2) 5.64 5.64 90 90.0(1) ?"));
  CHECK(crystal.lattice(0, 0) == 5.64);
  CHECK_FALSE(warning(crystal, "missing_angle").empty());
}

TEST_CASE("Too many sites, too small a cell") {
  ReadOptions few;
  few.max_sites = 1;
  CHECK(read_failure(good(), few).code == ErrorCode::limit);
  ReadOptions roomy;
  roomy.min_volume_per_site = 100;
  CHECK(read_failure(good(), roomy).code == ErrorCode::data);
}

TEST_CASE("Atoms that cannot be used") {
  CifText cif = good();
  cif.atoms = "Q7 Qq 0 0 0 1";
  const Failure unknown = read_failure(cif);
  CHECK(unknown.code == ErrorCode::data);
  CHECK(unknown.message.find("'Qq'") != std::string::npos);
  CHECK(unknown.line > 8);
  CHECK(unknown.block == "good");
  CHECK(unknown.source == "test.cif");

  cif.atoms = "Li1 Li 0 0 ? 1\nCl1 Cl 0 0 0 1";
  CHECK(read_failure(cif).code == ErrorCode::missing);
  ReadOptions tolerant;
  tolerant.strictness = Strictness::tolerant;
  const Crystal partial = read_one(cif, tolerant);
  CHECK(partial.composition().formula() == "Cl");
  CHECK_FALSE(warning(partial, "unplaced_atoms").empty());

  cif.atoms = "Li1 Li 0 0 nan 1";
  CHECK(read_failure(cif).code == ErrorCode::data);
  CHECK(read_failure(cif, tolerant).code == ErrorCode::data);
  cif.atoms = "Li1 Li 0 0 0 -0.5";
  CHECK(read_failure(cif).message.find("'-0.5'") != std::string::npos);
  cif.atoms = "Li1 Li 0 0 0 0";
  CHECK(read_failure(cif).message.find("holds no atoms") != std::string::npos);
}

TEST_CASE("Missing columns") {
  CifText cif = good();
  cif.columns = "_atom_site_label _atom_site_Cartn_x _atom_site_Cartn_y _atom_site_Cartn_z";
  cif.atoms = "Li1 0 0 0";
  CHECK(read_failure(cif).message.find("only Cartesian") != std::string::npos);
  CHECK(read_failure(cif).code == ErrorCode::missing);
}

TEST_CASE("Invalid operators, and operators that do not form a group") {
  CifText cif = good();
  cif.symmetry = operators({"x,y,z", "x,y,q"});
  CHECK(read_failure(cif).code == ErrorCode::format);
  CHECK(read_failure(cif).line == 8);
  cif.symmetry = operators({"x,y,z", "x,x,z"});
  CHECK(read_failure(cif).code == ErrorCode::data);
  cif.symmetry = operators({"x,y,z", "-y,x,z"});
  CHECK(read_failure(cif).message.find("not form a group") != std::string::npos);
  ReadOptions tolerant;
  tolerant.strictness = Strictness::tolerant;
  CHECK_FALSE(warning(read_one(cif, tolerant), "operators_completed").empty());
}

TEST_CASE("Texts that are not CIFs") {
  CHECK(read_failure("").code == ErrorCode::data);
  CHECK(read_failure("hello").code == ErrorCode::format);
  CHECK(read_failure(std::string("\0\0\0", 3)).code == ErrorCode::format);
  CHECK(read_failure("data_a\n_cell_length_a 5\n").message.find("holds no structure") != std::string::npos);
  const Failure ragged = read_failure("data_a\nloop_\n_atom_site_label\n_atom_site_fract_x\nLi1 0.0 Li2\n");
  CHECK(ragged.code == ErrorCode::format);
  CHECK(ragged.line > 1);
  const Failure open = read_failure("data_a\n_cell_length_a 5\n_title 'never closed\n");
  CHECK(open.code == ErrorCode::format);
  CHECK(open.line == 3);
}

TEST_CASE("Several blocks: each is a crystal or a failure, blocks without atoms are skipped") {
  CifText bad = good("bad");
  bad.cell = "0 5 5 90 90 90";
  const auto results =
      read_all("data_global\n_journal_name X\n" + good("one").text() + bad.text() + good("two").text());
  REQUIRE(results.size() == 3);
  CHECK(std::get<Crystal>(results[0]).id == "one");
  CHECK(std::get<Crystal>(results[0]).block == "one");
  CHECK(std::get<Failure>(results[1]).block == "bad");
  CHECK(std::get<Crystal>(results[2]).id == "two");
  CHECK(std::get<Crystal>(results[2]).source == "test.cif");
  // A single block has the name of its file.
  CHECK(read_one(good("one")).id == "test");
}

TEST_CASE("A syntax error affects its own block only, and is reported with its line") {
  const std::string broken = "data_broken\nloop_\n_atom_site_label\n_atom_site_fract_x\nLi1\n";
  const std::string first = good("one").text();
  const auto results = read_all(first + broken + good("two").text());
  REQUIRE(results.size() == 3);
  const auto* failure = std::get_if<Failure>(&results[1]);
  REQUIRE(failure != nullptr);
  CHECK(failure->block == "broken");
  CHECK(failure->line > std::count(first.begin(), first.end(), '\n'));
  CHECK(std::get<Crystal>(results[2]).id == "two");
}

TEST_CASE("Line ends, byte order mark, comments and letter case do not matter") {
  std::string text = good().text();
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) {
    text.replace(at, 1, "\r\n");
  }
  CHECK(read_one(text).sites.size() == 2);
  CHECK(read_one("\xEF\xBB\xBF# comment\n" + good().text()).sites.size() == 2);
  std::string capitals = good().text();
  capitals.replace(capitals.find("_cell_length_a"), 14, "_CELL_LENGTH_A");
  capitals.replace(capitals.find("loop_"), 5, "LOOP_");
  CHECK(read_one(capitals).sites.size() == 2);
}
