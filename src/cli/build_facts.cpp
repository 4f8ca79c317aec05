#include "build_facts.hpp"

#include "ionsift/base/hdf5.hpp"
#include "ionsift/base/version.hpp"
#include "ionsift/learn/ensemble.hpp"
#include "ionsift/parallel/environment.hpp"

#include <fmt/format.h>

namespace ionsift::cli {

std::string version_text() {
  const int gpus = learn::visible_gpus();
  return fmt::format(
      "ionsift {}\n"
      "commit    {}\n"
      "compiler  {}\n"
      "MPI       {}\n"
      "HDF5      {}, parallel\n"
      "libtorch  {}, {}\n"
      "BLAS      {}\n",
      version(), commit(), build_description(), parallel::mpi_description(), h5::library_version(),
      learn::torch_description().substr(std::string_view("libtorch ").size()),
      gpus == 0 ? "no GPU seen here" : fmt::format("GPUs seen here: {}", gpus), learn::blas_description());
}

} // namespace ionsift::cli
