// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/crystal/order/ewald.hpp"
#include "ionsift/crystal/order/ordering.hpp"
#include "ionsift/crystal/order/supercell.hpp"
#include "ionsift/crystal/read/cif.hpp"

#include "cif_text.hpp"
#include "crystals.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <map>

using namespace ionsift;
using namespace ionsift::crystal;
using Catch::Matchers::Contains;

namespace {

/// A body-centred cell whose two sites are one orbit with these species.
Crystal body_centred(const std::vector<Species>& species, double edge = 4) {
  auto crystal =
      test::make_crystal(Eigen::Matrix3d::Identity() * edge, {{{11, {0, 0, 0}}, {11, {0.5, 0.5, 0.5}}}});
  crystal.orbits.front().species = species;
  crystal.orbit_source = OrbitSource::operators;
  crystal.oxidation_source = OxidationSource::given;
  return crystal;
}

double recomputed_energy(const Crystal& crystal) {
  std::vector<Eigen::Vector3d> positions;
  Eigen::VectorXd charges(static_cast<Eigen::Index>(crystal.sites.size()));
  for (std::size_t i = 0; i < crystal.sites.size(); ++i) {
    positions.push_back(crystal.sites[i].fractional);
    charges(static_cast<Eigen::Index>(i)) =
        crystal.orbits[static_cast<std::size_t>(crystal.sites[i].orbit)].species.front().oxidation;
  }
  return electrostatic_energy(interaction_matrix(crystal.lattice, positions), charges) /
         static_cast<double>(crystal.sites.size());
}

std::map<int, int> atoms_of(const Crystal& crystal) {
  std::map<int, int> atoms;
  for (const auto& site : crystal.sites) {
    ++atoms[crystal.orbits[static_cast<std::size_t>(site.orbit)].species.front().atomic_number];
  }
  return atoms;
}

std::string message_of(const Crystal& crystal, const OrderingOptions& options = {}) {
  try {
    order(crystal, options, 1);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

} // namespace

TEST_CASE("a supercell holds the same crystal, and its interactions equal those computed from its sites") {
  RandomStream random(5, 1);
  const auto crystal = test::random_crystal(random, 4, 4, 7);
  const Eigen::Vector3i repeats(2, 1, 3);
  const auto large = make_supercell(crystal, repeats);
  CHECK(large.sites.size() == 24);
  CHECK(large.volume() == Approx(6 * crystal.volume()));
  CHECK(large.composition().amounts() == test::supercell(crystal, 2, 1, 3).composition().amounts());
  std::vector<Eigen::Vector3d> positions;
  for (const auto& site : large.sites) {
    positions.push_back(site.fractional);
  }
  const auto expected = interaction_matrix(large.lattice, positions);
  CHECK((supercell_interactions(crystal, repeats) - expected).cwiseAbs().maxCoeff() < 1e-8);
}

TEST_CASE("supercells are as round as they can be") {
  const Eigen::Matrix3d flat = Eigen::Vector3d(4, 4, 16).asDiagonal();
  CHECK(roundest_repeats(flat, 4) == Eigen::Vector3i(2, 2, 1));
  CHECK(roundest_repeats(Eigen::Matrix3d::Identity(), 8) == Eigen::Vector3i(2, 2, 2));
  CHECK(roundest_repeats(Eigen::Matrix3d::Identity(), 5).prod() == 5);
}

TEST_CASE("opposite charges on the sites of a body-centred cell become caesium chloride") {
  const auto ordered = order(body_centred({{17, 0.5, -1}, {55, 0.5, 1}}), {}, 1);
  CHECK(ordered.method == OrderingMethod::enumerated);
  CHECK(ordered.repeats == Eigen::Vector3i(1, 1, 1));
  CHECK(ordered.possible == 2);
  CHECK(ordered.distinct == 1);
  CHECK(atoms_of(ordered.crystal) == std::map<int, int>{{17, 1}, {55, 1}});
  const double distance = 4 * std::sqrt(3.0) / 2;
  CHECK(ordered.energy == Approx(-coulomb_constant * 1.7626747731 / distance / 2).epsilon(1e-9));
  CHECK(ordered.occupancy_error == 0);
  CHECK(ordered.net_charge == 0);
  CHECK(ordered.crystal.is_ordered());
}

TEST_CASE("sampling and enumeration agree, and the energy is that of the resulting cell") {
  const auto average = body_centred({{12, 0.375, 2}, {17, 0.5, -1}});
  const auto all = order(average, {}, 1);
  CHECK(all.method == OrderingMethod::enumerated);
  CHECK(all.repeats.prod() == 3);
  const auto sampled = order(average, {.max_arrangements = 0}, 1);
  CHECK(sampled.method == OrderingMethod::sampled);
  CHECK(sampled.energy == Approx(all.energy).margin(1e-7));
  for (const auto* ordered : {&all, &sampled}) {
    CHECK(recomputed_energy(ordered->crystal) == Approx(ordered->energy).margin(1e-7));
    CHECK(ordered->crystal.is_ordered());
  }
}

TEST_CASE("lithium and its charge are removed unless it is to be kept") {
  const auto average = body_centred({{3, 0.5, 1}, {17, 0.5, -1}});
  const auto without = order(average, {}, 1);
  CHECK(atoms_of(without.crystal) == std::map<int, int>{{17, 1}});
  CHECK(without.net_charge == -1);
  const auto with = order(average, {.keep_lithium = true}, 1);
  CHECK(atoms_of(with.crystal) == std::map<int, int>{{3, 1}, {17, 1}});
  CHECK(with.net_charge == 0);
  CHECK_THAT(message_of(body_centred({{3, 1, 1}})), Contains("nothing is left without lithium"));
}

TEST_CASE("occupancies are rounded together, within the tolerance, in the smallest cell") {
  const auto third =
      order(body_centred({{11, 1.0 / 3, 1}, {19, 2.0 / 3, 1}}), {.occupancy_tolerance = 0.01}, 1);
  CHECK(third.repeats.prod() == 3);
  CHECK(atoms_of(third.crystal) == std::map<int, int>{{11, 2}, {19, 4}});
  CHECK(third.composition_error == Approx(0).margin(1e-12));

  const auto rare = body_centred({{11, 0.96, 1}, {19, 0.04, 1}});
  const auto rounded = order(rare, {}, 1);
  CHECK(rounded.repeats.prod() == 1);
  CHECK(rounded.occupancy_error == Approx(0.04));
  CHECK(rounded.composition_error == Approx(0.04));
  CHECK(rounded.lost == std::vector<int>{19});
  CHECK_THAT(message_of(rare, {.occupancy_tolerance = 0.001}), Contains("fit no supercell"));
  CHECK_THAT(message_of(rare, {.max_sites = 1}), Contains("at most 1 are ordered"));
}

TEST_CASE("sublattices share the rounding error, so that totals of elements are preserved") {
  // Two positions a, b of four sites each, 0.375 of them sodium: 1.5 atoms on either, 3 together.
  std::vector<test::Atom> a, b;
  for (int i = 0; i < 4; ++i) {
    a.push_back({11, {0.25 * i, 0, 0}});
    b.push_back({11, {0.25 * i, 0.5, 0.5}});
  }
  auto crystal = test::make_crystal(Eigen::Vector3d(16, 5, 5).asDiagonal(), {a, b});
  for (auto& orbit : crystal.orbits) {
    orbit.species = {{11, 0.375, 1}};
  }
  crystal.orbit_source = OrbitSource::operators;
  crystal.oxidation_source = OxidationSource::given;
  const auto ordered = order(crystal, {.occupancy_tolerance = 0.2}, 1);
  CHECK(ordered.repeats.prod() == 1);
  CHECK(atoms_of(ordered.crystal) == std::map<int, int>{{11, 3}});

  // A file without operators lists each site alone: those of one kind are one sublattice.
  auto listed = without_symmetry(crystal);
  const auto same = order(listed, {}, 1);
  CHECK(same.repeats.prod() == 1);
  CHECK(atoms_of(same.crystal) == std::map<int, int>{{11, 3}});
}

TEST_CASE("parts of a split site are not occupied together") {
  auto crystal =
      test::make_crystal(Eigen::Matrix3d::Identity() * 6,
                         {{{11, {0, 0, 0}}, {11, {0.1, 0, 0}}, {11, {0.5, 0.5, 0}}, {11, {0.6, 0.5, 0}}},
                          {{17, {0.3, 0.3, 0.5}}, {17, {0.8, 0.8, 0.5}}}});
  crystal.orbits[0].species = {{11, 0.5, 1}};
  crystal.orbits[1].species = {{17, 1, -1}};
  crystal.orbit_source = OrbitSource::operators;
  crystal.oxidation_source = OxidationSource::given;
  for (const std::uint64_t most : {50000, 0}) {
    const auto ordered = order(crystal, {.max_arrangements = most}, 1);
    CHECK(atoms_of(ordered.crystal) == std::map<int, int>{{11, 2}, {17, 2}});
    const auto& x = ordered.crystal.sites;
    CHECK((x[0].fractional - x[1].fractional).norm() > 0.3);
  }
  CHECK(order(crystal, {}, 1).arrangements == 4);
  CHECK(order(crystal, {.exclusion = 0}, 1).arrangements == 6);

  // Three sites in a row, half of each occupied: rounding asks for two, and any two are neighbours.
  auto row = test::make_crystal(Eigen::Matrix3d::Identity() * 6,
                                {{{11, {0, 0, 0}}, {11, {0.1, 0, 0}}, {11, {0.05, 0.1, 0}}}});
  row.orbits[0].species = {{11, 0.5, 1}};
  row.orbit_source = OrbitSource::operators;
  row.oxidation_source = OxidationSource::given;
  CHECK_THAT(message_of(row, {.occupancy_tolerance = 0.2}), Contains("keeps the parts of split sites apart"));
}

TEST_CASE("disordered cells need charges, ordered ones do not") {
  auto alloy = body_centred({{11, 0.5, 0}, {19, 0.5, 0}});
  alloy.oxidation_source = OxidationSource::neutral;
  CHECK_THAT(message_of(alloy), Contains("no oxidation states"));
  auto metal = body_centred({{11, 1, 0}});
  metal.oxidation_source = OxidationSource::neutral;
  const auto ordered = order(metal, {}, 1);
  CHECK(ordered.method == OrderingMethod::already_ordered);
  CHECK(std::isnan(ordered.energy));
}

TEST_CASE("invalid options are refused") {
  const auto crystal = body_centred({{11, 1, 1}});
  CHECK_THROWS_AS(order(crystal, {.occupancy_tolerance = 0.7}, 1), Error);
  CHECK_THROWS_AS(order(crystal, {.exclusion = -1}, 1), Error);
  CHECK_THROWS_AS(order(crystal, {.starts = 0}, 1), Error);
}

TEST_CASE("a written CIF is read as the same crystal") {
  auto crystal = body_centred({{12, 0.375, 2}, {17, 0.5, -1}});
  crystal.lattice << 4, 0, 0, 0.7, 5, 0, -0.4, 1.1, 6;
  crystal.sites[1].fractional = {1.0 / 3, 0.123456789012, 0.987654321};
  crystal.orbits.push_back({"Fe", {{26, 1, 2.5}}, 1, 1});
  crystal.orbits[0].multiplicity = 1;
  crystal.sites[1].orbit = 1;
  crystal.id = "a b";
  const auto text = write_cif(crystal, {"a line", "another"});
  CHECK_THAT(text, Contains("# a line\n# another\ndata_a_b\n") && Contains("Fe2.5+"));
  const auto read = test::read_one(text);
  REQUIRE(read.sites.size() == 2);
  CHECK(read.warnings.empty());
  CHECK((read.lattice - crystal.lattice).norm() < 1e-8);
  CHECK(read.oxidation_source == OxidationSource::given);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK((read.sites[i].fractional - crystal.sites[i].fractional).norm() < 1e-12);
    CHECK(read.orbits[static_cast<std::size_t>(read.sites[i].orbit)].species == crystal.orbits[i].species);
  }
}

TEST_CASE("real disordered files: energies and compositions are those of the cells written", "[data]") {
  std::size_t sampled = 0, enumerated = 0;
  for (const std::string id : {"09w", "10s", "1kq", "1ty", "24k", "2r7", "4ie", "duf", "xq3"}) {
    INFO(id);
    const auto path = test::data() / "data" / "obelix" / "cifs" / (id + ".cif");
    const auto average = test::read_one(read_file(path));
    const auto ordered = order(average, {.starts = 3, .steps = 100}, 1);
    (ordered.method == OrderingMethod::sampled ? sampled : enumerated) += 1;
    const auto read = test::read_one(write_cif(ordered.crystal));
    CHECK(read.is_ordered());
    CHECK(read.sites.size() == ordered.crystal.sites.size());
    CHECK(recomputed_energy(read) == Approx(ordered.energy).margin(1e-5));
    CHECK(read.composition().amount(3) == 0);
    CHECK(ordered.composition_error < 0.05);
  }
  CHECK(sampled > 0);
  CHECK(enumerated > 0);
}
