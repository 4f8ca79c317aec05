// SPDX-License-Identifier: BSD-3-Clause
#include "tensor_file.hpp"

#include "ionsift/base/checksum.hpp"
#include "ionsift/base/error.hpp"

#include <ATen/ops/from_blob.h>
#include <fmt/ranges.h>

namespace ionsift::learn {

namespace {

h5::Shape shape_of(const at::Tensor& tensor) {
  return {tensor.sizes().begin(), tensor.sizes().end()};
}

} // namespace

void write_tensor(h5::File& file, const std::string& name, const at::Tensor& tensor) {
  const auto values = tensor.to(at::kCPU).contiguous();
  if (values.scalar_type() == at::kFloat) {
    file.write<float>(name, shape_of(values),
                      {values.data_ptr<float>(), static_cast<std::size_t>(values.numel())});
  } else {
    file.write<double>(name, shape_of(values),
                       {values.data_ptr<double>(), static_cast<std::size_t>(values.numel())});
  }
}

std::uint64_t checksum_of(const at::Tensor& tensor) {
  const auto values = tensor.to(at::kCPU).contiguous();
  return checksum_of_bytes({static_cast<const std::byte*>(values.data_ptr()), values.nbytes()});
}

at::Tensor read_tensor(const h5::File& file, const std::string& name, const at::Tensor& like) {
  const auto dataset = file.dataset(name);
  const auto shape = dataset.shape();
  IONSIFT_VALIDATE(
      shape == shape_of(like), format, fmt::format("{} has the wrong shape", dataset.path()),
      fmt::format("[{}] instead of [{}]", fmt::join(shape, " x "), fmt::join(shape_of(like), " x ")),
      "The file was not written for this configuration; train the ensemble again.");
  const auto copy = [&](auto values, at::ScalarType type) {
    return at::from_blob(values.data(), like.sizes(), type).to(like.options(), false, true);
  };
  return like.scalar_type() == at::kFloat ? copy(dataset.read<float>(), at::kFloat)
                                          : copy(dataset.read<double>(), at::kDouble);
}

} // namespace ionsift::learn
