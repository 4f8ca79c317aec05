// SPDX-License-Identifier: BSD-3-Clause
#include "hdf5_detail.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ionsift::h5 {

using detail::Owned;

namespace {

std::string place(const File& file, std::string_view object, std::string_view name) {
  return fmt::format("attribute {} of {}:{}", name, file.name(), object);
}

Owned open_attribute(const File& file, Handle id, std::string_view object, std::string_view name) {
  IONSIFT_VALIDATE(file.has_attribute(object, name), missing,
                   fmt::format("there is no {}", place(file, object, name)),
                   "the file was made by another program or version, or not finished",
                   "Check that this is the file you mean.");
  Owned attribute(H5Aopen_by_name(id, detail::absolute(object).c_str(), std::string(name).c_str(),
                                  H5P_DEFAULT, H5P_DEFAULT),
                  H5Aclose);
  if (!attribute.valid()) {
    throw detail::failure(ErrorCode::format, fmt::format("cannot open {}", place(file, object, name)),
                          "The file may be damaged; make it again.");
  }
  return attribute;
}

/// Number of values of an attribute.
std::size_t count_of(hid_t attribute) {
  const Owned space(H5Aget_space(attribute), H5Sclose);
  const hssize_t count = H5Sget_simple_extent_npoints(space);
  return count < 0 ? 0 : static_cast<std::size_t>(count);
}

void write_attribute(const File& file, Handle id, std::string_view object, std::string_view name,
                     hid_t file_type, hid_t memory_type, hid_t space, const void* values) {
  detail::initialise();
  const std::string path = detail::absolute(object);
  const std::string key(name);
  // An attribute cannot change its type, so setting it again means recreating it.
  bool done =
      !file.has_attribute(object, name) || H5Adelete_by_name(id, path.c_str(), key.c_str(), H5P_DEFAULT) >= 0;
  if (done) {
    const Owned attribute(H5Acreate_by_name(id, path.c_str(), key.c_str(), file_type, space, H5P_DEFAULT,
                                            H5P_DEFAULT, H5P_DEFAULT),
                          H5Aclose);
    done = attribute.valid() && H5Awrite(attribute, memory_type, values) >= 0;
  }
  if (!done) {
    throw detail::failure(ErrorCode::io, fmt::format("cannot write {}", place(file, object, name)),
                          "Check free space and permissions.");
  }
}

template <typename T>
std::vector<T> read_numbers(const File& file, Handle id, std::string_view object, std::string_view name) {
  const Owned attribute = open_attribute(file, id, object, name);
  std::vector<T> values(count_of(attribute));
  if (!values.empty() && H5Aread(attribute, detail::number_type(type_of<T>(), false), values.data()) < 0) {
    throw detail::failure(ErrorCode::format,
                          fmt::format("cannot read {} as numbers", place(file, object, name)),
                          "Check that this is the file you mean.");
  }
  return values;
}

template <typename T>
T read_number(const File& file, Handle id, std::string_view object, std::string_view name) {
  const auto values = read_numbers<T>(file, id, object, name);
  IONSIFT_VALIDATE(values.size() == 1, format, fmt::format("{} is not one number", place(file, object, name)),
                   fmt::format("it holds {} values", values.size()), "Check that this is the file you mean.");
  return values.front();
}

} // namespace

bool File::has_attribute(std::string_view object, std::string_view name) const {
  return has(object) && H5Aexists_by_name(id(), detail::absolute(object).c_str(), std::string(name).c_str(),
                                          H5P_DEFAULT) > 0;
}

void File::set_attribute(std::string_view object, std::string_view name, std::string_view text) {
  const Owned type = detail::variable_text_type();
  const Owned space(H5Screate(H5S_SCALAR), H5Sclose);
  const std::string terminated(text);
  const char* pointer = terminated.c_str();
  write_attribute(*this, id(), object, name, type, type, space, &pointer);
}

void File::set_integer(std::string_view object, std::string_view name, std::int64_t value) {
  const Owned space(H5Screate(H5S_SCALAR), H5Sclose);
  write_attribute(*this, id(), object, name, H5T_STD_I64LE, H5T_NATIVE_INT64, space, &value);
}

void File::set_attribute(std::string_view object, std::string_view name, double value) {
  const Owned space(H5Screate(H5S_SCALAR), H5Sclose);
  write_attribute(*this, id(), object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, space, &value);
}

void File::set_attribute(std::string_view object, std::string_view name, std::span<const double> values) {
  const std::array<hsize_t, 1> shape = {values.size()};
  const Owned space(H5Screate_simple(1, shape.data(), nullptr), H5Sclose);
  const double nothing = 0;
  write_attribute(*this, id(), object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, space,
                  values.empty() ? &nothing : values.data());
}

void File::set_attribute(std::string_view object, std::string_view name, std::span<const std::string> texts) {
  std::size_t longest = 1;
  for (const auto& text : texts) {
    longest = std::max(longest, text.size());
  }
  std::vector<char> bytes(longest * texts.size(), '\0');
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::copy(texts[i].begin(), texts[i].end(), bytes.begin() + static_cast<std::ptrdiff_t>(i * longest));
  }
  const std::array<hsize_t, 1> shape = {texts.size()};
  const Owned type = detail::text_type(longest);
  const Owned space(H5Screate_simple(1, shape.data(), nullptr), H5Sclose);
  write_attribute(*this, id(), object, name, type, type, space, bytes.data());
}

std::string File::text_attribute(std::string_view object, std::string_view name) const {
  auto texts = texts_attribute(object, name);
  IONSIFT_VALIDATE(texts.size() == 1, format, fmt::format("{} is not one text", place(*this, object, name)),
                   fmt::format("it holds {} values", texts.size()), "Check that this is the file you mean.");
  return std::move(texts.front());
}

std::vector<std::string> File::texts_attribute(std::string_view object, std::string_view name) const {
  const Owned attribute = open_attribute(*this, id(), object, name);
  const Owned type(H5Aget_type(attribute), H5Tclose);
  IONSIFT_VALIDATE(H5Tget_class(type) == H5T_STRING, format,
                   fmt::format("{} is not text", place(*this, object, name)), "it holds numbers",
                   "Check that this is the file you mean.");
  std::vector<std::string> texts(count_of(attribute));
  bool done = texts.empty();
  if (!done && H5Tis_variable_str(type) > 0) {
    std::vector<char*> pointers(texts.size(), nullptr);
    done = H5Aread(attribute, type, pointers.data()) >= 0;
    for (std::size_t i = 0; done && i < texts.size(); ++i) {
      if (pointers[i] != nullptr) {
        texts[i] = pointers[i];
        H5free_memory(pointers[i]);
      }
    }
  } else if (!done) {
    const auto length = H5Tget_size(type);
    std::vector<char> bytes(length * texts.size(), '\0');
    done = H5Aread(attribute, type, bytes.data()) >= 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      texts[i] = detail::unpad(bytes.data() + i * length, length, type);
    }
  }
  if (!done) {
    throw detail::failure(ErrorCode::format, fmt::format("cannot read {}", place(*this, object, name)),
                          "The file may be damaged; make it again.");
  }
  return texts;
}

std::int64_t File::integer_attribute(std::string_view object, std::string_view name) const {
  return read_number<std::int64_t>(*this, id(), object, name);
}

double File::number_attribute(std::string_view object, std::string_view name) const {
  return read_number<double>(*this, id(), object, name);
}

std::vector<double> File::numbers_attribute(std::string_view object, std::string_view name) const {
  return read_numbers<double>(*this, id(), object, name);
}

} // namespace ionsift::h5
