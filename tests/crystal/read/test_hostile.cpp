// SPDX-License-Identifier: BSD-3-Clause
// Malicious texts: each is refused by name, or read, within a budget of time and memory.
#include "ionsift/base/memory.hpp"
#include "ionsift/base/text.hpp"

#include "cif_text.hpp"
#include "sound.hpp"

#include <ctime>

using namespace ionsift;
using namespace ionsift::crystal;
using namespace ionsift::test;

namespace {

/// Processor seconds of this process, and MB that it may grow by: far more than needed here, far less than
/// would hold up a batch.
class Budget {
public:
  explicit Budget(double mb = 500) : mb_(peak_memory_mb() + mb) {}
  ~Budget() {
    CHECK(double(std::clock() - start_) / CLOCKS_PER_SEC < 60);
    CHECK(peak_memory_mb() < mb_);
  }

private:
  std::clock_t start_ = std::clock();
  double mb_;
};

CifText good() {
  CifText cif;
  cif.symmetry = operators({"x,y,z"});
  cif.atoms = "Li1 Li 0 0 0 1\nCl1 Cl .5 .5 .5 1";
  return cif;
}

/// All results; checks that none has a flaw.
std::vector<ReadResult> read_soundly(const std::string& text, const ReadOptions& options = {}) {
  auto results = read_all(text, options);
  for (const auto& result : results) {
    CHECK(std::visit([](const auto& one) { return flaw_of(one); }, result) == "");
  }
  return results;
}

Failure refused(const std::string& text, const ReadOptions& options = {}) {
  const auto results = read_soundly(text, options);
  REQUIRE(results.size() == 1);
  REQUIRE(std::holds_alternative<Failure>(results.front()));
  return std::get<Failure>(results.front());
}

Failure refused(const CifText& cif, const ReadOptions& options = {}) {
  return refused(cif.text(), options);
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  all.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) {
    all += text;
  }
  return all;
}

} // namespace

TEST_CASE("Extremely flat and absurd cells") {
  const Budget budget;
  for (const char* cell :
       {"5 5 5 90 90 0.001", "5 5 5 119.9999 119.9999 119.9999", "1000 1000 0.001 90 90 90",
        "5 5 5 0.1 0.1 0.1", "1e-300 1e-300 1e-300 90 90 90", "1e300 1e300 1e300 90 90 90", "-5 5 5 90 90 90",
        "5 5 5 -90 90 90", "5 5 5 90 90 360", "nan nan nan nan nan nan", "inf 5 5 90 90 90",
        "1e308/1e-308 5 5 90 90 90"}) {
    CAPTURE(cell);
    auto cif = good();
    cif.cell = cell;
    CHECK(refused(cif).block == "test");
  }
  for (const char* lattice : {R"({"matrix": [[5, 0, 0], [0, 5, 0], [1e-9, 0, 1e-9]]})",
                              R"({"matrix": [[1e308, 0, 0], [0, 1e308, 0], [0, 0, 1e308]]})",
                              R"({"a": 0, "b": 5, "c": 5, "alpha": 90, "beta": 90, "gamma": 90})",
                              R"({"a": 5, "b": -5, "c": 5, "alpha": 90, "beta": 90, "gamma": 90})"}) {
    CAPTURE(lattice);
    refused(std::string("{\"lattice\": ") + lattice +
            R"(, "sites": [{"species": [{"element": "Li", "occu": 1}], "abc": [0, 0, 0]}]})");
  }
}

TEST_CASE("A million sites") {
  const Budget budget(2000);
  auto cif = good();
  cif.cell = "900 900 900 90 90 90";
  cif.atoms.clear();
  for (int i = 0; i < 1'000'000; ++i) {
    cif.atoms +=
        fmt::format("Li Li .{:03} .{:03} .{:03} 1\n", i % 100 * 10, i / 100 % 100 * 10, i / 10000 * 10);
  }
  const auto failure = refused(cif);
  CHECK(failure.code == ErrorCode::limit);
  CHECK(failure.message.find("20000 sites") != std::string::npos);
}

TEST_CASE("Numbers out of range are refused, wherever they are") {
  const Budget budget;
  ReadOptions tolerant;
  tolerant.strictness = Strictness::tolerant;
  for (const char* atom : {"Li1 Li 1e308 0 0 1", "Li1 Li 1e308/1e-308 0 0 1", "Li1 Li -1e7 0 0 1",
                           "Li1 Li nan 0 0 1", "Li1 Li 0 0 0 1e308\nLi2 Li 0 0 0 1e308", "Li1 Li 0 0 0 inf",
                           "Li1 Li 0 0 0 -1", "Li1 Li1e308+ 0 0 0 1", "Li1 Li 1/0 0 0 1"}) {
    CAPTURE(atom);
    auto cif = good();
    cif.atoms = atom;
    CHECK(refused(cif, tolerant).line > 0);
  }
  auto cif = good();
  cif.more = "loop_\n_atom_type_symbol\n_atom_type_oxidation_number\nLi 1e308\nCl -1e308";
  CHECK(refused(cif, tolerant).message.find("oxidation state") != std::string::npos);
  cif.more = "_chemical_formula_sum '(Li999999999)999999999'\n_cell_formula_units_Z 999999999999999999";
  CHECK_FALSE(warning(read_one(cif), "formula_unreadable").empty());
}

TEST_CASE("Operators that generate no finite group, or a too large one") {
  const Budget budget;
  const auto refuse = [](const std::vector<std::string>& triplets) {
    auto cif = good();
    cif.symmetry = operators(triplets);
    ReadOptions tolerant;
    tolerant.strictness = Strictness::tolerant;
    return refused(cif, tolerant);
  };
  refuse({"x,y,z", "x+y,y,z"});       // of infinite order
  refuse({"x+y,y,z", "x,x+y,z"});     // grows with each product
  refuse({"x+50y,y,z", "x,y+50x,z"}); // even faster
  refuse({"99999999999x,y,z"});
  refuse({"x,y,z+" + std::string(300, '9')});
  refuse({"x" + repeated("+x", 100'000) + ",y,z"});
  refuse({std::string(1'000'000, 'x') + ",y,z"});
  std::vector<std::string> translations;
  for (int i = 0; i < 100'000; ++i) {
    translations.push_back(fmt::format("x+{}/317,y+{}/317,z", i % 317, i / 317));
  }
  CHECK(refuse(translations).message.find("not form a group") != std::string::npos);
}

TEST_CASE("A hundred thousand species") {
  const Budget budget;
  std::string sites;
  std::string atoms;
  for (int i = 1; i <= 100'000; ++i) {
    const double state = i * 1e-4;
    sites += fmt::format(R"({}{{"element": "Li", "occu": 1e-6, "oxidation_state": {}}})", i > 1 ? ", " : "",
                         state);
    atoms += fmt::format("Li{} Li{:.4f}+ 0 0 0 1e-6\n", i, state);
  }
  const auto document =
      R"({"lattice": {"matrix": [[5, 0, 0], [0, 5, 0], [0, 0, 5]]}, "sites": [{"abc": [0, 0, 0], "species": [)" +
      sites + "]}]}";
  CHECK(refused(document).code == ErrorCode::limit);
  auto cif = good();
  cif.atoms = atoms;
  CHECK(refused(cif).code == ErrorCode::limit);
}

TEST_CASE("Bytes that are not valid UTF-8 do not get into the output") {
  const Budget budget;
  auto cif = good();
  cif.name = "a\xFF\xFE"
             "b";
  cif.more = "_chemical_formula_sum 'Li \xC3\x28'";
  cif.atoms = "Li\xED\xA0\x80 Li 0 0 0 1\nCl1 Cl .5 .5 .5 1";
  const auto results = read_soundly(cif.text());
  REQUIRE(results.size() == 1);
  if (const auto* crystal = std::get_if<Crystal>(&results.front())) {
    CHECK(crystal->block == "a\xEF\xBF\xBD\xEF\xBF\xBD"
                            "b");
  }
  for (const char* text : {"data_\xFF\n_cell_length_a \xFF\n",
                           "\xFF\xFE"
                           "d\0a\0t\0a\0_\0",
                           "{\"\xFF\": 1}", "{\"lattice\": {\"matrix\": \"\xC0\x80\"}, \"sites\": []}"}) {
    read_soundly(text);
  }
}

TEST_CASE("Thousands of blocks, bad ones among good ones") {
  const Budget budget;
  std::string text;
  constexpr int blocks = 6000;
  for (int i = 0; i < blocks; ++i) {
    auto cif = good();
    cif.name = fmt::format("b{}", i);
    cif.cell = i % 3 == 1 ? "0 5 5 90 90 90" : cif.cell;
    text += i % 3 == 2 ? fmt::format("data_b{}\nloop_\n_atom_site_label\n_atom_site_fract_x\nLi1\n", i)
                       : cif.text();
  }
  const auto results = read_soundly(text);
  REQUIRE(results.size() == blocks);
  for (int i = 0; i < blocks; ++i) {
    const auto& result = results[static_cast<std::size_t>(i)];
    CAPTURE(i);
    REQUIRE(std::holds_alternative<Crystal>(result) == (i % 3 == 0));
    const auto* failure = std::get_if<Failure>(&result);
    CHECK((failure == nullptr || failure->block == fmt::format("b{}", i)));
  }
}

TEST_CASE("Lines of a million characters") {
  const Budget budget;
  const std::string line(1'000'000, 'A');
  auto cif = good();
  cif.name = line;
  CHECK(read_soundly(cif.text()).size() == 1);
  cif = good();
  cif.atoms = line + " Li 0 0 0 1\nCl1 " + line + " .5 .5 .5 1";
  CHECK(read_soundly(cif.text()).size() == 1);
  for (const char* tag :
       {"_chemical_formula_sum", "_symmetry_space_group_name_H-M", "_symmetry_space_group_name_Hall",
        "_cell_formula_units_Z", "_publ_section_title", "_cell_length_a"}) {
    CAPTURE(tag);
    cif = good();
    cif.symmetry.clear();
    cif.more = std::string(tag) + " " + line;
    CHECK(read_soundly(cif.text()).size() == 1);
    cif.more = std::string(tag) + " '" + repeated("-P 2 (", 200'000) + "'";
    CHECK(read_soundly(cif.text()).size() == 1);
  }
  read_soundly("data_x\n" + repeated("loop_ ", 200'000));
  read_soundly("{\"" + line + "\": \"" + line + "\", \"lattice\": \"" + line + "\"}");
}

TEST_CASE("Brackets a million deep") {
  const Budget budget;
  constexpr int depth = 1'000'000;
  const std::string open(depth, '['), close(depth, ']');
  CHECK(refused(open).code == ErrorCode::format);
  CHECK(refused(open + close).code == ErrorCode::format);
  CHECK(refused(repeated("{\"a\":", depth)).code == ErrorCode::format);
  const auto inside = [](const std::string& properties) {
    return R"({"lattice": {"matrix": [[5, 0, 0], [0, 5, 0], [0, 0, 5]]}, "properties": )" + properties +
           R"(, "sites": [{"abc": [0, 0, 0], "species": [{"element": "Li", "occu": 1}]}]})";
  };
  CHECK(refused(inside(open + close)).message.find("nest more than") != std::string::npos);
  CHECK(read_one(inside("[[[\"[[\", {}]]]")).sites.size() == 1);
  auto cif = good();
  cif.more = "_chemical_formula_sum '" + std::string(depth, '(') + "Li" + std::string(depth, ')') + "'";
  CHECK(read_soundly(cif.text()).size() == 1);
}
