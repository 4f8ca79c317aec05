// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/assertion.hpp"

#include "hdf5_detail.hpp"

#include <mutex>
#include <utility>

namespace ionsift::h5 {

struct Access::Lists {
  detail::Owned file_access;
  detail::Owned transfer;
};

Access::Access(Handle file_access, Handle transfer)
    : lists_(std::make_shared<const Lists>(
          Lists{detail::Owned(file_access, H5Pclose), detail::Owned(transfer, H5Pclose)})) {
}

Handle Access::file_access() const {
  return lists_ ? static_cast<hid_t>(lists_->file_access) : H5P_DEFAULT;
}

Handle Access::transfer() const {
  return lists_ ? static_cast<hid_t>(lists_->transfer) : H5P_DEFAULT;
}

namespace detail {

void initialise() {
  static std::once_flag once;
  std::call_once(once, [] { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); });
}

namespace {

/// Appends the message of one level of the error stack; consecutive levels often repeat themselves.
herr_t append_message(unsigned, const H5E_error2_t* level, void* text) {
  auto& messages = *static_cast<std::string*>(text);
  const std::string_view message = level->desc != nullptr ? level->desc : "";
  if (!message.empty() && messages.find(message) == std::string::npos) {
    messages += messages.empty() ? "" : ": ";
    messages += message;
  }
  return 0;
}

} // namespace

std::string take_messages() {
  std::string messages;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, append_message, &messages);
  H5Eclear2(H5E_DEFAULT);
  return messages.empty() ? "HDF5 gave no reason" : messages;
}

Error failure(ErrorCode code, std::string problem, std::string suggestion) {
  return {code, std::move(problem), take_messages(), std::move(suggestion)};
}

Owned& Owned::operator=(Owned&& other) noexcept {
  if (this != &other) {
    reset();
    id_ = std::exchange(other.id_, -1);
    close_ = other.close_;
  }
  return *this;
}

hid_t Owned::release() {
  return std::exchange(id_, -1);
}

void Owned::reset() {
  if (valid() && close_ != nullptr) {
    close_(id_);
  }
  id_ = -1;
}

std::shared_ptr<Handle> share(Owned identifier) {
  // The owner is stored with the integer; closing early overwrites it with -1.
  struct Shared {
    explicit Shared(hid_t own) : id(own), kind(H5Iget_type(own)) {}
    Handle id;
    H5I_type_t kind;
    ~Shared() {
      if (id < 0) {
        return;
      }
      if (kind == H5I_FILE) {
        H5Fclose(id);
      } else {
        H5Oclose(id);
      }
    }
  };
  auto shared = std::make_shared<Shared>(identifier.release());
  return {shared, &shared->id};
}

hid_t number_type(Type type, bool in_file) {
  switch (type) {
  case Type::i8:
    return in_file ? H5T_STD_I8LE : H5T_NATIVE_INT8;
  case Type::u8:
    return in_file ? H5T_STD_U8LE : H5T_NATIVE_UINT8;
  case Type::i32:
    return in_file ? H5T_STD_I32LE : H5T_NATIVE_INT32;
  case Type::i64:
    return in_file ? H5T_STD_I64LE : H5T_NATIVE_INT64;
  case Type::u64:
    return in_file ? H5T_STD_U64LE : H5T_NATIVE_UINT64;
  case Type::f32:
    return in_file ? H5T_IEEE_F32LE : H5T_NATIVE_FLOAT;
  case Type::f64:
    return in_file ? H5T_IEEE_F64LE : H5T_NATIVE_DOUBLE;
  }
  throw Error(ErrorCode::internal, "unknown element type", "the enumeration has grown", bug_report_request());
}

Owned text_type(std::size_t length) {
  Owned type(H5Tcopy(H5T_C_S1), H5Tclose);
  if (!type.valid() || H5Tset_size(type, length) < 0 || H5Tset_strpad(type, H5T_STR_NULLPAD) < 0 ||
      H5Tset_cset(type, H5T_CSET_UTF8) < 0) {
    throw failure(ErrorCode::internal, "cannot make a type for text", bug_report_request());
  }
  return type;
}

Owned variable_text_type() {
  Owned type(H5Tcopy(H5T_C_S1), H5Tclose);
  if (!type.valid() || H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0) {
    throw failure(ErrorCode::internal, "cannot make a type for text", bug_report_request());
  }
  return type;
}

std::string unpad(const char* bytes, std::size_t length, hid_t type) {
  std::string_view text(bytes, length);
  if (H5Tget_strpad(type) == H5T_STR_SPACEPAD) {
    const auto last = text.find_last_not_of(' ');
    return std::string(text.substr(0, last == std::string_view::npos ? 0 : last + 1));
  }
  return std::string(text.substr(0, text.find('\0')));
}

std::string absolute(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) {
    path.remove_suffix(1);
  }
  return fmt::format("{}{}", path.starts_with('/') ? "" : "/", path);
}

} // namespace detail
} // namespace ionsift::h5
