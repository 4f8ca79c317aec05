// The one wrapper around HDF5: handles that close themselves and errors that name file and dataset.
//
// Neither hdf5.h nor mpi.h appears here. Parallel access comes in through `Access`, which the store makes
// from a communicator; everything else is serial and may be used by any stage.
#pragma once

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
enum class Type { i8, u8, i32, i64, f32, f64 };

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
  } else if constexpr (std::is_same_v<T, float>) {
    return Type::f32;
  } else {
    static_assert(std::is_same_v<T, double>, "not a type that is stored");
    return Type::f64;
  }
}

using Shape = std::vector<std::uint64_t>;

/// How a file is opened and its data moved: property lists, owned. The default is serial.
class Access {
public:
  Access();
  /// Takes over two property lists: file access and data transfer.
  Access(Handle file_access, Handle transfer);
  Handle file_access() const;
  Handle transfer() const;

private:
  struct Lists;
  std::shared_ptr<const Lists> lists_;
};

/// A dataset; a value that shares its handle.
class Dataset {
public:
  const std::string& path() const { return path_; }
  Shape shape() const;
  /// Bytes of one element where it is text of fixed length, else 0.
  std::size_t text_length() const;

  /// All of it, row-major, converted to T. @throws Error
  template <typename T>
  std::vector<T> read() const {
    return read_rows<T>(0, rows());
  }
  /// Rows [first, first + count) of the leading dimension.
  template <typename T>
  std::vector<T> read_rows(std::uint64_t first, std::uint64_t count) const {
    std::vector<T> values(count * row_size());
    read_raw(first, count, type_of<T>(), values.data());
    return values;
  }
  std::vector<std::string> read_text() const { return read_text_rows(0, rows()); }
  std::vector<std::string> read_text_rows(std::uint64_t first, std::uint64_t count) const;

  /// Writes rows from `first` on. With parallel access this is collective and an empty span takes part.
  template <typename T>
  void write_rows(std::uint64_t first, std::span<const T> values) {
    write_raw(first, values.size() / row_size(), type_of<T>(), values.data());
  }
  /// The same for fixed-length text. @throws Error limit when a text is longer than the dataset's
  void write_text_rows(std::uint64_t first, std::span<const std::string> values);

  /// Sets the length of the leading dimension; collective with parallel access.
  void resize(std::uint64_t rows);
  std::uint64_t rows() const;
  /// Elements of one row: the product of all dimensions but the first.
  std::uint64_t row_size() const;

private:
  friend class File;
  Dataset(std::string path, Handle handle, Access access);
  void read_raw(std::uint64_t first, std::uint64_t count, Type type, void* values) const;
  void write_raw(std::uint64_t first, std::uint64_t count, Type type, const void* values);

  std::string path_; ///< "FILE:/group/name", for messages
  std::shared_ptr<Handle> handle_;
  Access access_;
};

/// An open file; a value that shares its handle. Paths inside are absolute or relative to the root.
class File {
public:
  /// @throws Error io or missing, format when it is no HDF5 file
  static File create(const std::filesystem::path& path, const Access& access = {});
  static File open(const std::filesystem::path& path, const Access& access = {});
  static File open_writable(const std::filesystem::path& path, const Access& access = {});

  const std::string& name() const { return name_; }
  bool has(std::string_view path) const;
  /// Names in a group, sorted.
  std::vector<std::string> list(std::string_view group = "/") const;

  void make_group(std::string_view path);
  /// @throws Error missing
  Dataset dataset(std::string_view path) const;
  /// A chunked dataset that grows along its leading dimension. Parents are created.
  /// @param row_shape  the dimensions after the first; empty for one value a row
  /// @param chunk_rows rows of one chunk
  Dataset make_growing(std::string_view path, Type type, const Shape& row_shape, std::uint64_t chunk_rows);
  Dataset make_growing_text(std::string_view path, std::size_t length, std::uint64_t chunk_rows);

  /// A small dataset written at once (serial files).
  template <typename T>
  void write(std::string_view path, const Shape& shape, std::span<const T> values) {
    write_fixed(path, type_of<T>(), shape, values.data(), values.size());
  }
  void write_text(std::string_view path, std::span<const std::string> values);

  /// Attributes of an object ("/" for the file). Setting replaces.
  bool has_attribute(std::string_view object, std::string_view name) const;
  void set_attribute(std::string_view object, std::string_view name, std::string_view text);
  void set_attribute(std::string_view object, std::string_view name, std::int64_t value);
  void set_attribute(std::string_view object, std::string_view name, double value);
  void set_attribute(std::string_view object, std::string_view name, std::span<const double> values);
  std::string text_attribute(std::string_view object, std::string_view name) const;
  std::int64_t integer_attribute(std::string_view object, std::string_view name) const;
  double number_attribute(std::string_view object, std::string_view name) const;
  std::vector<double> numbers_attribute(std::string_view object, std::string_view name) const;

  /// Hands everything written to the operating system; collective with parallel access.
  void flush();

private:
  File(std::string name, Handle handle, Access access);
  void write_fixed(std::string_view path, Type type, const Shape& shape, const void* values, std::size_t n);

  std::string name_;
  std::shared_ptr<Handle> handle_;
  Access access_;
};

} // namespace ionsift::h5
