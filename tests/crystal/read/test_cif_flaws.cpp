// SPDX-License-Identifier: BSD-3-Clause
// Files of databases and people that violate the grammar of CIF where it does not matter.
#include "cif_text.hpp"

using namespace ionsift;
using namespace ionsift::crystal;
using namespace ionsift::test;

namespace {

/// Half a Li and a Cl in a general position of P-1, with lines before the cell.
std::string text_with(const std::string& lines, const std::string& heading = "data_x\n") {
  return heading + lines +
         "_chemical_formula_sum 'Li0.5 Cl'\n_cell_formula_units_Z 2\n_cell_length_a 5.3\n_cell_length_b 5.9\n"
         "_cell_length_c 6.3\n_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 90\n"
         "loop_\n_symmetry_equiv_pos_as_xyz\n'x,y,z'\n'-x,-y,-z'\n"
         "loop_\n_atom_site_label\n_atom_site_type_symbol\n_atom_site_fract_x\n_atom_site_fract_y\n"
         "_atom_site_fract_z\n_atom_site_occupancy\nLi1 Li 0.1 0.2 0.3 0.5\nCl1 Cl 0.6 0.4 0.1 1\n";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

/// Read as intended, with a warning that contains `cause` and the line.
void check_mended(const std::string& text, const std::string& cause, long line) {
  CAPTURE(text);
  const Crystal crystal = read_one(text);
  CHECK(crystal.composition().formula() == "LiCl2");
  CHECK(crystal.sites.size() == 4);
  CHECK(crystal.volume() == Approx(5.3 * 5.9 * 6.3));
  const std::string flaw = warning(crystal, "syntax_flaw");
  CHECK_THAT(flaw, Catch::Contains(cause));
  CHECK_THAT(flaw, Catch::Contains("line " + std::to_string(line) + ":"));
  ReadOptions strict;
  strict.strictness = Strictness::strict;
  CHECK_THAT(read_failure(text, strict).message, Catch::Contains("syntax_flaw"));
}

} // namespace

TEST_CASE("Text before the first data block is skipped with a warning") {
  check_mended(text_with("", "(C) 2031 by Some Institute.  All rights reserved.\ndata_4711-XYZ\n"),
               "before the first data block", 1);
  check_mended(text_with("", "# a comment\n\nFound on a disk, it's old.\nDate: 2031\ndata_x\n"),
               "before the first data block", 3);
  const Crystal commented = read_one(text_with("", "# Copyright\n\ndata_x\n"));
  CHECK(warning(commented, "syntax_flaw").empty());
  check_mended(text_with("", ""), "no line begins a data block", 1);
}

TEST_CASE("Flaws in tags that are not used do no harm") {
  check_mended(text_with("_chemical_name_structure_type \xCE\xB1-PbO2#Fe2N.94\n"), "ASCII", 2);
  check_mended(text_with("_chemical_name_common P2\xE2\x80\x93O3\n"), "ASCII", 2);
  check_mended(text_with("_chemical_name_common 'mordite\n"), "not closed", 2);
  check_mended(text_with("_chemical_name_common \"mordite\n_journal_year 2001\n"), "not closed", 2);
  check_mended(text_with("_citation_author_name 'A. Bee, C. Dee',\n_citation_title 'On x'\n"), "not closed",
               2);
  check_mended(text_with("_pd_phase_name Li0.5Cl P-1 supercell\n"), "_pd_phase_name", 2);
  check_mended(text_with("loop_\n_citation_id\n_citation_title\n\n"), "no values", 2);
  check_mended(text_with("loop_\n_citation_id\n_citation_title\n_citation_year\na 'b' 2001 c 'd'\n"), "loop",
               2);
  check_mended(text_with("_publ_section_title\nOn the structure of it,\nand of that\n"),
               "_publ_section_title", 3);
  check_mended(text_with("", "data_Li0.5 Cl old\n"), "name of the block holds blanks", 1);
  // A text field that is never closed, and one that contains keywords.
  check_mended(text_with("_publ_section_comment\n;\nnever closed\n"), "not closed", 3);
  check_mended(text_with("_publ_section_comment\n;\n a data_ word\n loop_\n;\n_x \xCE\xB1\n"), "ASCII", 7);
}

TEST_CASE("A text field without an end does not hide lines of the structure") {
  // The second ";" closes the first field; the cell would be inside it.
  const std::string text = "data_x\n_a\n;\nlost\n" + text_with("", "") + "_b\n;\ntext\n;\nloop_\n_c\n";
  CHECK(read_failure(text).code == ErrorCode::format);
}

TEST_CASE("Symbols of space groups, formulas and operators may lack quotes") {
  check_mended(text_with("_symmetry_space_group_name_H-M P -1\n"), "no quotes", 2);
  check_mended(replaced(text_with(""), "'Li0.5 Cl'", "Li0.5 Cl"), "no quotes", 2);
  const std::string quoted = "'x,y,z'\n'-x,-y,-z'\n";
  check_mended(replaced(text_with(""), quoted, "x, y, z\n-x, -y, -z\n"), "no quotes", 10);
  const std::string numbered = "_symmetry_equiv_pos_as_xyz\n" + quoted;
  check_mended(replaced(text_with(""), numbered,
                        "_symmetry_equiv_pos_site_id\n_symmetry_equiv_pos_as_xyz\n1 x, y, z\n2 -x, -y, -z\n"),
               "no quotes", 10);
  // Operators without blanks need no quotes.
  CHECK(warning(read_one(replaced(text_with(""), quoted, "x,y,z\n-x,-y,-z\n")), "syntax_flaw").empty());
}

TEST_CASE("Control characters left by editors and disks") {
  check_mended(text_with("") + "\x1A", "Ctrl-Z", 1);
  check_mended(text_with("") + std::string(64, '\0'), "NUL", 1);
  check_mended(replaced(text_with(""), "loop_", "\floop_"), "form feed", 1);
  // Before a keyword they would hide it, and with it the symmetry.
  check_mended(replaced(text_with(""), "loop_", "\x1Aloop_"), "control characters", 1);
  check_mended(replaced(text_with(""), "loop_", std::string(3, '\0') + "loop_"), "control characters", 1);
  check_mended(replaced(text_with(""), "\nloop_", "\n\x01 loop_"), "control characters", 1);
  std::string macintosh = text_with("");
  std::ranges::replace(macintosh, '\n', '\r');
  CHECK(read_one(macintosh).sites.size() == 4);
  CHECK_THAT(read_failure(std::string(8, '\0')).message, Catch::Contains("NUL"));
  // NUL characters inside are data that a disk lost.
  std::string torn = text_with("");
  torn.replace(torn.find("0.3 0.5\nCl1"), 3, std::string(3, '\0'));
  CHECK_THAT(read_failure(torn).message, Catch::Contains("NUL"));
}

TEST_CASE("Unusual blanks and minus signs are read with a warning") {
  check_mended(replaced(text_with(""), "0.1 0.2", "0.1\xC2\xA0 0.2"), "no-break space", 21);
  check_mended(replaced(text_with(""), "0.1 0.2",
                        "0.1\xC2\xA0"
                        "0.2"),
               "no-break space", 21);
  check_mended(replaced(text_with(""), "0.1 0.2", "0.1\xA0 0.2"), "no-break space", 21);
  check_mended(replaced(text_with(""), "Li 0.1",
                        "Li \xE2\x88\x92"
                        "0.1"),
               "Unicode minus", 21);
  check_mended(replaced(text_with(""), "'-x,-y,-z'", "'\xE2\x88\x92x,\xE2\x88\x92y,\xE2\x88\x92z'"),
               "Unicode minus", 10);
}

TEST_CASE("UTF-16 is converted") {
  for (const bool big : {false, true}) {
    std::string wide = big ? "\xFE\xFF" : "\xFF\xFE";
    for (const char c : text_with("")) {
      wide += big ? std::string{'\0', c} : std::string{c, '\0'};
    }
    check_mended(wide, "UTF-16", 1);
    check_mended(wide.substr(2), "UTF-16", 1);
  }
}

TEST_CASE("CIF 2.0 has triple quotes and lists, which are not flaws") {
  const std::string text = text_with("_audit.list [1 2 3]\n_audit.table {'a':1 'b':2}\n"
                                     "_audit.text '''it's \"long\"\n_cell_length_b is meant'''\n",
                                     "#\\#CIF_2.0\ndata_x\n");
  const auto failure = read_failure(text); // a tag inside a text looks like a lost end
  CHECK_THAT(failure.message, Catch::Contains("_cell_length_b"));
  const Crystal crystal = read_one(text_with(
      "_audit.list [1 2\n3]\n_audit.text '''it's \"long\"\nand longer'''\n", "#\\#CIF_2.0\ndata_x\n"));
  CHECK(crystal.composition().formula() == "LiCl2");
}

TEST_CASE("A flaw in a tag that is used is a failure with its line") {
  const auto check_failure = [](const std::string& text, const std::string& cause, long line) {
    CAPTURE(text);
    const Failure failure = read_failure(text);
    CHECK(failure.code == ErrorCode::format);
    CHECK_THAT(failure.message, Catch::Contains(cause));
    CHECK(failure.line == line);
  };
  check_failure(replaced(text_with(""), "_cell_length_a 5.3", "_cell_length_a 5.3 A"), "_cell_length_a", 4);
  check_failure(replaced(text_with(""), "0.2 0.3 0.5", "0.2 0.3"), "multiple", 14);
  check_failure(replaced(text_with(""), "Li1 Li", "'Li1 Li"), "not closed", 21);
  check_failure(replaced(text_with("_x \xCE\xB1\n"), "'-x,-y,-z'", "'-x,-y"), "not an operator", 14);
}

TEST_CASE("Lists of placeholders are not read as atoms") {
  const std::string reduced =
      "data_reduced\n_cell_length_a 5.3\nloop_\n_atom_site_label\n_atom_site_type_symbol\n"
      "_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n? ? ? ? ?\n";
  CHECK(read_one(text_with("") + reduced).sites.size() == 4);
  CHECK_THAT(read_failure(reduced).message, Catch::Contains("no atoms"));
  CHECK_THAT(warning(read_one(text_with("") + "? ? ? ? ? ?\n"), "syntax_flaw"),
             Catch::Contains("say nothing"));
}

TEST_CASE("Atoms in two loops are joined by their labels") {
  const auto text = [](const std::string& second) {
    return replaced(text_with(""), "_atom_site_occupancy\nLi1 Li 0.1 0.2 0.3 0.5\nCl1 Cl 0.6 0.4 0.1 1\n",
                    "Li1 Li 0.1 0.2 0.3\nNa1 Na 0.1 0.2 0.3\nCl1 Cl 0.6 0.4 0.1\n" + second);
  };
  const std::string loop = "loop_\n_atom_site_label\n_atom_site_occupancy\n";
  CHECK(read_one(text(loop + "Na1 0.25\nLi1 0.75\nCl1 1\n")).composition().formula() == "Na0.5Li1.5Cl2");
  CHECK(read_one(text(loop + "Na1 0.25\nLi1 0.75\n")).composition().formula() == "Na0.5Li1.5Cl2");
  const auto check_failure = [&](const std::string& second, const std::string& cause) {
    const Failure failure = read_failure(text(second));
    CHECK(failure.code == ErrorCode::data);
    CHECK_THAT(failure.message, Catch::Contains(cause));
  };
  check_failure(loop + "Na1 0.25\nLi2 0.75\nCl1 1\n", "'Li2'");
  check_failure(loop + "Li1 0.25\nLi1 0.75\nCl1 1\n", "twice");
  check_failure("loop_\n_atom_site_occupancy\n0.25\n0.75\n1\n", "_atom_site_label");
}

TEST_CASE("Unquoted operators with blanks, whose parts look like values") {
  // Six words for two tags follow the grammar, but are meaningless.
  const std::string text = replaced(text_with(""), "_symmetry_equiv_pos_as_xyz\n'x,y,z'\n'-x,-y,-z'\n",
                                    "_symmetry_equiv_pos_as_xyz\nx, y, z\n-x, -y, -z\n");
  CHECK(read_one(text).sites.size() == 4);
  // A block before it is not affected.
  CHECK(read_all("data_a\n_b c\n" + text).size() == 1);
}
