// SPDX-License-Identifier: BSD-3-Clause
// Reads a composition with the part that needs no libtorch.
#include "ionsift/crystal/chemistry/composition.hpp"

#include <iostream>

int main() {
  std::cout << ionsift::crystal::Composition::parse("LiF").formula() << '\n';
}
