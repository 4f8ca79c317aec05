// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/atom.hpp"

#include <gemmi/elem.hpp>

namespace ionsift::crystal {

double atomic_mass(int atomic_number) {
  return gemmi::molecular_weight(static_cast<gemmi::El>(atomic_number));
}

double covalent_radius(int atomic_number) {
  return gemmi::covalent_radius(static_cast<gemmi::El>(atomic_number));
}

} // namespace ionsift::crystal
