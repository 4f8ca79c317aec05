// SPDX-License-Identifier: BSD-3-Clause
#include "bond_valence.hpp"

#include <array>
#include <cmath>

namespace ionsift::dataset {

namespace {

/// eV angstrom: e^2 / (4 pi epsilon_0), with the digits of the published parameters.
constexpr double coulomb = 14.4;
constexpr double lithium_softness = 0.02847; // eV^-1, bond softness of Li+

struct Row {
  int atomic_number;
  double r0, b;        ///< bond valence is exp((r0 - R) / b), angstrom
  double coordination; ///< mean number of anions around lithium
  double softness;     ///< softness of the anion, as `lithium_softness`
  double cutoff;       ///< cutoff of the bond, angstrom
  double least_at;     ///< published Rmin; 0: computed from the others
};

/// Chen, Adams, IUCrJ 2017, 4, 614 and the tables of softBV.
constexpr std::array rows = {
    Row{1, 1.03895, 0.531, 7.71429, 0.25, 5.5, 0},
    Row{7, 1.1543, 0.637, 4.15556, 0.16139, 6, 2.132557},
    Row{8, 1.17096, 0.516, 5.07292, 0.14752, 5.5, 1.940013},
    Row{9, 1.08674, 0.508, 5.55769, 0.14262, 5.5, 1.87265},
    Row{15, 1.47863, 0.724, 4.16667, 0.2402, 7, 0},
    Row{16, 1.46652, 0.653, 4.38462, 0.22433, 6, 2.40971},
    Row{17, 1.39892, 0.634, 5.86667, 0.21389, 6.5, 2.39647},
    Row{33, 1.50885, 0.754, 4.23, 0.25805, 7.5, 0},
    Row{34, 1.60274, 0.684, 4.33333, 0.24167, 7, 2.68386},
    Row{35, 1.51288, 0.675, 5.84615, 0.23669, 7, 2.58255},
    Row{51, 1.69021, 0.821, 4.33333, 0.2982, 8, 0},
    Row{52, 1.71028, 0.729, 5.14286, 0.26716, 7, 2.73313},
    Row{53, 1.64829, 0.735, 5.81818, 0.27057, 7, 2.78807},
};

} // namespace

int principal_quantum_number(int atomic_number) {
  constexpr std::array last = {2, 10, 18, 36, 54, 86};
  int number = 1;
  for (const int noble : last) {
    number += atomic_number > noble ? 1 : 0;
  }
  return number;
}

std::optional<LithiumBond> lithium_bond(int atomic_number) {
  for (const auto& row : rows) {
    if (row.atomic_number == atomic_number) {
      // Adams, Acta Cryst. B 2001, 57, 278, and Adams, Rao 2011: softness of the ions moves the minimum.
      const double computed = row.r0 * (0.9185 + 0.2285 * std::abs(row.softness - lithium_softness)) -
                              row.b * std::log(1 / row.coordination);
      const double least_at = row.least_at > 0 ? row.least_at : computed;
      const int shells = principal_quantum_number(3) * principal_quantum_number(atomic_number);
      return LithiumBond{least_at, row.b, row.cutoff,
                         coulomb * row.b * row.b / (2 * least_at * std::sqrt(shells))};
    }
  }
  return std::nullopt;
}

} // namespace ionsift::dataset
