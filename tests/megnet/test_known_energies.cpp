// SPDX-License-Identifier: BSD-3-Clause
// Formation energies of six well-known crystals (METHOD: section 3).
#include "ionsift/megnet/featurizer.hpp"

#include "crystals.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

using namespace ionsift;

namespace {

constexpr int lithium = 3, oxygen = 8, fluorine = 9, sodium = 11, magnesium = 12, silicon = 14, chlorine = 17;

/// The four points of a face-centred cell, moved by `shift`.
std::vector<test::Atom> face_centred(int element, double shift) {
  std::vector<test::Atom> atoms;
  for (const auto& point : {Eigen::Vector3d(0, 0, 0), Eigen::Vector3d(0, 0.5, 0.5),
                            Eigen::Vector3d(0.5, 0, 0.5), Eigen::Vector3d(0.5, 0.5, 0)}) {
    const Eigen::Vector3d moved = point.array() + shift;
    atoms.push_back({element, moved.array() - moved.array().floor()});
  }
  return atoms;
}

std::vector<test::Atom> joined(std::vector<test::Atom> first, const std::vector<test::Atom>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

crystal::Crystal cubic(double edge, const std::vector<std::vector<test::Atom>>& orbits) {
  return test::make_crystal(Eigen::Matrix3d::Identity() * edge, orbits);
}

struct Known {
  const char* name;
  crystal::Crystal crystal;
  double energy; ///< eV/atom
};

} // namespace

TEST_CASE("formation energies of simple crystals", "[data]") {
  const std::vector<Known> all = {
      {"LiF", test::rock_salt(lithium, fluorine, 4.08), -3.1631},
      {"LiCl", test::rock_salt(lithium, chlorine, 5.15), -2.0972},
      {"NaCl", test::rock_salt(sodium, chlorine, 5.69), -2.1033},
      {"MgO", test::rock_salt(magnesium, oxygen, 4.26), -3.0613},
      {"Li2O",
       cubic(4.66,
             {face_centred(oxygen, 0), joined(face_centred(lithium, 0.25), face_centred(lithium, 0.75))}),
       -2.0153},
      {"Si", cubic(5.43, {joined(face_centred(silicon, 0), face_centred(silicon, 0.25))}), -0.0183},
  };
  const auto parent = megnet::Parent::load(test::data() / "models/formation_energy-mp-2019.4.1.hdf5");
  megnet::Featurizer featurizer(parent, {.representations = {crystal::Representation::CAMN},
                                         .request = {{false, false, false, false}, true}});
  for (const auto& [name, crystal, energy] : all) {
    CAPTURE(name);
    CHECK(*featurizer.run(crystal).representations[0].prediction == Approx(energy).margin(1e-3));
    const auto whole = *featurizer.run(crystal::without_symmetry(crystal)).representations[0].prediction;
    CHECK(whole == Approx(energy).margin(1e-3));
  }
}
