// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/cli/program.hpp"

int main(int argc, char** argv) {
  return ionsift::cli::run(argc, argv);
}
