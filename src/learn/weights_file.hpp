// One member in one file.
#pragma once

#include "ionsift/base/hdf5.hpp"

#include "atomsets.hpp"

#include <filesystem>

namespace ionsift::learn {

/// Writes an HDF5 file with the datasets phi.0.kernel, phi.0.bias, ..., set2set.m.kernel, set2set.m.bias,
/// set2set.recurrent.kernel, set2set.recurrent.bias (gates i, f, g, o), rho.0.kernel, ..., out.kernel,
/// out.bias; kernels are [in x out] as in Keras. Attributes of the file: format, schema, configuration
/// (JSON), columns, seed. It is written beside and renamed. @throws Error io
void write_member(const std::filesystem::path& path, const AtomSets& network,
                  const Configuration& configuration, std::uint64_t seed);

/// @throws Error format (no member, a missing tensor, a wrong shape)
AtomSets read_member(const h5::File& file, const at::TensorOptions& options);

/// Fills the weights of a network from datasets in a group, named as above.
void read_weights(const h5::File& file, const std::string& group, AtomSets& network);

/// One dataset of the shape and type of a tensor, float or double.
void write_tensor(h5::File& file, const std::string& name, const at::Tensor& tensor);
/// The inverse, on the device of `like` and as its type. @throws Error missing, format (another shape than
/// that of `like`)
at::Tensor read_tensor(const h5::File& file, const std::string& name, const at::Tensor& like);
/// Of a tensor's values, row-major, as docs/store.md defines checksums.
std::uint64_t checksum_of(const at::Tensor& tensor);

} // namespace ionsift::learn
