// SPDX-License-Identifier: BSD-3-Clause
// CIFs in the dialects of many programs: sites, content and symmetry worked out by hand.
#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/crystal/match/matcher.hpp"
#include "ionsift/crystal/source/source.hpp"
#include "ionsift/crystal/symmetry/symmetry.hpp"

#include <catch2/catch.hpp>
#include <fmt/ranges.h>

#include <filesystem>
#include <map>

using namespace ionsift;
using namespace ionsift::crystal;

namespace {

const std::filesystem::path folder = "tests/crystal/golden";

/// All crystals of the folder by id; the test fails if a file gives none.
std::map<std::string, Crystal> read_golden(const ReadOptions& options = {}) {
  EntryStream stream({folder});
  std::map<std::string, Crystal> crystals;
  while (auto next = stream.next()) {
    if (std::holds_alternative<Failure>(*next)) {
      continue; // expected.csv is not a table of structures
    }
    const auto& entry = std::get<Entry>(*next);
    for (auto& result : read_entry(entry.bytes, entry.name, options)) {
      if (const auto* failure = std::get_if<Failure>(&result)) {
        FAIL(failure->source << ": " << failure->message);
      }
      auto& crystal = std::get<Crystal>(result);
      const auto id = crystal.id;
      REQUIRE(crystals.emplace(id, std::move(crystal)).second);
    }
  }
  return crystals;
}

std::string multiplicities(const Crystal& crystal) {
  std::vector<int> list;
  for (const Orbit& orbit : crystal.orbits) {
    list.push_back(orbit.multiplicity);
  }
  return fmt::format("{}", fmt::join(list, " "));
}

std::string warning_codes(const Crystal& crystal) {
  std::vector<std::string> codes;
  for (const std::string& text : crystal.warnings) {
    codes.push_back(text.substr(0, text.find(':')));
  }
  return fmt::format("{}", fmt::join(codes, " "));
}

} // namespace

TEST_CASE("Golden CIFs of many origins") {
  // Multiplicities are those of the Wyckoff positions (last column), amounts their products with occupancies.
  const auto crystals = read_golden();
  const auto expected = CsvTable::read(folder / "expected.csv");
  CHECK(expected.size() == crystals.size());
  CHECK(expected.size() >= 50);
  for (std::size_t row = 0; row < expected.size(); ++row) {
    const auto cell = [&](const char* column) { return expected.cell(row, expected.column(column)); };
    CAPTURE(cell("id"));
    const auto found = crystals.find(cell("id"));
    REQUIRE(found != crystals.end());
    const Crystal& crystal = found->second;
    CHECK(std::to_string(crystal.sites.size()) == cell("sites"));
    CHECK(multiplicities(crystal) == cell("multiplicities"));
    const Composition content = Composition::parse(cell("cell"));
    CAPTURE(crystal.composition().formula(6));
    REQUIRE(crystal.composition().amounts().size() == content.amounts().size());
    for (const auto& [atomic_number, amount] : content.amounts()) {
      CHECK(crystal.composition().amount(atomic_number) == Approx(amount).epsilon(1e-9));
    }
    CHECK(crystal.is_ordered() == (cell("ordered") == "1"));
    CHECK(name_of(crystal.orbit_source) == cell("orbits"));
    CHECK(name_of(crystal.oxidation_source) == cell("oxidation"));
    CHECK(warning_codes(crystal) == cell("warnings"));
    CHECK(std::to_string(find_symmetry(crystal).space_group) == cell("space_group"));
  }
}

TEST_CASE("One structure in several dialects is one structure") {
  const auto crystals = read_golden();
  const std::vector<std::vector<std::string>> same = {
      {"icsd-olivine", "cod-olivine-pmnb"},
      {"cod-nasicon-hexagonal", "cod-nasicon-rhombohedral", "cod-nasicon-no-axes"},
      {"cod-spinel-choice-2", "cod-spinel-no-choice"},
      {"hall-niobate-hexagonal", "hall-niobate-rhombohedral"},
      {"cod-anatase-s", "cod-anatase-choice-2"},
      {"jana-lgps-choice-1", "symbol-lgps-choice-2", "symbol-lgps-no-choice"},
      {"icsd-layered", "cod-layered-rhombohedral-number"},
      {"cod-nitrate-number", "findsym-nitrate-decimals"},
      {"90012-ICSD", "pymatgen-iodide-symbol"}};
  for (const auto& group : same) {
    for (const std::string& other : group) {
      CAPTURE(group.front(), other);
      const auto found = match(crystals.at(group.front()), crystals.at(other), {.best = true});
      REQUIRE(found.has_value());
      CHECK(found->max_distance < 1e-3);
    }
  }
}

TEST_CASE("Golden CIFs have the same content without the use of symmetry") {
  const auto reduced = read_golden();
  ReadOptions options;
  options.use_symmetry = false;
  for (const auto& [id, plain] : read_golden(options)) {
    CAPTURE(id);
    CHECK(plain.orbits.size() == plain.sites.size());
    CHECK(plain.sites.size() == reduced.at(id).sites.size());
    CHECK(plain.composition().formula(6) == reduced.at(id).composition().formula(6));
    CHECK(plain.warnings == reduced.at(id).warnings);
  }
}
