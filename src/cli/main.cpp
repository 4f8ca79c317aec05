#include "ionsift/cli/program.hpp"

int main(int argc, char** argv) {
  return ionsift::cli::run(argc, argv);
}
