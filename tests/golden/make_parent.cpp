// SPDX-License-Identifier: BSD-3-Clause
// make_parent FILE: a MEGNet network with random weights from a fixed seed, in Keras' layout.
#include "keras_writer.hpp"
#include "random_parent.hpp"

#include <iostream>

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: make_parent FILE\n";
    return 2;
  }
  const auto parent = ionsift::test::random_parent(2026);
  ionsift::test::KerasWriter(parent).write(argv[1]);
  return 0;
}
