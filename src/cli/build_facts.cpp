// SPDX-License-Identifier: BSD-3-Clause
#include "build_facts.hpp"

#include "ionsift/base/hdf5.hpp"
#include "ionsift/base/version.hpp"
#include "ionsift/parallel/environment.hpp"

#include "torch_facts.hpp"

#include <fmt/format.h>

namespace ionsift::cli {

std::string version_text() {
  const int gpus = visible_gpus();
  const auto torch = torch_description();
  return fmt::format("ionsift {}\n"
                     "commit    {}\n"
                     "compiler  {}\n"
                     "MPI       {}\n"
                     "HDF5      {}, parallel\n"
                     "libtorch  {}, {}\n"
                     "BLAS      {}\n",
                     version(), commit(), build_description(), parallel::mpi_description(),
                     h5::library_version(), torch.starts_with("libtorch ") ? torch.substr(9) : torch,
                     gpus == 0 ? "no GPU seen here" : fmt::format("GPUs seen here: {}", gpus),
                     blas_description());
}

} // namespace ionsift::cli
