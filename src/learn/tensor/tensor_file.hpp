// SPDX-License-Identifier: BSD-3-Clause
// Tensors as datasets of HDF5 files.
#pragma once

#include "ionsift/base/hdf5.hpp"

#include "tensor.hpp"

#include <cstdint>
#include <string>

namespace ionsift::learn {

/// One dataset of the shape and type of a tensor, float or double.
void write_tensor(h5::File& file, const std::string& name, const at::Tensor& tensor);
/// The inverse, on the device of `like` and as its type. @throws Error missing, format (another shape than
/// that of `like`)
at::Tensor read_tensor(const h5::File& file, const std::string& name, const at::Tensor& like);
/// Checksum of a tensor's values, row-major, as defined in docs/store.md.
std::uint64_t checksum_of(const at::Tensor& tensor);

} // namespace ionsift::learn
