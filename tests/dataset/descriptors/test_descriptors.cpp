// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/dataset/descriptors/descriptors.hpp"
#include "ionsift/dataset/features/feature_set.hpp"

#include "crystals.hpp"
#include "small_store.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>

using Catch::Matchers::Contains;
using namespace ionsift;
using namespace ionsift::dataset;

namespace {

const std::vector<DescriptorBlock> all(all_descriptor_blocks.begin(), all_descriptor_blocks.end());

double value(const Descriptors& table, const std::string& name, Eigen::Index row = 0) {
  const auto found = std::find(table.name.begin(), table.name.end(), name);
  INFO(name);
  REQUIRE(found != table.name.end());
  return table.values(row, found - table.name.begin());
}

Descriptors describe_one(const crystal::Crystal& crystal) {
  return describe(std::span(&crystal, 1), all);
}

} // namespace

TEST_CASE("the descriptors of lithium fluoride have textbook values") {
  const auto table = describe_one(test::rock_salt(3, 9, 4.0));
  CHECK(value(table, "composition.fraction.Li") == 0.5);
  CHECK(value(table, "composition.fraction.F") == 0.5);
  CHECK(value(table, "composition.fraction.O") == 0);
  CHECK(value(table, "composition.electronegativity.mean") == Approx(2.48));
  CHECK(value(table, "composition.electronegativity.sd") == Approx(1.5));
  CHECK(value(table, "composition.electronegativity.min") == Approx(0.98));
  CHECK(value(table, "composition.electronegativity.max") == Approx(3.98));
  CHECK(value(table, "composition.pettifor.mean") == Approx((11 + 101) / 2.0));
  CHECK(value(table, "composition.mass.max") == Approx(18.998).epsilon(1e-4));
  CHECK(value(table, "composition.covalent_radius.max") == Approx(1.28));
  CHECK(value(table, "composition.oxidation.min") == -1);
  CHECK(value(table, "composition.oxidation.max") == 1);
  CHECK(value(table, "composition.oxidation.sd") == 1);
  CHECK(value(table, "composition.elements") == 2);
  CHECK(value(table, "composition.entropy") == Approx(std::log(2.0)));
  CHECK(value(table, "composition.anion.atomic_number") == 9);
  CHECK(value(table, "composition.lithium_per_anion") == Approx(1));
  CHECK(value(table, "symmetry.space_group") == 225);
  CHECK(value(table, "symmetry.crystal_system") == 6);
  CHECK(value(table, "symmetry.point_group_order") == 48);
  CHECK(value(table, "cell.volume_per_atom") == Approx(8.0));
  CHECK(value(table, "cell.density") == Approx(4 * 25.94 * 1.66054 / 64).epsilon(1e-3));
  CHECK(value(table, "cell.packing") ==
        Approx(4 * 4.18879 * (std::pow(1.28, 3) + std::pow(0.57, 3)) / 64).epsilon(1e-5));
  CHECK(value(table, "cell.third_edge") == Approx(1));
  CHECK(value(table, "disorder.entropy") == 0);
  CHECK(value(table, "disorder.lithium_occupancy") == 1);
  CHECK(value(table, "disorder.sites_per_lithium") == 1);
  CHECK(value(table, "distances.anion.mean") == Approx(2.0));
  CHECK(value(table, "distances.lithium.mean") == Approx(4 / std::sqrt(2)));
  CHECK(value(table, "distances.lithium_within_4A") == Approx(12 + 6));
}

TEST_CASE("disorder is described by shares of sites, occupancies and entropy") {
  auto crystal = test::rock_salt(3, 17, 5.2);
  crystal.orbits[0].species = {{3, 0.5, 1.0}};
  crystal.orbits[1].species = {{17, 0.75, -1.0}, {35, 0.25, -1.0}};
  const auto table = describe_one(crystal);
  CHECK(value(table, "disorder.partial_sites") == Approx(0.5));
  CHECK(value(table, "disorder.mixed_sites") == Approx(0.5));
  CHECK(value(table, "disorder.mixed_anion_sites") == Approx(1));
  CHECK(value(table, "disorder.lithium_occupancy") == Approx(0.5));
  CHECK(value(table, "disorder.sites_per_lithium") == Approx(2));
  const double mixed = -0.75 * std::log(0.75) - 0.25 * std::log(0.25);
  CHECK(value(table, "disorder.entropy") == Approx((std::log(2.0) + mixed) / 2));
  // Half of the twelve neighbours at 3.68 A are occupied.
  CHECK(value(table, "distances.lithium_within_4A") == Approx(6));
}

TEST_CASE("sites too close to be occupied together are not neighbours") {
  auto crystal = test::make_crystal(Eigen::Matrix3d::Identity() * 4.5,
                                    {{{3, {0, 0, 0}}, {3, {0.1, 0, 0}}}, {{9, {0.5, 0.5, 0.5}}}});
  crystal.orbits[0].species[0].occupancy = 0.5;
  const auto table = describe_one(crystal);
  CHECK(value(table, "distances.lithium.min") ==
        Approx(4.05)); // the image of the other site, not the site at 0.45 A
}

TEST_CASE("every crystal has finite descriptors") {
  RandomStream random(4);
  std::vector<crystal::Crystal> crystals = {test::rock_salt(11, 17, 5.6), test::rock_salt(10, 2, 12.0), {}};
  for (int i = 0; i < 20; ++i) {
    crystals.push_back(test::random_crystal(random, 1 + i, 4, 9));
  }
  const auto table = describe(crystals, all);
  CHECK(table.values.rows() == 23);
  CHECK(table.values.allFinite());
  CHECK(value(table, "distances.lithium.mean") == 0);     // no lithium
  CHECK(value(table, "disorder.sites_per_lithium") == 0); // the same
  CHECK(std::is_sorted(table.name.begin(), table.name.end(), [](const auto& a, const auto& b) {
    const auto block = [](const std::string& name) {
      return descriptor_block_of(name.substr(0, name.find('.')));
    };
    return block(a) < block(b);
  }));
}

TEST_CASE("the choice of the cell does not matter") {
  const auto small = test::rock_salt(3, 17, 5.1);
  const auto expected = describe_one(small);
  for (const auto& other :
       {test::supercell(small, 1, 1, 2),
        test::with_other_vectors(small, Eigen::Matrix3d{{1, 1, 0}, {0, 1, 0}, {0, 2, 1}})}) {
    const auto table = describe_one(other);
    for (const auto& name : expected.name) {
      if (name != "cell.third_edge") { // a supercell has a different one
        INFO(name);
        CHECK(value(table, name) == Approx(value(expected, name)).margin(1e-9));
      }
    }
  }
}

TEST_CASE("blocks are chosen by name, and keep their order") {
  const auto crystal = test::rock_salt(3, 9, 4.0);
  const auto table = describe_one(crystal);
  const auto part = describe(std::span(&crystal, 1), {DescriptorBlock::cell, DescriptorBlock::symmetry});
  CHECK(part.name.front() == "symmetry.space_group");
  const auto chosen = table.of({DescriptorBlock::cell, DescriptorBlock::symmetry});
  CHECK(chosen.name == part.name);
  CHECK(chosen.values == part.values);
  CHECK_THROWS_WITH(part.of({DescriptorBlock::disorder}), Contains("disorder"));
  CHECK(descriptor_block_of("disorder") == DescriptorBlock::disorder);
  CHECK_THROWS_WITH(descriptor_block_of("disordr"), Contains("composition, symmetry"));
  const auto composition = crystal.composition();
  const auto alone = describe_compositions(std::span(&composition, 1));
  CHECK(alone.name == table.of({DescriptorBlock::composition}).name);
  CHECK(alone.values == table.of({DescriptorBlock::composition}).values);
  CHECK(describe({}, {DescriptorBlock::cell}).name == part.of({DescriptorBlock::cell}).name);
}

TEST_CASE("descriptors of a join are the same for any number of ranks") {
  const auto folder = test::scratch("described");
  test::write_small_store(test::world(), folder / "s.h5",
                          {{"a", "Li2O"}, {"b", "Li3N"}, {"c", "Li6PS5Cl"}, {"d", "LiF"}, {"e", "LiCl"}});
  test::world().barrier();
  const auto table = folder / fmt::format("labels-{}.csv", test::world().rank());
  std::ofstream(table) << "id,conductivity S/cm,composition\na,1e-3,Li2O\nc,1e-5,Li6PS5Cl\ne,1e-7,LiCl\n"
                          "x,1e-3,Li3YCl6\ny,1e-6,\nz,2e-6,Li?\n";
  const auto labels = Labels::read(table);
  const store::Reader store(folder / "s.h5");
  const Content content{{View{}}, {DescriptorBlock::composition, DescriptorBlock::cell}};
  JoinReport report;
  const auto together = join(store, content, labels, nullptr, "all", report, test::world());
  const auto alone = join(store, content, labels, nullptr, "all", report);
  CHECK(together.id == std::vector<std::string>{"a", "c", "e"});
  CHECK(together.descriptors.name == alone.descriptors.name);
  CHECK(together.descriptors.values == alone.descriptors.values);
  CHECK(value(together.descriptors, "composition.fraction.S", 1) == Approx(5.0 / 13));
  std::vector<std::uint8_t> empty;
  const auto slice = dataset::slice(store, content, 0, 5, empty);
  CHECK(slice.descriptors.values.row(2) == together.descriptors.values.row(1));

  std::vector<std::string> unreadable;
  const auto entries = table_entries(labels, report.unfeatured, unreadable);
  CHECK(entries.id == std::vector<std::string>{"x"});
  CHECK(entries.label == std::vector<int>{1});
  CHECK(entries.formula == std::vector<std::string>{"Li3YCl6"});
  CHECK(value(entries.descriptors, "composition.fraction.Cl") == Approx(0.6));
  CHECK(entries.descriptors.name == slice.descriptors.of({DescriptorBlock::composition}).name);
  CHECK(unreadable == std::vector<std::string>{"y", "z"});
}
