// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/assertion.hpp"

#include "hdf5_detail.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

namespace ionsift::h5 {

using detail::Owned;

namespace {

constexpr auto damaged = "The file may be damaged; make it again.";
constexpr auto no_space = "Check free space and permissions.";

Owned space_of(Handle dataset) {
  return {H5Dget_space(dataset), H5Sclose};
}
Owned type_of_elements(Handle dataset) {
  return {H5Dget_type(dataset), H5Tclose};
}

/// Dataspaces in the file and in memory for rows [first, first + count).
struct Selection {
  Owned file;
  Owned memory;
};

Selection select_rows(Handle dataset, const Shape& shape, std::uint64_t first, std::uint64_t count) {
  Selection selection;
  selection.file = space_of(dataset);
  if (shape.empty()) { // a scalar
    selection.memory = Owned(H5Screate(H5S_SCALAR), H5Sclose);
    return selection;
  }
  std::vector<hsize_t> start(shape.size(), 0);
  std::vector<hsize_t> extent(shape.begin(), shape.end());
  start[0] = first;
  extent[0] = count;
  selection.memory =
      Owned(H5Screate_simple(static_cast<int>(extent.size()), extent.data(), nullptr), H5Sclose);
  const bool nothing = std::find(extent.begin(), extent.end(), 0U) != extent.end();
  if (nothing) {
    H5Sselect_none(selection.file);
    H5Sselect_none(selection.memory);
  } else {
    H5Sselect_hyperslab(selection.file, H5S_SELECT_SET, start.data(), nullptr, extent.data(), nullptr);
  }
  return selection;
}

/// HDF5 requires an address even for empty transfers.
template <typename Pointer>
Pointer address(Pointer values) {
  static std::array<std::byte, 8> nothing;
  return values != nullptr ? values : Pointer(nothing.data());
}

} // namespace

Dataset::Dataset(std::string path, std::shared_ptr<Handle> handle, Access access)
    : path_(std::move(path)), handle_(std::move(handle)), access_(std::move(access)) {
}

Shape Dataset::shape() const {
  const Owned space = space_of(*handle_);
  const int rank = H5Sget_simple_extent_ndims(space);
  if (rank < 0) {
    throw detail::failure(ErrorCode::format, fmt::format("cannot read the shape of {}", path_), damaged);
  }
  std::vector<hsize_t> extent(static_cast<std::size_t>(rank));
  H5Sget_simple_extent_dims(space, extent.data(), nullptr);
  return {extent.begin(), extent.end()};
}

std::uint64_t Dataset::stored_bytes() const {
  return H5Dget_storage_size(*handle_);
}

std::uint64_t Dataset::rows() const {
  const Shape extent = shape();
  return extent.empty() ? 1 : extent[0];
}

std::uint64_t Dataset::row_size() const {
  const Shape extent = shape();
  std::uint64_t size = 1;
  for (std::size_t i = 1; i < extent.size(); ++i) {
    size *= extent[i];
  }
  return size;
}

std::size_t Dataset::text_length() const {
  const Owned type = type_of_elements(*handle_);
  const bool fixed = H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0;
  return fixed ? H5Tget_size(type) : 0;
}

/// HDF5's default list moves data independently.
Handle Dataset::transfer_list(Transfer transfer) const {
  return transfer == Transfer::together ? access_.transfer() : H5P_DEFAULT;
}

void Dataset::check_rows(std::uint64_t first, std::uint64_t count) const {
  const std::uint64_t available = rows();
  IONSIFT_VALIDATE(first <= available && count <= available - first, data,
                   fmt::format("{} has no rows {} to {}", path_, first, first + count),
                   fmt::format("it has {}", available),
                   "Check that the file is whole and the range is right.");
}

void Dataset::read_raw(std::uint64_t first, std::uint64_t count, Type type, void* values) const {
  const Selection rows = select_rows(*handle_, shape(), first, count);
  if (H5Dread(*handle_, detail::number_type(type, false), rows.memory, rows.file, access_.transfer(),
              address(values)) < 0) {
    throw detail::failure(ErrorCode::format, fmt::format("cannot read {}", path_), damaged);
  }
}

std::vector<std::byte> Dataset::read_bytes(std::uint64_t first, std::uint64_t count) const {
  check_rows(first, count);
  const Owned type = type_of_elements(*handle_);
  IONSIFT_VALIDATE(H5Tis_variable_str(type) <= 0, format, fmt::format("{} has texts of any length", path_),
                   "the file holds where they are", "Read them as texts.");
  std::vector<std::byte> bytes(count * row_size() * H5Tget_size(type));
  const Selection rows = select_rows(*handle_, shape(), first, count);
  if (H5Dread(*handle_, type, rows.memory, rows.file, access_.transfer(), address(bytes.data())) < 0) {
    throw detail::failure(ErrorCode::format, fmt::format("cannot read {}", path_), damaged);
  }
  return bytes;
}

void Dataset::write_raw(std::uint64_t first, std::uint64_t elements, Type type, const void* values,
                        Transfer transfer) {
  const std::uint64_t width = row_size();
  IONSIFT_ASSERT(width > 0 ? elements % width == 0 : elements == 0,
                 fmt::format("{} values are not whole rows of {}, which have {}", elements, path_, width));
  const std::uint64_t count = width > 0 ? elements / width : 0;
  check_rows(first, count);
  const Selection rows = select_rows(*handle_, shape(), first, count);
  if (H5Dwrite(*handle_, detail::number_type(type, false), rows.memory, rows.file, transfer_list(transfer),
               address(values)) < 0) {
    throw detail::failure(ErrorCode::io, fmt::format("cannot write {}", path_), no_space);
  }
}

void Dataset::resize(std::uint64_t rows) {
  Shape extent = shape();
  IONSIFT_ASSERT(!extent.empty(), fmt::format("{} is a scalar and cannot grow", path_));
  extent[0] = rows;
  const std::vector<hsize_t> sizes(extent.begin(), extent.end());
  if (H5Dset_extent(*handle_, sizes.data()) < 0) {
    throw detail::failure(ErrorCode::io, fmt::format("cannot resize {} to {} rows", path_, rows), no_space);
  }
}

std::vector<std::string> Dataset::read_text_rows(std::uint64_t first, std::uint64_t count,
                                                 Transfer transfer) const {
  check_rows(first, count);
  const std::uint64_t size = count * row_size();
  const Owned type = type_of_elements(*handle_);
  IONSIFT_VALIDATE(H5Tget_class(type) == H5T_STRING, format, fmt::format("{} is not text", path_),
                   "its elements are numbers", "Check that this is the file you mean.");
  const Selection rows = select_rows(*handle_, shape(), first, count);
  std::vector<std::string> texts(size);
  // The type of the file is that of memory too: HDF5 does not convert between character sets.
  const auto read = [&](void* bytes) {
    if (H5Dread(*handle_, type, rows.memory, rows.file, transfer_list(transfer), address(bytes)) < 0) {
      throw detail::failure(ErrorCode::format, fmt::format("cannot read {}", path_), damaged);
    }
  };
  if (H5Tis_variable_str(type) > 0) {
    std::vector<char*> pointers(size, nullptr);
    read(pointers.data());
    for (std::size_t i = 0; i < size; ++i) {
      texts[i] = pointers[i] != nullptr ? pointers[i] : "";
      H5free_memory(pointers[i]);
    }
  } else {
    const std::size_t length = H5Tget_size(type);
    std::vector<char> bytes(size * length);
    read(bytes.data());
    for (std::size_t i = 0; i < size; ++i) {
      texts[i] = detail::unpad(bytes.data() + i * length, length, type);
    }
  }
  return texts;
}

void Dataset::write_text_rows(std::uint64_t first, std::span<const std::string> values, Transfer transfer) {
  check_rows(first, values.size());
  const std::size_t length = text_length();
  std::vector<char> bytes(values.size() * length, '\0');
  for (std::size_t i = 0; i < values.size(); ++i) {
    IONSIFT_VALIDATE(values[i].size() <= length, limit,
                     fmt::format("\"{}\" does not fit into {}", values[i], path_),
                     fmt::format("{} bytes where texts have {}", values[i].size(), length), "Shorten it.");
    std::memcpy(bytes.data() + i * length, values[i].data(), values[i].size());
  }
  const Owned type = detail::text_type(length);
  const Selection rows = select_rows(*handle_, shape(), first, values.size());
  if (H5Dwrite(*handle_, type, rows.memory, rows.file, transfer_list(transfer), address(bytes.data())) < 0) {
    throw detail::failure(ErrorCode::io, fmt::format("cannot write {}", path_), no_space);
  }
}

} // namespace ionsift::h5
