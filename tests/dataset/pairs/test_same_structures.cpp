// SPDX-License-Identifier: BSD-3-Clause
// Duplicates and leaks, with any number of ranks.
#include "ionsift/base/csv.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/crystal/source/source.hpp"
#include "ionsift/dataset/pairs/duplicates.hpp"
#include "ionsift/dataset/pairs/leaks.hpp"
#include "ionsift/dataset/pairs/table_leaks.hpp"
#include "ionsift/dataset/split/split.hpp"
#include "ionsift/parallel/together.hpp"

#include "hand_made.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

using namespace ionsift;
using namespace ionsift::dataset;
using crystal::Crystal;

namespace {

constexpr int Li = 3, F = 9, Na = 11, Cl = 17, K = 19;

Crystal named(Crystal crystal, const std::string& id) {
  crystal.id = id;
  crystal.source = "made/up/" + id + ".cif";
  return crystal;
}

Eigen::Matrix3i doubled() {
  return Eigen::Vector3i(2, 1, 1).asDiagonal();
}

/// Caesium chloride's structure, the composition of rocksalt.
Crystal eightfold(int cation, int anion) {
  return test::hand_made(3.5 * Eigen::Matrix3d::Identity(),
                         {{{{cation, 1, 0}}, {0, 0, 0}}, {{{anion, 1, 0}}, {.5, .5, .5}}});
}

std::vector<Crystal> collection() {
  const auto salt = test::rocksalt(Na, Cl);
  return {named(salt, "salt"),
          named(test::rocksalt(K, Cl, 6.29), "sylvite"),
          named(test::in_cell(salt, doubled()), "salt-doubled"),
          named(eightfold(Na, Cl), "salt-eightfold"),
          named(test::permuted(test::shifted(test::rocksalt(Na, Cl, 5.7), {.1, .2, .3}), 3), "salt-shifted"),
          named(test::rocksalt(Li, F, 4.03), "lithium fluoride"),
          named(test::shifted(test::rocksalt(Li, F, 4.03), {0, 0, .5}), "lithium fluoride again")};
}

std::filesystem::path write(const std::string& name, const std::string& text) {
  const auto path = test::scratch(name) / "table.csv";
  parallel::on_root(test::world(), [&] { std::ofstream(path) << text; });
  return path;
}

std::vector<std::string> ids(const std::vector<Crystal>& crystals,
                             const std::vector<std::uint64_t>& positions) {
  std::vector<std::string> names;
  for (const auto position : positions) {
    names.push_back(crystals[position].id);
  }
  return names;
}

std::vector<Crystal> read_folder(const std::filesystem::path& folder) {
  std::vector<Crystal> crystals;
  crystal::EntryStream stream({folder});
  while (auto next = stream.next()) {
    const auto& entry = std::get<crystal::Entry>(*next);
    for (auto& result : crystal::read_entry(entry.bytes, entry.name)) {
      crystals.push_back(std::get<Crystal>(std::move(result)));
    }
  }
  return crystals;
}

std::set<std::set<std::string>> groups_of(const std::vector<Crystal>& crystals,
                                          const Duplicates& duplicates) {
  std::set<std::set<std::string>> groups;
  for (const auto& group : duplicates.groups) {
    const auto names = ids(crystals, group.members);
    groups.insert({names.begin(), names.end()});
  }
  return groups;
}

} // namespace

TEST_CASE("duplicates are grouped and the median is kept") {
  const auto crystals = collection();
  const auto labels = Labels::read(write(
      "labels", "id,conductivity S/cm\nsalt,1e-9\nsalt-doubled,3e-9\nsalt-shifted,2e-9\nsylvite,1e-8\n"));
  const auto found = find_duplicates(test::world(), crystals, &labels);
  REQUIRE(found.groups.size() == 2);
  CHECK(found.groups[0].members == std::vector<std::uint64_t>{0, 2, 4});
  CHECK(crystals[found.groups[0].kept].id == "salt-shifted");
  CHECK(found.groups[1].members == std::vector<std::uint64_t>{5, 6});
  CHECK(crystals[found.groups[1].kept].id == "lithium fluoride");
  CHECK(found.kept == std::vector<std::uint64_t>{1, 3, 4, 5});
  REQUIRE(found.pairs.size() == 4);
  CHECK(found.pairs.front().pair == CrystalPair{0, 2});
  // Four salts make six pairs, two fluorides one; sylvite is alone.
  CHECK(found.compared == 7);
  for (const auto& pair : found.pairs) {
    CHECK(pair.match.rms < 1e-6);
  }
}

TEST_CASE("without labels the first of a group is kept") {
  const auto found = find_duplicates(test::world(), collection(), nullptr);
  CHECK(found.kept == std::vector<std::uint64_t>{0, 1, 3, 5});
}

TEST_CASE("an empty collection and one of a single entry have no duplicates") {
  CHECK(find_duplicates(test::world(), {}, nullptr).kept.empty());
  const auto one = find_duplicates(test::world(), {test::rocksalt(Na, Cl)}, nullptr);
  CHECK(one.kept == std::vector<std::uint64_t>{0});
  CHECK(one.groups.empty());
}

TEST_CASE("structures of very different volumes are different phases") {
  const std::vector<Crystal> crystals = {test::rocksalt(Na, Cl, 5.64), test::rocksalt(Na, Cl, 7.0)};
  CHECK(find_duplicates(test::world(), crystals, nullptr).groups.empty());
  PairOptions any_volume;
  any_volume.volume_ratio = 1e9;
  CHECK(find_duplicates(test::world(), crystals, nullptr, any_volume).groups.size() == 1);
}

TEST_CASE("pairs that take too long count as different, and are reported") {
  const auto crystals = collection();
  PairOptions hurried;
  hurried.matcher.max_seconds = 1e-9;
  const auto found = find_duplicates(test::world(), crystals, nullptr, hurried);
  CHECK(found.undecided == 4); // the pairs that otherwise match; the rest differs in its number of sites
  CHECK(found.pairs.empty());
  CHECK(found.kept.size() == crystals.size());
  CHECK(find_leaks(test::world(), crystals, crystals, nullptr, nullptr, {.pairs = hurried}).undecided ==
        7 + 2 * 4);
  CHECK(find_duplicates(test::world(), crystals, nullptr).undecided == 0);
}

TEST_CASE("a crystal that cannot be compared is named on every rank") {
  auto crystals = collection();
  crystals[2].lattice.setZero();
  PairOptions options;
  options.volume_ratio = 1e300;
  crystals[2].lattice.diagonal().setConstant(1e-4);
  CHECK_THROWS_WITH(find_duplicates(test::world(), crystals, nullptr, options),
                    Catch::Contains("salt-doubled"));
}

TEST_CASE("the tables of duplicates mark the kept entries, and can be read as labels") {
  const auto crystals = collection();
  const auto labels = Labels::read(write("labels", "id,conductivity S/cm\nsalt,<1e-9\nsalt-doubled,3e-9\n"));
  const auto found = find_duplicates(test::world(), crystals, &labels);
  const auto folder = test::scratch("tables");
  parallel::on_root(test::world(), [&] { write_duplicates(folder, crystals, &labels, found); });
  const auto groups = CsvTable::read(folder / "groups.csv");
  REQUIRE(groups.size() == 5);
  CHECK(groups.row(0) ==
        std::vector<std::string>{"1", "salt", "made/up/salt.cif", "NaCl", "<1e-09", "1", "2"});
  CHECK(groups.cell(1, groups.column("kept")) == "0");
  CHECK(CsvTable::read(folder / "pairs.csv").size() == 4);
  const auto kept = CsvTable::read(folder / "kept.csv");
  CHECK(kept.size() == 4);
  CHECK(kept.row(0) == std::vector<std::string>{"salt", "<1e-09", "1", "3"});
  const auto again = Labels::read(folder / "kept.csv");
  CHECK(again.all().size() == 1);
  CHECK(again.find("salt")->upper_bound);
}

TEST_CASE("leaks are found by id, ICSD number, structure and composition") {
  const std::vector<Crystal> first = {named(test::rocksalt(Na, Cl), "a"),
                                      named(test::rocksalt(K, Cl, 6.29), "b"),
                                      named(test::rocksalt(Li, F, 4.03), "c")};
  const std::vector<Crystal> second = {
      named(test::in_cell(test::rocksalt(Na, Cl), doubled()), "d"), named(eightfold(Na, Cl), "e"),
      named(test::rocksalt(Li, Cl, 5.14), "c"), named(test::rocksalt(Li, Na, 5.0), "f")};
  IcsdNumbers first_numbers;
  first_numbers.add("b", "28948.0");
  IcsdNumbers second_numbers;
  second_numbers.add("f", "ICSD-28948; 17");
  const PublicationsById first_publications = {{"b", {"10.1000/x", "10.1000/y"}}, {"a", {"10.1000/z"}}};
  const PublicationsById second_publications = {{"f", {"10.1000/y"}}, {"e", {"10.1000/w"}}};
  const auto report = find_leaks(test::world(), first, second, {&first_numbers, &first_publications},
                                 {&second_numbers, &second_publications});

  REQUIRE(report.leaks.size() == 4);
  const auto kinds = [&](std::size_t i) { return report.leaks[i].kinds; };
  CHECK(report.leaks[0].second == 0); // a-d
  CHECK(kinds(0) == std::array{false, false, true, true, false, false});
  CHECK(report.leaks[0].match);
  CHECK(report.leaks[1].second == 1); // a-e
  CHECK(kinds(1) == std::array{false, false, false, true, false, false});
  CHECK_FALSE(report.leaks[1].match);
  CHECK(report.leaks[2].first == 1); // b-f
  CHECK(kinds(2) == std::array{false, true, false, false, false, true});
  CHECK(report.leaks[2].composition_difference == Approx(0.5));
  CHECK(kinds(3) == std::array{true, false, false, false, false, false}); // c-c
  CHECK(report.pairs == std::array<std::uint64_t, 6>{1, 1, 1, 2, 0, 1});
  CHECK(report.entries == std::array<std::uint64_t, 6>{1, 1, 1, 2, 0, 1});
  CHECK(report.entries_of_any_kind == 4);

  const auto path = test::scratch("leaks") / "leaks.csv";
  parallel::on_root(test::world(), [&] { write_leaks(path, first, second, report); });
  const auto table = CsvTable::read(path);
  REQUIRE(table.size() == 4);
  CHECK(table.cell(0, table.column("kinds")) == "structure;composition");
  CHECK(table.cell(2, table.column("kinds")) == "icsd;doi");
  CHECK(table.cell(2, table.column("rms")).empty());
}

TEST_CASE("compositions are similar up to 0.05 in every fraction, inclusive") {
  const auto mixture = [](const std::string& id, double lithium) {
    return named(test::hand_made(4 * Eigen::Matrix3d::Identity(),
                                 {{{{Li, lithium, 0}, {Na, 1 - lithium, 0}}, {0, 0, 0}}}),
                 id);
  };
  const std::vector<Crystal> first = {mixture("a", 0.5)};
  const std::vector<Crystal> second = {mixture("b", 0.55), mixture("c", 0.551), mixture("d", 0.45)};
  const auto report = find_leaks(test::world(), first, second, nullptr, nullptr);
  REQUIRE(report.leaks.size() == 2);
  CHECK(report.leaks[0].second == 0);
  CHECK(report.leaks[1].second == 2);
}

TEST_CASE("compositions of table entries are found among structures") {
  const auto labels =
      Labels::read(write("table-entries", "id,composition,conductivity S/cm\n"
                                          "a,NaCl,1e-9\nb,Na1.1Cl0.9,1e-9\nc,Na6Cl4,1e-9\nd,,1e-9\n"
                                          "e,nonsense!,1e-9\n"));
  const std::vector<Crystal> crystals = {named(test::rocksalt(Na, Cl), "x"),
                                         named(test::rocksalt(K, Cl, 6.29), "y")};
  const auto count = [&](const std::vector<std::string>& ids) {
    return find_table_leaks(entries_of(labels, ids), entries_of(crystals), nullptr, nullptr)
        .entries_by(LeakKind::composition);
  };
  CHECK(count({"a"}) == 1);
  CHECK(count({"a", "b"}) == 1); // the same structure, counted once
  CHECK(count({"b"}) == 1);      // 0.05, inclusive
  CHECK(count({"c"}) == 0);
  CHECK(count({"d", "e", "unknown"}) == 0);
}

TEST_CASE("compositions are the same apart from traces of an element") {
  const auto entry = [](const std::string& id, const std::string& formula) {
    return TableEntry{id, crystal::Composition::parse(formula)};
  };
  const std::vector<TableEntry> known = {entry("garnet", "Li7La3Zr2O12")};
  const std::vector<TableEntry> asked = {
      entry("trace", "Li6.4Al0.2La3Zr2O12"),  // 0.2 of 23.6 atoms: 0.0085
      entry("more", "Li6.25Al0.25La3Zr2O12"), // 0.0106
      entry("two", "Li7La3Zr2Ga0.1Ta0.1O12"), // two traces
      entry("other", "Li7La3Hf2Al0.1O12"),    // another host
      entry("plain", "Li6.9La3Zr2O12"),
  };
  const auto report = find_table_leaks(known, asked, nullptr, nullptr);
  CHECK(report.entries_by(LeakKind::dopant) == 2);
  CHECK(report.entries_by(LeakKind::composition) == 1);
  CHECK(report.entries_of_any_kind == 3);
  REQUIRE(report.leaks.size() == 3);
  CHECK(asked[report.leaks[0].second].id == "trace");
  CHECK(asked[report.leaks[1].second].id == "two");
  CHECK(report.leaks[2].is(LeakKind::composition));
  CHECK_FALSE(report.leaks[2].is(LeakKind::dopant));
  CHECK(find_table_leaks(asked, known, nullptr, nullptr).pairs[4] == 2); // also with the sides exchanged
  CHECK(find_table_leaks(known, asked, nullptr, nullptr, {{}, 0.05, 0.011}).entries_by(LeakKind::dopant) ==
        3);
  CHECK(find_table_leaks(known, asked, nullptr, nullptr, {{}, 0.05, 0}).entries_by(LeakKind::dopant) == 0);
  // Lithium is the mobile ion: a small amount is not a trace.
  const std::vector<TableEntry> host = {entry("host", "TiS2")}, dilute = {entry("dilute", "Li0.01TiS2")};
  CHECK(find_table_leaks(host, dilute, nullptr, nullptr).leaks.empty());
}

TEST_CASE("a publication alone does not make entries one compound") {
  const std::vector<TableEntry> known = {{"a", crystal::Composition::parse("Li3N")}};
  const std::vector<TableEntry> asked = {{"b", crystal::Composition::parse("LiCl")}};
  const PublicationsById first = {{"a", {"10.1000/x"}}}, second = {{"b", {"10.1000/x"}}};
  const auto report = find_table_leaks(known, asked, {nullptr, &first}, {nullptr, &second});
  CHECK(report.entries_by(LeakKind::doi) == 1);
  CHECK(report.entries_of_any_kind == 0);
  LeakReport structures;
  structures.note_table(report);
  CHECK(structures.by_table_by(LeakKind::doi) == 1);
  CHECK(structures.by_table_of_any_kind == 0);
}

TEST_CASE("ICSD numbers are looked for in a table of labels") {
  CHECK_FALSE(IcsdNumbers::read_if_any(write("no-icsd", "ID,note\na,155950\n")));
  const auto numbers = IcsdNumbers::read_if_any(write("some-icsd", "ID,icsd\na,155950\n"));
  REQUIRE(numbers);
  CHECK(*numbers->find("a") == std::vector<std::string>{"155950"});
}

TEST_CASE("ICSD numbers are read from a table of labels") {
  const auto numbers =
      IcsdNumbers::read(write("icsd", "ID,ICSD ID\na,155950.0\nb,\nc,\"155950, 7\"\nd,unpublished\n"));
  CHECK(numbers.size() == 3);
  CHECK(*numbers.find("a") == std::vector<std::string>{"155950"});
  CHECK(numbers.find("b") == nullptr);
  CHECK(*numbers.find("c") == std::vector<std::string>{"155950", "7"});
  CHECK(*numbers.find("d") == std::vector<std::string>{"unpublished"});
}

TEST_CASE("OBELiX: eight groups of duplicates, every pair of one ICSD number among them", "[data]") {
  const auto folder = test::data() / "data/obelix";
  const auto crystals = read_folder(folder / "cifs");
  REQUIRE(crystals.size() == 321);
  const auto labels = Labels::read(folder / "labels.csv");
  const auto found = find_duplicates(test::world(), crystals, &labels);
  CHECK(groups_of(crystals, found) == std::set<std::set<std::string>>{{"019", "qno"},
                                                                      {"4ba", "ldx"},
                                                                      {"7o7", "h89"},
                                                                      {"9lo", "w7d"},
                                                                      {"9s4", "kab", "lap", "ym6"},
                                                                      {"gz8", "ka6"},
                                                                      {"ix1", "z7n"},
                                                                      {"p9u", "ywe"}});
  CHECK(found.kept.size() == 321 - 10);

  const auto numbers = IcsdNumbers::read(folder / "labels.csv");
  std::map<std::string, std::set<std::string>> by_number;
  for (const auto& crystal : crystals) {
    if (const auto* own = numbers.find(crystal.id)) {
      for (const auto& number : *own) {
        by_number[number].insert(crystal.id);
      }
    }
  }
  std::size_t shared = 0;
  for (const auto& [number, entries] : by_number) {
    shared += entries.size() > 1 ? 1 : 0;
    CHECK((entries.size() < 2 || groups_of(crystals, found).contains(entries)));
  }
  CHECK(shared == 3);
}

TEST_CASE("OBELiX: the distances of duplicates agree with pymatgen", "[data]") {
  const auto crystals = read_folder(test::data() / "data/obelix/cifs");
  std::map<std::string, const Crystal*> by_id;
  for (const auto& crystal : crystals) {
    by_id[crystal.id] = &crystal;
  }
  // StructureMatcher().get_rms_dist of pymatgen 2022.11.7: rms and largest distance.
  struct Expected {
    const char* first;
    const char* second;
    double rms, largest;
  };
  crystal::MatcherOptions options;
  options.best = true;
  for (const auto& expected : {Expected{"4ba", "ldx", 0.13622573974, 0.29780328215},
                               Expected{"7o7", "h89", 0.10285158164, 0.14973373945},
                               Expected{"9lo", "w7d", 0.10334947054, 0.14288047337},
                               Expected{"9s4", "kab", 0.16608845133, 0.24994469963},
                               Expected{"ix1", "z7n", 0.12854956821, 0.22295024755},
                               Expected{"kab", "lap", 0.17028903340, 0.29415809628},
                               Expected{"p9u", "ywe", 0.03032709599, 0.03575621676}}) {
    const auto found = crystal::match(*by_id.at(expected.first), *by_id.at(expected.second), options);
    REQUIRE(found);
    CHECK(found->rms == Approx(expected.rms).epsilon(1e-4));
    CHECK(found->max_distance == Approx(expected.largest).epsilon(1e-4));
  }
}

TEST_CASE("OBELiX: no structure and no ICSD number of the training set is in the test set", "[data]") {
  const auto folder = test::data() / "data/obelix";
  const auto split = Split::read(folder / "split.csv");
  std::vector<Crystal> train;
  std::vector<Crystal> held_out;
  for (auto& crystal : read_folder(folder / "cifs")) {
    const auto* row = split.find(crystal.id);
    REQUIRE(row != nullptr);
    (row->set == "train" ? train : held_out).push_back(std::move(crystal));
  }
  REQUIRE(train.size() == 254);
  REQUIRE(held_out.size() == 67);
  const auto numbers = IcsdNumbers::read(folder / "labels.csv");
  const auto report = find_leaks(test::world(), train, held_out, &numbers, &numbers);
  CHECK(report.pairs[0] + report.pairs[1] + report.pairs[2] == 0);
  CHECK(report.pairs[3] == 4);
  std::set<std::string> near;
  for (const auto& leak : report.leaks) {
    if (leak.is(LeakKind::composition)) {
      near.insert(held_out[leak.second].id);
    }
  }
  // Li7P3S11 beside three other lithium thiophosphates, and one garnet beside another.
  CHECK(near == std::set<std::string>{"mdp", "wa3"});
}
