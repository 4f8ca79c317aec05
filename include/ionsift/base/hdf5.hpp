// SPDX-License-Identifier: BSD-3-Clause
// The one wrapper around HDF5: handles that close themselves and errors that name file and dataset.
//
// Neither hdf5.h nor mpi.h appears here. Parallel access comes in through `Access`, which the store makes
// from a communicator; everything else is serial and may be used by any stage. HDF5 itself is not safe for
// threads: one thread of a process uses this at a time.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace ionsift::h5 {

/// HDF5's hid_t, which is a 64-bit integer in every version since 1.10.
using Handle = std::int64_t;

/// Element types that are stored. Text is stored as variable-length UTF-8 in attributes and as fixed-length,
/// zero-padded UTF-8 in datasets (parallel HDF5 cannot write variable-length data collectively).
enum class Type { i8, u8, i32, i64, u64, f32, f64 };

template <typename T>
constexpr Type type_of() {
  if constexpr (std::is_same_v<T, std::int8_t>) {
    return Type::i8;
  } else if constexpr (std::is_same_v<T, std::uint8_t>) {
    return Type::u8;
  } else if constexpr (std::is_same_v<T, std::int32_t>) {
    return Type::i32;
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    return Type::i64;
  } else if constexpr (std::is_same_v<T, std::uint64_t>) {
    return Type::u64;
  } else if constexpr (std::is_same_v<T, float>) {
    return Type::f32;
  } else {
    static_assert(std::is_same_v<T, double>, "not a type that is stored");
    return Type::f64;
  }
}

/// Version of the library in this process: "1.10.8".
std::string library_version();

using Shape = std::vector<std::uint64_t>;

/// How a file is opened and its data moved: property lists, owned. The default is serial.
class Access {
public:
  Access() = default;
  /// Takes over two property lists: file access and data transfer.
  Access(Handle file_access, Handle transfer);
  Handle file_access() const;
  Handle transfer() const;

private:
  struct Lists;
  std::shared_ptr<const Lists> lists_; ///< none: HDF5's defaults
};

/// Which ranks take part in moving data of a file with parallel access. Irrelevant for serial files.
enum class Transfer {
  together, ///< all ranks, also those without data
  alone,    ///< this rank, independently of the others
};

/// A dataset; a value that shares its handle.
class Dataset {
public:
  const std::string& path() const { return path_; }
  Shape shape() const;
  /// Bytes of one element if it is text of fixed length, else 0.
  std::size_t text_length() const;
  /// Length of the leading dimension; 1 for a scalar.
  std::uint64_t rows() const;
  /// Elements of one row: the product of all dimensions but the first.
  std::uint64_t row_size() const;

  /// Bytes of its data in the file.
  std::uint64_t stored_bytes() const;

  /// All elements, row-major, converted to T. @throws Error format if HDF5 cannot convert
  template <typename T>
  std::vector<T> read() const {
    return read_rows<T>(0, rows());
  }
  /// Rows [first, first + count) of the leading dimension. With parallel access this is collective and a
  /// count of 0 takes part. @throws Error data if the dataset is shorter
  template <typename T>
  std::vector<T> read_rows(std::uint64_t first, std::uint64_t count) const {
    check_rows(first, count);
    std::vector<T> values(count * row_size());
    read_raw(first, count, type_of<T>(), values.data());
    return values;
  }
  /// Rows as the bytes that the file holds. @throws Error format for text of variable length
  std::vector<std::byte> read_bytes(std::uint64_t first, std::uint64_t count) const;
  /// Text of fixed or variable length, without its padding.
  std::vector<std::string> read_text() const { return read_text_rows(0, rows()); }
  std::vector<std::string> read_text_rows(std::uint64_t first, std::uint64_t count,
                                          Transfer transfer = Transfer::together) const;

  /// Writes rows from `first` on; `values` are whole rows. @throws Error data if the dataset is shorter
  template <typename T>
  void write_rows(std::uint64_t first, std::span<const T> values, Transfer transfer = Transfer::together) {
    write_raw(first, values.size(), type_of<T>(), values.data(), transfer);
  }
  template <typename T>
  void write_rows(std::uint64_t first, const std::vector<T>& values, Transfer transfer = Transfer::together) {
    write_rows(first, std::span<const T>(values), transfer);
  }
  /// The same for fixed-length text. @throws Error limit when a text is longer than the dataset's
  void write_text_rows(std::uint64_t first, std::span<const std::string> values,
                       Transfer transfer = Transfer::together);

  /// Sets the length of the leading dimension; collective with parallel access.
  void resize(std::uint64_t rows);

private:
  friend class File;
  Dataset(std::string path, std::shared_ptr<Handle> handle, Access access);
  void check_rows(std::uint64_t first, std::uint64_t count) const;
  void read_raw(std::uint64_t first, std::uint64_t count, Type type, void* values) const;
  void write_raw(std::uint64_t first, std::uint64_t elements, Type type, const void* values,
                 Transfer transfer);
  Handle transfer_list(Transfer transfer) const;

  std::string path_; ///< "FILE:/group/name", for messages
  std::shared_ptr<Handle> handle_;
  Access access_;
};

/// An open file; a value that shares its handle, closed with the last copy. Paths inside are absolute or
/// relative to the root.
class File {
public:
  /// Replaces a file that exists. @throws Error io
  static File create(const std::filesystem::path& path, const Access& access = {});
  /// For reading. @throws Error missing, format when it is not an HDF5 file, io
  static File open(const std::filesystem::path& path, const Access& access = {});
  static File open_writable(const std::filesystem::path& path, const Access& access = {});

  const std::string& name() const { return name_; }
  bool has(std::string_view path) const;
  /// Names in a group, sorted. @throws Error missing
  std::vector<std::string> list(std::string_view group = "/") const;

  /// Parents are created; an existing group is left alone.
  void make_group(std::string_view path);
  /// @throws Error missing
  Dataset dataset(std::string_view path) const;
  /// A chunked dataset of no rows that grows along its leading dimension. Parents are created.
  /// @param row_shape  the dimensions after the first; empty for one value a row
  /// @param chunk_rows rows of one chunk
  Dataset make_growing(std::string_view path, Type type, const Shape& row_shape, std::uint64_t chunk_rows);
  /// @param length bytes of one text, at least 1
  Dataset make_growing_text(std::string_view path, std::size_t length, std::uint64_t chunk_rows);
  /// A dataset of final length, whose rows are written later: one piece of the file. Parents are created.
  /// Collective with parallel access.
  Dataset make_fixed(std::string_view path, Type type, const Shape& shape);
  /// @param length bytes of one text, at least 1
  Dataset make_fixed_text(std::string_view path, std::size_t length, std::uint64_t rows);
  /// Moves an object to another path of an existing group, over none. Collective with parallel access.
  void move(std::string_view from, std::string_view to);
  /// Unlinks an object; its space is used again while the file stays open. Collective with parallel access.
  void remove(std::string_view path);

  /// A small dataset written at once (serial files); parents are created.
  template <typename T>
  void write(std::string_view path, const Shape& shape, std::span<const T> values) {
    write_fixed(path, type_of<T>(), shape, values.data(), values.size());
  }
  template <typename T>
  void write(std::string_view path, const Shape& shape, const std::vector<T>& values) {
    write(path, shape, std::span<const T>(values));
  }
  void write_text(std::string_view path, std::span<const std::string> values);

  /// Attributes of an object ("/" for the file). Setting replaces. Numbers are converted, a scalar may be an
  /// array of one; text may be of fixed or variable length. @throws Error missing, format
  bool has_attribute(std::string_view object, std::string_view name) const;
  void set_attribute(std::string_view object, std::string_view name, std::string_view text);
  void set_attribute(std::string_view object, std::string_view name, const char* text) {
    set_attribute(object, name, std::string_view(text));
  }
  void set_attribute(std::string_view object, std::string_view name, std::integral auto value) {
    set_integer(object, name, static_cast<std::int64_t>(value));
  }
  void set_attribute(std::string_view object, std::string_view name, double value);
  void set_attribute(std::string_view object, std::string_view name, std::span<const double> values);
  /// Several texts as an array of fixed length, as Keras names its layers; at least one.
  void set_attribute(std::string_view object, std::string_view name, std::span<const std::string> texts);
  std::string text_attribute(std::string_view object, std::string_view name) const;
  std::vector<std::string> texts_attribute(std::string_view object, std::string_view name) const;
  std::int64_t integer_attribute(std::string_view object, std::string_view name) const;
  double number_attribute(std::string_view object, std::string_view name) const;
  std::vector<double> numbers_attribute(std::string_view object, std::string_view name) const;

  /// Hands everything written to the operating system; collective with parallel access.
  void flush();
  /// Closes the file now, for all copies, so that failures are reported; datasets must have been released.
  /// Collective with parallel access. @throws Error io
  void close();

private:
  File(std::string name, std::shared_ptr<Handle> handle, Access access);
  Dataset create_dataset(std::string_view path, Handle type, Handle space, const Shape& chunk);
  Dataset make_growing_of(std::string_view path, Handle type, const Shape& row_shape,
                          std::uint64_t chunk_rows);
  Dataset make_fixed_of(std::string_view path, Handle type, const Shape& shape);
  void write_fixed(std::string_view path, Type type, const Shape& shape, const void* values, std::size_t n);
  void set_integer(std::string_view object, std::string_view name, std::int64_t value);
  Handle id() const;

  std::string name_;
  std::shared_ptr<Handle> handle_;
  Access access_;
};

} // namespace ionsift::h5
