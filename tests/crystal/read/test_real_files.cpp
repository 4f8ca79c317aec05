// SPDX-License-Identifier: BSD-3-Clause
// Every real file is read, with the content that it declares.
#include "ionsift/base/file.hpp"
#include "ionsift/base/hdf5.hpp"
#include "ionsift/crystal/chemistry/element.hpp"
#include "ionsift/crystal/source/source.hpp"

#include "cif_text.hpp"
#include "read/cif_block.hpp"
#include "support.hpp"

#include <filesystem>
#include <set>

using namespace ionsift;
using namespace ionsift::crystal;
using namespace ionsift::test;

namespace {

/// The formula and the sum of the multiplicities as the file declares them, parsed without our own reader.
std::pair<Composition, int> declared(const std::string& text) {
  const auto document = parse_cif(text);
  const auto& block = std::get<CifBlock>(document.blocks.front());
  int sites = 0;
  std::set<std::array<std::string, 3>> positions;
  for (std::size_t row = 0; row < block.atoms.rows; ++row) {
    const auto column = [&](const char* tag) { return block.atoms.columns.find(tag)->second[row]; };
    const bool is_new = positions
                            .insert({column("_atom_site_fract_x"), column("_atom_site_fract_y"),
                                     column("_atom_site_fract_z")})
                            .second;
    sites += is_new ? std::stoi(column("_atom_site_symmetry_multiplicity")) : 0;
  }
  return {Composition::parse(*block.find({"_chemical_formula_sum"})), sites};
}

double largest_difference(const Composition& a, const Composition& b) {
  double largest = 0;
  for (int z = 1; z <= 103; ++z) {
    largest = std::max(largest, std::abs(a.amount(z) - b.amount(z)));
  }
  return largest;
}

} // namespace

namespace {

const std::set<std::string> overlapping = {"cifs/13q.cif", "cifs/9rc.cif", "cifs/ik8.cif", "cifs/mtn.cif"};

} // namespace

TEST_CASE("All 321 OBELiX files hold what they declare", "[data]") {
  EntryStream stream({data() / "data/obelix/cifs"});
  std::size_t crystals = 0;
  std::size_t disordered = 0;
  while (auto next = stream.next()) {
    const auto& entry = std::get<Entry>(*next);
    CAPTURE(entry.name.source);
    const Crystal crystal = read_one(entry.bytes);
    const auto [formula, sites] = declared(entry.bytes);
    // The files write amounts with up to eight digits, and occupancies as well.
    CHECK(largest_difference(crystal.composition(), formula) < 1e-3);
    CHECK(int(crystal.sites.size()) == sites);
    // In four of them Li2 lies 0.42 A from its own image, with occupancies of 1.08 together.
    CHECK((crystal.warnings.empty() || overlapping.contains(entry.name.source)));
    CHECK(crystal.orbit_source == OrbitSource::operators);
    ++crystals;
    disordered += crystal.is_ordered() ? 0 : 1;
  }
  CHECK(crystals == 321);
  CHECK(disordered == 249);
}

TEST_CASE("The 60 reference files agree with the reference in sites, content and oxidation states",
          "[data]") {
  const auto reference = h5::File::open(data() / "reference/features.h5");
  std::size_t crystals = 0;
  for (const auto& path : std::filesystem::directory_iterator(data() / "reference/cifs")) {
    const std::string id = path.path().stem().string();
    CAPTURE(id);
    const Crystal crystal = read_one(read_file(path.path()));
    // The reference counts primitive cells: 1, 2, 3 or 4 of them make a conventional one.
    const auto sites = reference.integer_attribute("/" + id, "n_sites");
    CHECK(std::int64_t(crystal.sites.size()) % sites == 0);
    CHECK(std::int64_t(crystal.sites.size()) / sites <= 4);
    const auto formula = Composition::parse(reference.text_attribute("/" + id, "formula")).normalized();
    CHECK(largest_difference(crystal.composition().normalized(), formula) < 1e-4);
    CHECK(crystal.is_ordered() == (reference.integer_attribute("/" + id, "ordered") != 0));
    CHECK(crystal.oxidation_source == OxidationSource::given);
    const std::string states = reference.text_attribute("/" + id, "oxidation");
    for (const Orbit& orbit : crystal.orbits) {
      for (const Species& species : orbit.species) {
        const auto state = fmt::format("'{}': {}", element(species.atomic_number).symbol, species.oxidation);
        CAPTURE(state, states);
        CHECK(states.find(state) != std::string::npos);
      }
    }
    ++crystals;
  }
  CHECK(crystals == 60);
}

TEST_CASE("All OBELiX files but four with overlapping atoms pass the strict level", "[data]") {
  EntryStream stream({data() / "data/obelix/cifs"});
  ReadOptions strict;
  strict.strictness = Strictness::strict;
  std::size_t crystals = 0;
  while (auto next = stream.next()) {
    const auto& entry = std::get<Entry>(*next);
    CAPTURE(entry.name.source);
    if (!overlapping.contains(entry.name.source)) {
      crystals += read_one(entry.bytes, strict).warnings.empty() ? 1 : 0;
    }
  }
  CHECK(crystals == 317);
}

TEST_CASE("All 21,755 candidates are read and hold what they declare", "[data]") {
  EntryStream stream({data() / "data/candidates/materials-project-li.tar.gz"});
  ReadOptions plain;
  plain.orbit_search = OrbitSearch::none; // the content is the same, and is read faster
  std::size_t crystals = 0;
  while (auto next = stream.next()) {
    const auto& entry = std::get<Entry>(*next);
    const auto results = read_entry(entry.bytes, entry.name, plain);
    for (const ReadResult& result : results) {
      CAPTURE(entry.name.source);
      REQUIRE(std::holds_alternative<Crystal>(result));
      const auto& crystal = std::get<Crystal>(result);
      const auto document = parse_cif(entry.bytes);
      const auto& block = std::get<CifBlock>(document.blocks.front());
      const auto formula = Composition::parse(*block.find({"_chemical_formula_sum"}));
      CHECK(largest_difference(crystal.composition(), formula) < 1e-6);
      CHECK(crystal.source.starts_with("materials-project-li.tar.gz/mp_topology/mp-"));
      CHECK(crystal.warnings.empty());
      CHECK(crystal.is_ordered());
      ++crystals;
    }
  }
  CHECK(crystals == 21755);
}
