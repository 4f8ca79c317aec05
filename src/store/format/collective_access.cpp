// SPDX-License-Identifier: BSD-3-Clause
#include "collective_access.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/parallel/together.hpp"

#include <hdf5.h>
#include <mpi.h>

namespace ionsift::store {

h5::Access collective_access(const parallel::Communicator& comm) {
  if (comm.mpi_handle() == nullptr) {
    return {};
  }
  const MPI_Comm handle = *static_cast<const MPI_Comm*>(comm.mpi_handle());
  const hid_t file_access = H5Pcreate(H5P_FILE_ACCESS);
  const hid_t transfer = H5Pcreate(H5P_DATASET_XFER);
  h5::Access access(file_access, transfer); // owns them from here on
  // Reads of metadata stay independent: collective ones are known to fail with HDF5 1.10.8 on Open MPI 4.1.4.
  const bool done = H5Pset_fapl_mpio(file_access, handle, MPI_INFO_NULL) >= 0 &&
                    H5Pset_dxpl_mpio(transfer, H5FD_MPIO_COLLECTIVE) >= 0;
  IONSIFT_VALIDATE(done, internal, "HDF5 cannot use MPI-IO", "it refused the property lists",
                   "Check that HDF5 was built with the MPI that the program runs under.");
  return access;
}

void sync_on_all_nodes(const parallel::Communicator& comm, const std::filesystem::path& path) {
  comm.barrier();
  parallel::together(comm, [&] {
    if (comm.node().is_root()) {
      sync_to_disk(path);
    }
  });
}

} // namespace ionsift::store
