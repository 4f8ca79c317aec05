// SPDX-License-Identifier: BSD-3-Clause
// JSON documents and tables of databases and programs.
#include "ionsift/base/file.hpp"

#include "archives.hpp"
#include "cif_text.hpp"
#include "support.hpp"

using namespace ionsift;
using namespace ionsift::crystal;
using namespace ionsift::test;

namespace {

std::string structure(const std::string& element = "Cl", const std::string& more = "") {
  return R"({"@class": "Structure", "lattice": {"matrix": [[4, 0, 0], [0, 4, 0], [0, 0, 4]]}, "sites": [
    {"species": [{"element": "Li", "occu": 1}], "abc": [0, 0, 0])" +
         more + R"(}, {"species": [{"element": ")" + element + R"(", "occu": 1}], "abc": [0.5, 0.5, 0.5]}]})";
}

std::string record(const std::string& id, const std::string& element = "Cl") {
  return "{\"material_id\": " + id + ", \"structure\": " + structure(element) + "}";
}

std::string on_one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

/// "id=formula" of every structure, "!source: message" of every failure.
Names read_all_of(const std::vector<fs::path>& inputs, const SourceOptions& options = {}) {
  EntryStream stream(inputs, options);
  Names names;
  while (auto next = stream.next()) {
    if (const auto* failure = std::get_if<Failure>(&*next)) {
      names.push_back("!" + failure->source + ": " + failure->message);
      continue;
    }
    const auto& entry = std::get<Entry>(*next);
    for (const auto& result : read_entry(entry.bytes, entry.name)) {
      const auto* crystal = std::get_if<Crystal>(&result);
      names.push_back(crystal != nullptr
                          ? crystal->id + "=" + crystal->composition().formula()
                          : "!" + entry.name.source + ": " + std::get<Failure>(result).message);
    }
  }
  return names;
}

Names read_text(const std::string& name, const std::string& text, const SourceOptions& options = {}) {
  const fs::path folder = scratch("document");
  write(folder / name, text);
  return read_all_of({folder / name}, options);
}

} // namespace

TEST_CASE("Ids are those of the document") {
  const auto ids = [](const std::string& first, const std::string& second) {
    return read_text("d.json", "[" + record(first) + ", " + record(second, "F") + "]");
  };
  CHECK(ids("\"mp-1\"", "\"mp-2\"") == Names{"mp-1=LiCl", "mp-2=LiF"});
  CHECK(ids("17", "18") == Names{"17=LiCl", "18=LiF"});
  CHECK(ids(R"({"@module": "emmet.core.mpid", "@class": "MPID", "string": "mp-1"})", R"({"$oid": "5f"})") ==
        Names{"mp-1=LiCl", "5f=LiF"});
  CHECK(ids(R"("Li\u2082S \u00b5")", R"("a/b \"q\"")") ==
        Names{"Li\xE2\x82\x82S \xC2\xB5=LiCl", "a/b \"q\"=LiF"});
  for (const std::string field : {"id", "mp_id", "cif_id", "identifier", "name", "index", "_id", "task_id"}) {
    CAPTURE(field);
    const auto text =
        "[{\"" + field + "\": \"x\", \"s\": " + structure() + ", \"e\": 1}, " + record("\"y\"") + "]";
    CHECK(read_text("d.json", text) == Names{"x=LiCl", "y=LiCl"});
  }
  // Also where the structure has another name, and where the id is nested deeper.
  CHECK(read_text("d.json",
                  "[{\"material_id\": \"wbm-1\", \"initial_structure\": " + structure() +
                      ", \"n\": 1}, {\"data\": {\"mat_id\": \"agm1\"}, \"entry_id\": null, \"structure\": " +
                      structure("F") + "}]") == Names{"wbm-1=LiCl", "agm1=LiF"});
}

TEST_CASE("Structures without an id get numbers that no database uses, and are counted") {
  const fs::path folder = scratch("numbered");
  write(folder / "d.json", "[" + structure() + "," + structure("F") + "]");
  CifText cif;
  cif.atoms = "Li1 Li 0 0 0 1";
  write(folder / "t.csv", "cif\n\"" + cif.text() + "\"\n");
  EntryStream stream({folder});
  Names names;
  while (auto next = stream.next()) {
    names.push_back(std::get<Entry>(*next).name.id + " of " + std::get<Entry>(*next).name.source);
  }
  CHECK(names == Names{"d.json#1 of numbered/d.json#1", "d.json#2 of numbered/d.json#2",
                       "t.csv#1 of numbered/t.csv#1"});
  CHECK(stream.notes().numbered.count == 3);
  CHECK(stream.notes().numbered.example == "d.json#1");
}

TEST_CASE("The requested field or column of ids is used, or refused if it does not exist") {
  const std::string text = "[{\"id\": \"a\", \"code\": \"x1\", \"structure\": " + structure() +
                           "}, {\"id\": \"b\", \"code\": \"x2\", \"structure\": " + structure("F") + "}]";
  CHECK(read_text("d.json", text, {.id_column = "code", .structure_column = ""}) ==
        Names{"x1=LiCl", "x2=LiF"});
  const auto refused = read_text("d.json", text, {.id_column = "absent", .structure_column = ""});
  REQUIRE(refused.size() == 1);
  CHECK_THAT(refused[0], Catch::Contains("no field 'absent'") && Catch::Contains("id, code, structure"));
  const auto single = "{\"id\": \"a\", \"code\": \"x1\", \"structure\": " + structure() + "}";
  CHECK(read_text("d.json", single, {.id_column = "code", .structure_column = ""}) == Names{"x1=LiCl"});
  CHECK(read_text("d.json", single) == Names{"a=LiCl"});
  CHECK_THAT(read_text("d.json", single, {.id_column = "absent", .structure_column = ""})[0],
             Catch::Contains("no field 'absent'"));
}

TEST_CASE("Forms of documents") {
  const std::string a = record("\"a\"");
  const std::string b = record("\"b\"", "F");
  const Names both = {"a=LiCl", "b=LiF"};
  CHECK(read_text("d.json", on_one_line(a) + "\n" + on_one_line(b) + "\n") == both);
  CHECK(read_text("d.jsonl", on_one_line(a) + "\n" + on_one_line(b)) == both);
  CHECK(read_text("d.json", a + "\n" + b) == both);
  CHECK(read_text("d.json", "\xEF\xBB\xBF[" + a + "," + b + "]") == both);
  for (const std::string key : {"data", "results", "entries", "response", "structures"}) {
    CHECK(read_text("d.json", "{\"meta\": {\"n\": 2}, \"" + key + "\": [" + a + "," + b + "]}") == both);
  }
  CHECK(read_text("d.json", "{\"a\": " + structure() + ", \"b\": " + structure("F") + "}") == both);
  CHECK(read_text("d.json", "{\"run\": {\"a\": {\"structure\": " + structure() +
                                ", \"e\": 1}, \"b\": {\"structure\": " + structure("F") + ", \"e\": 2}}}") ==
        both);
  CHECK(read_text("d.json", "{\"structure\": [" + structure() + ", " + structure("F") +
                                "], \"energy\": [1, 2], \"id\": [\"a\", \"b\"]}") == both);
  CHECK(read_text("d.json", "{\"material_id\": {\"0\": \"a\", \"1\": \"b\"}, \"structure\": {\"0\": " +
                                structure() + ", \"1\": " + structure("F") + "}}") == both);
  const std::string cells =
      "\"data\": [[{\"Li\": 1}, " + structure() + "], [{\"Li\": 1}, " + structure("F") + "]]";
  CHECK(read_text("d.json", "{\"index\": [\"a\", \"b\"], \"columns\": [\"composition\", \"structure\"], " +
                                cells + "}") == both);
  CHECK(read_text("d.json", "{\"index\": [0, 1], \"columns\": [\"composition\", \"structure\"], " + cells +
                                "}") == Names{"0=LiCl", "1=LiF"});
}

TEST_CASE("OPTIMADE responses, JARVIS, numpy and NaN") {
  const std::string optimade =
      R"({"data": [{"id": "odbx/1", "type": "structures", "attributes": {"lattice_vectors":
      [[4, 0, 0], [0, 4, 0], [0, 0, 4]], "cartesian_site_positions": [[0, 0, 0], [2, 2, 2]], "species_at_sites":
      ["Li", "X1"], "species": [{"name": "Li", "chemical_symbols": ["Li"], "concentration": [1.0]}, {"name": "X1",
      "chemical_symbols": ["Cl", "Br", "vacancy"], "concentration": [0.5, 0.3, 0.2]}]}}], "meta": {"more": false}})";
  CHECK(read_text("d.json", optimade) == Names{"odbx/1=LiBr0.3Cl0.5"});
  CHECK(read_text("d.json", R"([{"jid": "JVASP-1", "atoms": {"lattice_mat": [[4, 0, 0], [0, 4, 0], [0, 0, 4]],
      "coords": [[0, 0, 0], [2, 2, 2]], "elements": ["Li", "Cl"], "cartesian": true}}, {"jid": "JVASP-2"}])") ==
        Names{"JVASP-1=LiCl", "!d.json#JVASP-2: record 2 is not a structure (the record holds no structure) "
                              "Remove the record, or "
                              "complete it."});
  const std::string array = R"({"@module": "numpy", "@class": "array", "dtype": "float64", "data": )";
  std::string numpy = structure();
  numpy.replace(numpy.find("[0.5, 0.5, 0.5]"), 15, array + "[0.5, 0.5, 0.5]}");
  const std::string matrix = "[[4, 0, 0], [0, 4, 0], [0, 0, 4]]";
  numpy.replace(numpy.find(matrix), matrix.size(), array + matrix + "}");
  CHECK(read_one(numpy).volume() == Approx(64));
  CHECK(read_one(structure("Cl", R"(, "properties": {"magmom": NaN, "x": -Infinity, "NaN": "NaN"})"))
            .sites.size() == 2);
  CHECK(read_text("d.json", "[{\"id\": \"a\", \"gap\": NaN, \"structure\": " + structure() + "}]") ==
        Names{"a=LiCl"});
  std::string empty = structure();
  empty.replace(empty.find("\"occu\": 1"), 9, "\"occu\": 0");
  CHECK_FALSE(warning(read_one(empty), "zero_occupancy").empty());
  CHECK(read_one(empty).sites.size() == 1);
}

TEST_CASE("Every record is a structure or a failure, and a truncated document is a failure of its own") {
  const std::string a = record("\"a\"");
  const auto count = [](const Names& names, const std::string& text) {
    return std::ranges::count_if(names,
                                 [&](const auto& name) { return name.find(text) != std::string::npos; });
  };
  auto names = read_text("d.json", "[" + a + ", null, {\"id\": \"c\", \"structure\": null}, 5, " + a + "]");
  CHECK(names.size() == 5);
  CHECK(count(names, "=LiCl") == 2);
  CHECK(count(names, "record 2 is not a structure (the record is null)") == 1);
  CHECK(count(names, "!d.json#c: record 3") == 1);
  names = read_text("d.json", "{\"columns\": [\"structure\", \"m\"], \"index\": [0, 1], \"data\": [[" +
                                  structure() + ", 1], [null, 0]]}");
  CHECK(names.size() == 2);
  CHECK(count(names, "!d.json#1: record 2") == 1);
  // Truncated behind a record, and within one.
  names = read_text("d.json", "[" + a + ", " + record("\"b\"") + ",\n");
  CHECK(names.size() == 3);
  CHECK(count(names, "the document is truncated") == 1);
  names = read_text("d.json", "[" + a + ", " + record("\"b\"").substr(0, 80));
  CHECK(names.size() == 2);
  CHECK(count(names, "the document is truncated") == 1);
  names = read_text("d.json", "{\"data\": [" + a + "]");
  CHECK(names.size() == 2);
  names = read_text("d.jsonl",
                    on_one_line(a) + "\n" + on_one_line(a).substr(0, 100) + "\n" + on_one_line(a) + "\n");
  CHECK(count(names, "=LiCl") == 2);
  CHECK(count(names, "not one complete JSON value") == 1);
}

TEST_CASE("Tables: empty cells, dictionaries of Python, ids in another order") {
  const std::string python =
      "{'lattice': {'matrix': [[4, 0, 0], [0, 4, 0], [0, 0, 4]], 'pbc': (True, True, True)}, "
      "'sites': [{'species': [{'element': 'Li', 'occu': 1}], 'abc': [0, 0, 0], 'label': None}]}";
  const auto names = read_text("t.csv", "structure,id\n\"" + python + "\",a\n,b\n");
  REQUIRE(names.size() == 2);
  CHECK(names[0] == "a=Li");
  CHECK_THAT(names[1], Catch::Contains("!t.csv#b") && Catch::Contains("'structure' is empty"));
}

TEST_CASE("Inputs of laboratories and databases") {
  const fs::path folder = fs::path(IONSIFT_CASES) / "inputs";
  const auto check = [&](const std::string& file, const Names& expected) {
    CAPTURE(file);
    Names ids;
    for (const auto& name : read_all_of({folder / file})) {
      ids.push_back(name.substr(0, name.find_first_of("=:")));
    }
    CHECK(ids == expected);
  };
  check("10-truncated-json/truncated-list.json", {"t-0", "t-1", "t-2", "!truncated-list.json#4"});
  check("11-null-rows/matbench-null.json", {"0", "!matbench-null.json#1", "2", "3"});
  check("12-ids-of-json/id-cif_id.json", {"c1", "c2"});
  check("12-ids-of-json/id-escapes.json", {"Li\xE2\x82\x82S \xC2\xB5", "a/b \"q\""});
  check("12-ids-of-json/mpid-object.json", {"mp-1", "mp-2"});
  check("12-ids-of-json/pandas-records.json", {"wbm-1", "wbm-2"});
  const std::string variants = "14-json-variants-not-read/";
  check(variants + "alexandria.json", {"agm1", "agm2"});
  check(variants + "bom-list.json", {"t-0", "t-1"});
  check(variants + "chgnet-columnar.json", {"a", "b"});
  check(variants + "lines.json", {"l-1", "l-2"});
  check(variants + "lines.jsonl", {"l-1", "l-2"});
  check(variants + "matbench-dict-before.json", {"i1", "i2"});
  check(variants + "nan-property.json", {"n-1", "n-2"});
  check(variants + "pandas-columns-structure.json", {"wbm-1", "wbm-2"});
  check(variants + "response.json", {"odbx/1"});
  check(variants + "python-repr.csv", {"a1"});
  for (const std::string name : {"nan-single", "no-species-empty", "numpy-abc", "numpy-lattice", "occu0"}) {
    check(variants + name + ".json", {name});
  }
  for (const std::string name : {"cif2", "ctrlz", "nul", "utf16"}) {
    check("15-encodings/" + name + ".cif", {name});
  }
  check("16-archives/nested-only.tar", {});
  CHECK(read_all_of({folder / "16-archives/updated.tar"}) == Names{"LiF=Li4F4", "LiCl=Li4Cl4"});
  check("17-folder-of-other-formats", {"a", "l-1", "l-2", "odbx/1", "poscars/POSCAR", "x"});
}
