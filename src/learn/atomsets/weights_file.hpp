// SPDX-License-Identifier: BSD-3-Clause
// One member in one file.
#pragma once

#include "ionsift/base/hdf5.hpp"

#include "atomsets.hpp"

#include <filesystem>

namespace ionsift::learn {

/// Writes an HDF5 file with the datasets phi.0.kernel, phi.0.bias, ..., set2set.m.kernel, set2set.m.bias,
/// set2set.recurrent.kernel, set2set.recurrent.bias (gates i, f, g, o), rho.0.kernel, ..., out.kernel,
/// out.bias; kernels are [in x out] as in Keras. Attributes of the file: format, schema, configuration
/// (JSON), columns, seed. It is written under a temporary name and renamed. @throws Error io
void write_member(const std::filesystem::path& path, const AtomSets& network,
                  const Configuration& configuration, std::uint64_t seed);

/// @throws Error format (no member, a missing tensor, a wrong shape)
AtomSets read_member(const h5::File& file, const at::TensorOptions& options);

/// Fills the weights of a network from datasets in a group, named as above.
void read_weights(const h5::File& file, const std::string& group, AtomSets& network);

} // namespace ionsift::learn
