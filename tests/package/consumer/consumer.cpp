// SPDX-License-Identifier: BSD-3-Clause
// Uses headers that rely on libtorch, HDF5 and MPI, from outside.
#include "ionsift/base/hdf5.hpp"
#include "ionsift/base/version.hpp"
#include "ionsift/learn/tensor/libtorch.hpp"
#include "ionsift/learn/tensor/product_rate.hpp"
#include "ionsift/parallel/environment.hpp"

#include <iostream>

int main(int argc, char** argv) {
  return ionsift::parallel::run_guarded(argc, argv, [](const ionsift::parallel::Communicator& comm) {
    const auto rate = ionsift::learn::measure_products({});
    std::cout << "ionsift " << ionsift::version() << ", " << ionsift::learn::torch_description() << ", HDF5 "
              << ionsift::h5::library_version() << ", ranks: " << comm.size() << '\n';
    return rate.right ? 0 : 1;
  });
}
