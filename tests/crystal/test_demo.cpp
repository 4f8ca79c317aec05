// SPDX-License-Identifier: BSD-3-Clause
// The crystals of the demonstration (inputs/demo): the files agree with their table and are plausible.
#include "ionsift/base/csv.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/crystal/atom.hpp"
#include "ionsift/crystal/cell/images.hpp"
#include "ionsift/crystal/chemistry/element.hpp"
#include "ionsift/crystal/source/source.hpp"
#include "ionsift/crystal/symmetry/symmetry.hpp"

#include <catch2/catch.hpp>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <set>
#include <sstream>
#include <string_view>

using namespace ionsift;
using namespace ionsift::crystal;

namespace {

const std::filesystem::path folder = "inputs/demo";

struct Typed {
  Crystal crystal;
  std::string text; ///< of the CIF
};

/// The crystals of a folder by id, read at the strict level: no ambiguity in symmetry, content or
/// multiplicities.
std::map<std::string, Typed> read_strictly(const std::string& set) {
  ReadOptions strict;
  strict.strictness = Strictness::strict;
  EntryStream stream({folder / set});
  std::map<std::string, Typed> crystals;
  while (auto next = stream.next()) {
    const auto& entry = std::get<Entry>(*next);
    for (auto& result : read_entry(entry.bytes, entry.name, strict)) {
      if (const auto* failure = std::get_if<Failure>(&result)) {
        FAIL(failure->source << ": " << failure->message);
      }
      auto& crystal = std::get<Crystal>(result);
      const auto id = crystal.id;
      REQUIRE(crystals.emplace(id, Typed{std::move(crystal), entry.bytes}).second);
    }
  }
  return crystals;
}

/// contents.csv with the crystals that it lists.
class Contents {
public:
  std::size_t size() const { return table_.size(); }
  std::string cell(std::size_t row, const char* column) const {
    return table_.cell(row, table_.column(column));
  }
  double number(std::size_t row, const char* column) const { return std::stod(cell(row, column)); }
  const Typed& typed(std::size_t row) const { return sets_.at(cell(row, "set")).at(cell(row, "id")); }
  const std::map<std::string, Typed>& set(const std::string& name) const { return sets_.at(name); }

private:
  CsvTable table_ = CsvTable::read(folder / "contents.csv");
  std::map<std::string, std::map<std::string, Typed>> sets_ = {{"labelled", read_strictly("labelled")},
                                                               {"unlabelled", read_strictly("unlabelled")}};
};

int listed_operators(const std::string& cif) {
  const auto begin = cif.find("_space_group_symop_operation_xyz\n");
  const auto end = cif.find("loop_", begin);
  return static_cast<int>(std::count(cif.begin() + static_cast<std::ptrdiff_t>(begin),
                                     cif.begin() + static_cast<std::ptrdiff_t>(end), '\n')) -
         1;
}

double occupancy(const Orbit& orbit) {
  double sum = 0;
  for (const Species& species : orbit.species) {
    sum += species.occupancy;
  }
  return sum;
}

/// The elements of two orbits as "Li-O", each orbit by its first species in the file (its label).
std::string pair_of(const Orbit& a, const Orbit& b) {
  const auto symbol = [](const Orbit& orbit) {
    return orbit.label.substr(0, orbit.label.find_first_of("0123456789"));
  };
  return std::min(symbol(a), symbol(b)) + "-" + std::max(symbol(a), symbol(b));
}

struct Pair {
  int first;  ///< orbit
  int second; ///< orbit, not smaller than the first
  double distance;
};

/// The shortest distance between each pair of orbits, up to 4 angstrom.
std::vector<Pair> near_pairs(const Crystal& crystal) {
  ImageSearch search(crystal.lattice, 4.0);
  std::map<std::pair<int, int>, double> shortest;
  for (std::size_t k = 0; k < crystal.orbits.size(); ++k) {
    const auto& from = crystal.sites[static_cast<std::size_t>(crystal.orbits[k].representative)].fractional;
    for (const Site& site : crystal.sites) {
      std::vector<double> squared;
      search.append_squared(site.fractional - from, squared);
      std::erase_if(squared, [](double d) { return d < 1e-6; });
      if (!squared.empty()) {
        const double distance = std::sqrt(*std::min_element(squared.begin(), squared.end()));
        const int from_orbit = static_cast<int>(k);
        const std::pair key(std::min(from_orbit, site.orbit), std::max(from_orbit, site.orbit));
        const auto [at, is_new] = shortest.try_emplace(key, distance);
        at->second = std::min(at->second, distance);
      }
    }
  }
  std::vector<Pair> pairs;
  for (const auto& [key, distance] : shortest) {
    pairs.push_back({key.first, key.second, distance});
  }
  return pairs;
}

/// Neighbouring places of which at most one is taken: closer than atoms can be, and at most half
/// occupied.
bool exclude_each_other(const Crystal& crystal, const Pair& pair) {
  return pair.distance < 1.6 && occupancy(crystal.orbits[static_cast<std::size_t>(pair.first)]) +
                                        occupancy(crystal.orbits[static_cast<std::size_t>(pair.second)]) <=
                                    1.005;
}

bool is_non_metal(int atomic_number) {
  const std::set<int> non_metals = {1, 5, 6, 7, 8, 9, 14, 15, 16, 17, 32, 33, 34, 35, 52, 53};
  return non_metals.contains(atomic_number);
}

/// 1.5 angstrom if a metal is involved; in molecular ions 0.8 of the sum of the covalent radii.
double least_distance(const Orbit& a, const Orbit& b) {
  double least = 0;
  for (const Species& one : a.species) {
    for (const Species& other : b.species) {
      const bool covalent = is_non_metal(one.atomic_number) && is_non_metal(other.atomic_number);
      least = std::max(
          least,
          covalent ? 0.8 * (covalent_radius(one.atomic_number) + covalent_radius(other.atomic_number)) : 1.5);
    }
  }
  return least;
}

} // namespace

TEST_CASE("The crystals of the demonstration agree with its table") {
  const Contents contents;
  std::map<std::string, int> sizes, disordered;
  for (std::size_t row = 0; row < contents.size(); ++row) {
    CAPTURE(contents.cell(row, "id"));
    const auto& [crystal, text] = contents.typed(row);
    const double units = contents.number(row, "formula_units");
    const auto formula = Composition::parse(contents.cell(row, "formula"));
    REQUIRE(crystal.composition().amounts().size() == formula.amounts().size());
    for (const auto& [atomic_number, amount] : formula.amounts()) {
      // Occupancies have six digits, the formula three.
      CHECK(crystal.composition().amount(atomic_number) / units == Approx(amount).margin(6e-4));
    }
    CHECK(static_cast<double>(crystal.sites.size()) == contents.number(row, "sites"));
    CHECK(crystal.composition().total() == Approx(contents.number(row, "atoms")).margin(6e-4));
    CHECK(crystal.is_ordered() == (contents.cell(row, "disordered") == "0"));
    CHECK(listed_operators(text) == static_cast<int>(contents.number(row, "operators")));
    CHECK(find_symmetry(crystal).space_group == static_cast<int>(contents.number(row, "space_group")));
    CHECK(crystal.orbit_source == OrbitSource::operators);
    CHECK(crystal.composition().amount(3) > 0);
    ++sizes[contents.cell(row, "set")];
    disordered[contents.cell(row, "set")] += crystal.is_ordered() ? 0 : 1;
  }
  for (const char* set : {"labelled", "unlabelled"}) {
    CHECK(static_cast<std::size_t>(sizes[set]) == contents.set(set).size());
  }
  CHECK(sizes["labelled"] >= 60);
  CHECK(sizes["unlabelled"] >= 40);
  CHECK(2 * disordered["labelled"] > sizes["labelled"]);
}

TEST_CASE("Charges of the demonstration balance") {
  const Contents contents;
  for (std::size_t row = 0; row < contents.size(); ++row) {
    CAPTURE(contents.cell(row, "id"));
    const Crystal& crystal = contents.typed(row).crystal;
    // The only intermetallic is there to be filtered out.
    CHECK(crystal.is_intermetallic() == (contents.cell(row, "id") == "LiAl"));
    CHECK(std::abs(crystal.residual_charge) / contents.number(row, "formula_units") < 0.0101);
  }
}

TEST_CASE("Atoms of the demonstration have plausible distances") {
  const Contents contents;
  for (std::size_t row = 0; row < contents.size(); ++row) {
    CAPTURE(contents.cell(row, "id"));
    const Crystal& crystal = contents.typed(row).crystal;
    double shortest = std::numeric_limits<double>::infinity();
    std::string shortest_pair;
    std::vector<std::string> excluding;
    for (const Pair& pair : near_pairs(crystal)) {
      const auto& a = crystal.orbits[static_cast<std::size_t>(pair.first)];
      const auto& b = crystal.orbits[static_cast<std::size_t>(pair.second)];
      if (exclude_each_other(crystal, pair)) {
        excluding.push_back(fmt::format("{}:{:.3f}", pair_of(a, b), pair.distance));
        continue;
      }
      CAPTURE(a.label, b.label, pair.distance);
      CHECK(pair.distance > least_distance(a, b));
      if (pair.distance < shortest - 1e-4) {
        shortest = pair.distance;
        shortest_pair = pair_of(a, b);
      }
    }
    CHECK(shortest == Approx(contents.number(row, "shortest_distance")).margin(1e-3));
    CHECK(shortest_pair == contents.cell(row, "shortest_pair"));
    CHECK(fmt::format("{}", fmt::join(excluding, " ")) == contents.cell(row, "excluding_pairs"));
  }
}

TEST_CASE("Every CIF of the demonstration has its source and a description") {
  for (const char* set : {"labelled", "unlabelled"}) {
    for (const auto& [id, typed] : read_strictly(set)) {
      CAPTURE(id);
      for (const char* part : {"# Typed for the demonstration of ionsift", "_publ_author_name\n\"",
                               "_journal_name_full ", "_journal_year "}) {
        CHECK(typed.text.find(part) != std::string::npos);
      }
    }
  }
}

TEST_CASE("Labels and split of the demonstration refer to its labelled crystals") {
  const auto crystals = read_strictly("labelled");
  for (const char* name : {"labels.csv", "split.csv"}) {
    const auto table = CsvTable::read(folder / name);
    std::set<std::string> ids;
    for (std::size_t row = 0; row < table.size(); ++row) {
      CAPTURE(name, table.cell(row, table.column("id")));
      CHECK(ids.insert(table.cell(row, table.column("id"))).second);
      CHECK(crystals.contains(table.cell(row, table.column("id"))));
    }
    CHECK(ids.size() == crystals.size());
  }
  const auto labels = CsvTable::read(folder / "labels.csv");
  for (std::size_t row = 0; row < labels.size(); ++row) {
    for (const char* column : {"conductivity (S/cm)", "family", "authors", "journal", "page", "year"}) {
      CAPTURE(row, column);
      CHECK(!labels.cell(row, labels.column(column)).empty());
    }
  }
}
