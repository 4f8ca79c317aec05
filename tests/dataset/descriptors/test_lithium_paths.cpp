// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/crystal/read/read.hpp"
#include "ionsift/dataset/descriptors/lithium_paths.hpp"

#include "crystals.hpp"
#include "descriptors/bond_valence.hpp"
#include "descriptors/ionic_radii.hpp"
#include "descriptors/percolation.hpp"
#include "descriptors/site_energy.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

using namespace ionsift;
using namespace ionsift::dataset;
using Catch::Matchers::Contains;
using crystal::Crystal;

namespace {

struct Ion {
  int atomic_number;
  double oxidation;
  std::vector<Eigen::Vector3d> sites;
  double occupancy = 1;
};

Crystal ionic(const Eigen::Matrix3d& lattice, const std::vector<Ion>& ions) {
  Crystal crystal;
  crystal.id = "made";
  crystal.lattice = lattice;
  for (const auto& ion : ions) {
    crystal.orbits.push_back({"",
                              {{ion.atomic_number, ion.occupancy, ion.oxidation}},
                              static_cast<int>(crystal.sites.size()),
                              static_cast<int>(ion.sites.size())});
    for (const auto& site : ion.sites) {
      crystal.sites.push_back({site.unaryExpr([](double x) { return x - std::floor(x); }),
                               static_cast<int>(crystal.orbits.size()) - 1});
    }
  }
  return crystal;
}

Eigen::Matrix3d cubic(double edge) {
  return edge * Eigen::Matrix3d::Identity();
}

std::vector<Eigen::Vector3d> face_centred(double x, double y, double z) {
  return {{x, y, z}, {x, y + 0.5, z + 0.5}, {x + 0.5, y, z + 0.5}, {x + 0.5, y + 0.5, z}};
}

std::vector<Eigen::Vector3d> tetrahedral_sites() {
  auto sites = face_centred(0.25, 0.25, 0.25);
  for (const auto& site : face_centred(0.75, 0.75, 0.75)) {
    sites.push_back(site);
  }
  return sites;
}

Crystal rock_salt(int anion, double edge) {
  return ionic(cubic(edge), {{3, 1, face_centred(0.5, 0.5, 0.5)}, {anion, -1, face_centred(0, 0, 0)}});
}

Crystal antifluorite(int anion, double edge) {
  return ionic(cubic(edge), {{3, 1, tetrahedral_sites()}, {anion, -2, face_centred(0, 0, 0)}});
}

/// LiFePO4 (Pnma, a = 10.33, b = 6.01, c = 4.69 A), whose lithium moves along b alone.
Crystal olivine() {
  const auto mirrored = [](double x, double z) {
    return std::vector<Eigen::Vector3d>{
        {x, 0.25, z}, {0.5 - x, 0.75, z + 0.5}, {-x, 0.75, -z}, {x + 0.5, 0.25, 0.5 - z}};
  };
  const double x = 0.1655, y = 0.0466, z = 0.2847;
  const std::vector<Eigen::Vector3d> general = {
      {x, y, z},    {0.5 - x, -y, z + 0.5}, {-x, y + 0.5, -z}, {x + 0.5, 0.5 - y, 0.5 - z},
      {-x, -y, -z}, {x + 0.5, y, 0.5 - z},  {x, 0.5 - y, z},   {0.5 - x, y + 0.5, z + 0.5}};
  return ionic(Eigen::Vector3d(10.33, 6.01, 4.69).asDiagonal(),
               {{3, 1, {{0, 0, 0}, {0.5, 0, 0.5}, {0, 0.5, 0}, {0.5, 0.5, 0.5}}},
                {26, 2, mirrored(0.2822, 0.9747)},
                {15, 5, mirrored(0.0949, 0.4182)},
                {8, -2, mirrored(0.0968, 0.7428)},
                {8, -2, mirrored(0.4573, 0.2060)},
                {8, -2, general}});
}

std::vector<double> on_grid(const std::array<int, 3>& points,
                            const std::function<double(double, double, double)>& f) {
  std::vector<double> level;
  for (int x = 0; x < points[0]; ++x) {
    for (int y = 0; y < points[1]; ++y) {
      for (int z = 0; z < points[2]; ++z) {
        level.push_back(f(2 * std::numbers::pi * x / points[0], 2 * std::numbers::pi * y / points[1],
                          2 * std::numbers::pi * z / points[2]));
      }
    }
  }
  return level;
}

} // namespace

TEST_CASE("translations of loops span as many dimensions as they have independent directions") {
  Windings windings;
  CHECK_FALSE(windings.add({0, 0, 0}));
  CHECK(windings.add({1, -1, 0}));
  CHECK_FALSE(windings.add({-2, 2, 0}));
  CHECK(windings.add({0, 1, 3}));
  CHECK_FALSE(windings.add({1, 0, 3})); // the sum
  CHECK(windings.add({0, 0, 1}));
  CHECK(windings.dimensions() == 3);
  Windings other;
  CHECK(other.add(Eigen::Vector3i(5, 0, 0)));
  CHECK(other.add(windings));
  CHECK(other.dimensions() == 3);
}

TEST_CASE("levels at which the minima of waves connect are their saddles") {
  const std::array<int, 3> points = {12, 16, 20};
  // Minima at -6; saddles along x at -4, then along y at -2, then along z at 0.
  const auto level = on_grid(points, [](double x, double y, double z) {
    return -1 * std::cos(x) - 2 * std::cos(y) - 3 * std::cos(z);
  });
  const auto found = percolation_levels(level, points, 10);
  CHECK(found[0] == Approx(-4));
  CHECK(found[1] == Approx(-2));
  CHECK(found[2] == Approx(0));
  const auto cut = percolation_levels(level, points, -3);
  CHECK(cut[0] == Approx(-4));
  CHECK(std::isinf(cut[1]));
  CHECK(std::isinf(cut[2]));
}

TEST_CASE("a diagonal channel is one dimension, and two separate channels are not two dimensions") {
  const std::array<int, 3> points = {12, 12, 12};
  const auto diagonal = on_grid(points, [](double x, double y, double z) {
    return -std::cos(x - y) - std::cos(y - z) - std::cos(z - x);
  });
  const auto found = percolation_levels(diagonal, points, -2);
  CHECK(found[0] == Approx(-3));
  CHECK(std::isinf(found[1]));
  // One channel along x at y = z = 0, one along y at x = z = pi; the level at which they meet is higher.
  const auto crossed = on_grid(points, [](double x, double y, double z) {
    return std::min(2 - std::cos(y) - std::cos(z), 2 + std::cos(x) + std::cos(z));
  });
  const auto apart = percolation_levels(crossed, points, 10);
  CHECK(apart[0] == Approx(0).margin(1e-9));
  CHECK(apart[1] > 0.5);
}

TEST_CASE("parameters are the published ones, and depths follow from them") {
  CHECK(lithium_bond(8)->least_at == Approx(1.940013));
  CHECK(2 * lithium_bond(8)->depth == Approx(0.98816).epsilon(1e-4)); // of O2-
  CHECK(2 * lithium_bond(16)->depth == Approx(1.04027).epsilon(1e-4));
  CHECK(lithium_bond(17)->depth == Approx(0.49302).epsilon(1e-4));
  CHECK(3 * lithium_bond(7)->depth == Approx(2.054953).epsilon(1e-4));
  CHECK(lithium_bond(15)->least_at == Approx(2.44).margin(0.05)); // from softness, not tabulated
  CHECK_FALSE(lithium_bond(6));
  CHECK(principal_quantum_number(1) == 1);
  CHECK(principal_quantum_number(10) == 2);
  CHECK(principal_quantum_number(92) == 7);
  CHECK(ionic_radius(16, -2) == Approx(1.84));
  CHECK(ionic_radius(22, 3.6) == ionic_radius(22, 4));
}

TEST_CASE("rock salt: octahedra of lithium connect through tetrahedra, equally in all directions") {
  const auto chloride = find_lithium_paths(rock_salt(17, 5.13));
  CHECK(chloride.barrier[0] == Approx(chloride.barrier[2]));
  CHECK(chloride.barrier[2] > 0.2);
  CHECK(chloride.barrier[2] < 2);
  // The energy at the octahedron by hand: six anions at a / 2, then eight at 3^(1/2) a / 2 and so on.
  const auto map = site_energies(rock_salt(17, 5.13), {.spacing = 0.26}); // an even number of points
  const auto bond = *lithium_bond(17);
  const auto energy = [&](double r) {
    const auto morse = [&](double d) {
      const double valence = std::exp((bond.least_at - d) / bond.softness);
      return bond.depth / 2 * (valence * valence - 2 * valence);
    };
    return r < bond.cutoff ? morse(r) - morse(bond.cutoff) : 0;
  };
  double sum = 0;
  for (int x = -3; x <= 3; ++x) {
    for (int y = -3; y <= 3; ++y) {
      for (int z = -3; z <= 3; ++z) {
        sum += (x + y + z) % 2 != 0 ? energy(5.13 / 2 * std::sqrt(x * x + y * y + z * z)) : 0;
      }
    }
  }
  // The reduced cell has the anion at its origin and lithium in its centre, on a grid point.
  CHECK(*std::ranges::min_element(map.value) <= sum + 1e-3);
  // The window is a triangle of anions with edges of a / 2^(1/2), radius 1.81.
  const double window = 5.13 / std::sqrt(6.0) - 1.81;
  CHECK(chloride.free_sphere_radius <= window + 1e-9);
  CHECK(chloride.free_sphere_radius > window - 0.1);
}

TEST_CASE("antifluorite: tetrahedra of lithium connect along the edges of a cube") {
  const auto sulfide = find_lithium_paths(antifluorite(16, 5.71));
  const auto oxide = find_lithium_paths(antifluorite(8, 4.62));
  for (const auto& paths : {sulfide, oxide}) {
    CHECK(paths.barrier[0] == Approx(paths.barrier[2]));
    CHECK(paths.barrier[2] > 0.1);
    CHECK(paths.barrier[2] < 0.7); // an edge of the cube, 2.3 to 2.9 A long
  }
}

TEST_CASE("olivine is a one-dimensional conductor, as published") {
  const auto paths = find_lithium_paths(olivine(), {.spacing = 0.2});
  // Published for the same method and parameters: 0.44, 3.33 and 3.36 eV (BVlain, LiFePO4).
  CHECK(paths.barrier[0] == Approx(0.44).margin(0.1));
  CHECK(paths.barrier[1] == Approx(3.33).margin(0.5));
  CHECK(paths.barrier[2] == Approx(3.36).margin(0.5));
}

TEST_CASE("occupancies are weights, lithium is not in the framework, charges select the anions") {
  const auto full = rock_salt(17, 5.13);
  auto half = full;
  half.orbits[1].species[0].occupancy = 0.5;
  const auto energies = site_energies(full, {}).value, halves = site_energies(half, {}).value;
  for (std::size_t i = 0; i < energies.size(); i += 7) {
    CHECK(halves[i] == Approx(energies[i] / 2).margin(1e-9));
  }
  auto sparse = full;
  sparse.orbits[0].species[0].occupancy = 0.1;
  CHECK(find_lithium_paths(sparse).barrier == find_lithium_paths(full).barrier);
  auto neutral = full;
  neutral.orbits[1].species[0].oxidation = 0;
  CHECK_THROWS_WITH(find_lithium_paths(neutral), Contains("no anions"));
  auto carbide = full;
  carbide.orbits[1].species[0].atomic_number = 6;
  CHECK_THROWS_WITH(find_lithium_paths(carbide), Contains("no bond-valence parameters of Li+ and C"));
  auto without = full;
  without.orbits[0].species[0].atomic_number = 11;
  CHECK_THROWS_WITH(find_lithium_paths(without), Contains("no lithium"));
}

TEST_CASE("the choice of the cell has no more influence than the grid") {
  const auto small = find_lithium_paths(olivine());
  for (const auto& other :
       {test::supercell(olivine(), 1, 1, 2),
        test::with_other_vectors(olivine(), Eigen::Matrix3d{{1, 1, 0}, {0, 1, 0}, {0, 2, 1}})}) {
    const auto paths = find_lithium_paths(other);
    CHECK(paths.barrier[0] == Approx(small.barrier[0]).margin(0.05));
    CHECK(paths.barrier[2] == Approx(small.barrier[2]).margin(0.2));
    CHECK(paths.accessible_volume == Approx(small.accessible_volume).epsilon(0.1));
  }
}

namespace {

Crystal obelix(const std::string& id) {
  const auto file = test::data() / "data" / "obelix" / "cifs" / (id + ".cif");
  const auto read = crystal::read_entry(read_file(file), {file.string(), id});
  REQUIRE(read.size() == 1);
  REQUIRE(std::holds_alternative<Crystal>(read.front()));
  return std::get<Crystal>(read.front());
}

} // namespace

TEST_CASE("LGPS conducts along c first and is open in three dimensions, garnet is isotropic", "[data]") {
  const auto lgps = find_lithium_paths(obelix("j8q"));
  CHECK(lgps.barrier[0] < 0.7);
  CHECK(lgps.barrier[0] <= lgps.barrier[1]);
  CHECK(lgps.barrier[1] <= lgps.barrier[2]);
  CHECK(lgps.barrier[2] < 0.8);
  const auto garnet = find_lithium_paths(obelix("tbj"));
  CHECK(garnet.barrier[2] < 1.2);
  CHECK(garnet.barrier[2] - garnet.barrier[0] < 0.15); // positions in the files are noisy
  CHECK(lgps.free_sphere_radius > garnet.free_sphere_radius);
}
