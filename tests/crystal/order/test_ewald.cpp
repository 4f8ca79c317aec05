// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/crystal/order/ewald.hpp"

#include "crystals.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace ionsift;
using crystal::EwaldOptions;

namespace {

struct Charges {
  Eigen::Matrix3d lattice;
  std::vector<Eigen::Vector3d> positions;
  std::vector<double> values;

  double energy(const EwaldOptions& options = {}) const {
    const Eigen::VectorXd charges =
        Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
    return crystal::electrostatic_energy(crystal::interaction_matrix(lattice, positions, options), charges);
  }
};

/// Face-centred: each position four times.
Charges face_centred(double edge, const std::vector<std::pair<Eigen::Vector3d, double>>& motif) {
  Charges cell{Eigen::Matrix3d::Identity() * edge, {}, {}};
  for (const auto& shift : {Eigen::Vector3d(0, 0, 0), Eigen::Vector3d(0, 0.5, 0.5),
                            Eigen::Vector3d(0.5, 0, 0.5), Eigen::Vector3d(0.5, 0.5, 0)}) {
    for (const auto& [position, charge] : motif) {
      cell.positions.push_back(position + shift);
      cell.values.push_back(charge);
    }
  }
  return cell;
}

/// -E r / C for each formula unit: the Madelung constant, for a product of charges of -1.
double madelung(const Charges& cell, double formula_units, double distance) {
  return -cell.energy() * distance / (crystal::coulomb_constant * formula_units);
}

/// A sheared cell of random charges, with a net charge.
Charges random_charges(std::uint64_t key) {
  RandomStream random(3, key);
  const auto structure = test::random_crystal(random, 7, 3, 9);
  Charges cell{structure.lattice, {}, {}};
  for (const auto& site : structure.sites) {
    cell.positions.push_back(site.fractional);
    cell.values.push_back(random.uniform(-2, 3));
  }
  return cell;
}

} // namespace

TEST_CASE("Madelung constants have the known values") {
  const Eigen::Vector3d origin(0, 0, 0), middle(0.5, 0.5, 0.5), quarter(0.25, 0.25, 0.25);
  // Lattices and values as in textbooks (Kittel, chapter 3; Johnson & Templeton, J. Chem. Phys. 1961, 34,
  // 2004).
  const double edge = 5.0;
  CHECK(madelung(face_centred(edge, {{origin, 1}, {middle, -1}}), 4, edge / 2) ==
        Approx(1.7475645946).epsilon(1e-9));
  CHECK(madelung({Eigen::Matrix3d::Identity() * edge, {origin, middle}, {1, -1}}, 1,
                 edge * std::sqrt(3.0) / 2) == Approx(1.7626747731).epsilon(1e-9));
  CHECK(madelung(face_centred(edge, {{origin, 1}, {quarter, -1}}), 4, edge * std::sqrt(3.0) / 4) ==
        Approx(1.6380550534).epsilon(1e-9));
  CHECK(madelung(face_centred(edge, {{origin, 2}, {quarter, -1}, {-quarter, -1}}), 4,
                 edge * std::sqrt(3.0) / 4) == Approx(5.0387848797).epsilon(1e-9));
  // Perovskite A(+2) B(+4) O3(-2) with B at the origin and the cell's edge as the unit of length.
  const Charges perovskite{Eigen::Matrix3d::Identity() * edge,
                           {origin, middle, {0.5, 0, 0}, {0, 0.5, 0}, {0, 0, 0.5}},
                           {4, 2, -2, -2, -2}};
  CHECK(madelung(perovskite, 1, edge) == Approx(49.5098).margin(2e-4));
}

TEST_CASE("the splitting parameter changes nothing, in sheared and in charged cells") {
  for (std::uint64_t key = 0; key < 5; ++key) {
    const auto cell = random_charges(key);
    const double energy = cell.energy();
    const double own = crystal::EwaldSum(cell.lattice).splitting();
    for (const double factor : {0.6, 0.8, 1.3, 1.7}) {
      INFO("cell " << key << ", splitting times " << factor);
      CHECK(cell.energy({.splitting = own * factor}) == Approx(energy).margin(1e-7));
    }
  }
}

TEST_CASE("the truncation error of the sums is below the requested accuracy") {
  for (std::uint64_t key = 0; key < 5; ++key) {
    const auto cell = random_charges(key);
    const auto exact = crystal::interaction_matrix(cell.lattice, cell.positions, {.accuracy = 1e-13});
    for (const double accuracy : {1e-3, 1e-6, 1e-9}) {
      for (const double factor : {0.5, 1.0, 2.0}) {
        const double own = crystal::EwaldSum(cell.lattice).splitting();
        const EwaldOptions options{.accuracy = accuracy, .splitting = factor * own};
        const auto rough = crystal::interaction_matrix(cell.lattice, cell.positions, options);
        INFO("cell " << key << ", accuracy " << accuracy << ", splitting times " << factor);
        CHECK((rough - exact).cwiseAbs().maxCoeff() < accuracy);
      }
    }
  }
}

TEST_CASE("the energy of a neutral cell is that of any other cell of the crystal") {
  const Eigen::Vector3d origin(0, 0, 0), middle(0.5, 0.5, 0.5);
  const double edge = 5.64;
  const Charges cubic = face_centred(edge, {{origin, 1}, {middle, -1}});
  Charges primitive;
  primitive.lattice << 0, 0.5, 0.5, 0.5, 0, 0.5, 0.5, 0.5, 0;
  primitive.lattice *= edge;
  primitive.positions = {origin, middle};
  primitive.values = {1, -1};
  CHECK(primitive.energy() == Approx(cubic.energy() / 4).margin(1e-8));
  // The same lattice by very oblique vectors.
  Charges oblique = primitive;
  Eigen::Matrix3d change;
  change << 1, 0, 0, 4, 1, 0, -3, 5, 1;
  oblique.lattice = change * primitive.lattice;
  oblique.positions[1] = change.transpose().inverse() * middle;
  CHECK(oblique.energy() == Approx(primitive.energy()).margin(1e-8));
}

TEST_CASE("a net charge is compensated by the background: a lattice of equal charges") {
  // The simple cubic Wigner crystal: -2.8372974795 e^2 / (2 edge).
  const Charges wigner{Eigen::Matrix3d::Identity() * 1.0, {Eigen::Vector3d(0.2, 0.1, 0.7)}, {-1}};
  CHECK(wigner.energy() / crystal::coulomb_constant == Approx(-2.8372974795 / 2).epsilon(1e-8));
}

TEST_CASE("sums with invalid options are refused") {
  CHECK_THROWS_AS(crystal::EwaldSum(Eigen::Matrix3d::Identity(), {.accuracy = 0}), Error);
  CHECK_THROWS_AS(crystal::EwaldSum(Eigen::Matrix3d::Identity(), {.splitting = -1}), Error);
}
