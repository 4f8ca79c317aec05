// SPDX-License-Identifier: BSD-3-Clause
// Internals of the HDF5 wrapper: owned identifiers and errors that carry HDF5's own messages.
#pragma once

#include "ionsift/base/error.hpp"
#include "ionsift/base/hdf5.hpp"

#include <hdf5.h>

#include <memory>
#include <string>
#include <string_view>

namespace ionsift::h5::detail {

static_assert(sizeof(hid_t) == sizeof(Handle));

using Close = herr_t (*)(hid_t);

/// Switches off HDF5's printing on standard error, once; called before the first identifier is made.
void initialise();

/// HDF5's messages about the last failure, outermost first, in one line; empties its error stack.
std::string take_messages();

/// The error of a failed HDF5 call.
Error failure(ErrorCode code, std::string problem, std::string suggestion);

/// An identifier with its own close function.
class Owned {
public:
  Owned() = default;
  Owned(hid_t id, Close close) : id_(id), close_(close) {}
  Owned(Owned&& other) noexcept : id_(other.id_), close_(other.close_) { other.id_ = -1; }
  Owned& operator=(Owned&& other) noexcept;
  ~Owned() { reset(); }

  operator hid_t() const { return id_; }
  bool valid() const { return id_ >= 0; }
  hid_t release();
  void reset();

private:
  hid_t id_ = -1;
  Close close_ = nullptr;
};

/// A shared identifier; a negative one is not closed.
std::shared_ptr<Handle> share(Owned identifier);

/// HDF5's type for numbers in memory or, with `in_file`, of little-endian numbers in files.
hid_t number_type(Type type, bool in_file);

/// Zero-padded UTF-8 of this many bytes.
Owned text_type(std::size_t length);
/// UTF-8 of variable length.
Owned variable_text_type();

/// A text of fixed length without its zero or space padding.
std::string unpad(const char* bytes, std::size_t length, hid_t type);

/// "/a/b" for "a/b", "/a/b", "/a/b/".
std::string absolute(std::string_view path);

} // namespace ionsift::h5::detail
