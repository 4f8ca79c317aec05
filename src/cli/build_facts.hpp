// SPDX-License-Identifier: BSD-3-Clause
// Facts on the build of this program.
#pragma once

#include <string>
#include <string_view>

namespace ionsift::cli {

/// The commit of the source, with "-dirty" behind it where that was changed: "5f24de2a91c0"; "unknown" for a
/// source without its history.
std::string_view commit();

/// The text of `ionsift --version`: version and commit, then compiler, MPI, HDF5, libtorch and BLAS.
std::string version_text();

} // namespace ionsift::cli
