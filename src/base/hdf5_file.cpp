// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/assertion.hpp"

#include "hdf5_detail.hpp"

#include <algorithm>
#include <array>

namespace ionsift::h5 {

using detail::Owned;

namespace {

constexpr auto no_space = "Check free space and permissions.";
constexpr auto locking_hint = "Check that the file is complete and readable, and that no other program has "
                              "it open for writing. Where the "
                              "file system knows no locks, set HDF5_USE_FILE_LOCKING=FALSE.";

/// Files in the format of HDF5 1.8: the first in which objects need no timestamps, and still one that every
/// reader understands. Writers bypass the sieve buffer: its content would be written when the dataset
/// is closed, and if that fails on a full disk, HDF5 1.14 can no longer close the file (it crashes).
/// Readers use it, since it merges many small reads into one.
Owned file_access(const Access& access, bool writes) {
  Owned list(access.file_access() == H5P_DEFAULT ? H5Pcreate(H5P_FILE_ACCESS) : H5Pcopy(access.file_access()),
             H5Pclose);
  if (!list.valid() || H5Pset_libver_bounds(list, H5F_LIBVER_V18, H5F_LIBVER_V110) < 0 ||
      (writes && H5Pset_sieve_buf_size(list, 0) < 0)) {
    throw detail::failure(ErrorCode::internal, "cannot make a property list", bug_report_request());
  }
  return list;
}

Owned open_file(const std::filesystem::path& path, unsigned flags, const Access& access) {
  detail::initialise();
  std::error_code ignored;
  IONSIFT_VALIDATE(std::filesystem::exists(path, ignored), missing,
                   fmt::format("there is no file {}", path.string()), "the path does not exist",
                   "Check the path.");
  const Owned list = file_access(access, flags != H5F_ACC_RDONLY);
  Owned file(H5Fopen(path.c_str(), flags, list), H5Fclose);
  if (!file.valid()) {
    const std::string why = detail::take_messages(); // the next call overwrites them
    const bool recognised = H5Fis_hdf5(path.c_str()) > 0;
    throw Error(recognised ? ErrorCode::io : ErrorCode::format,
                fmt::format("cannot open {}{}", path.string(), recognised ? "" : " as HDF5"), why,
                locking_hint);
  }
  return file;
}

/// Creation properties of an object that carries no timestamps: equal content gives equal bytes.
Owned without_times(hid_t kind) {
  Owned list(H5Pcreate(kind), H5Pclose);
  if (!list.valid() || H5Pset_obj_track_times(list, false) < 0) {
    throw detail::failure(ErrorCode::internal, "cannot make a property list", bug_report_request());
  }
  return list;
}

herr_t collect_name(hid_t, const char* name, const H5L_info_t*, void* names) {
  static_cast<std::vector<std::string>*>(names)->emplace_back(name);
  return 0;
}

std::string joined(const std::vector<std::string>& names) {
  constexpr std::size_t shown = 12;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), shown); ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  return text + (names.size() > shown ? ", ..." : "");
}

} // namespace

std::string library_version() {
  unsigned major = 0;
  unsigned minor = 0;
  unsigned release = 0;
  H5get_libversion(&major, &minor, &release);
  return fmt::format("{}.{}.{}", major, minor, release);
}

File::File(std::string name, std::shared_ptr<Handle> handle, Access access)
    : name_(std::move(name)), handle_(std::move(handle)), access_(std::move(access)) {
}

Handle File::id() const {
  return *handle_;
}

File File::create(const std::filesystem::path& path, const Access& access) {
  detail::initialise();
  const Owned list = file_access(access, true);
  const Owned root = without_times(H5P_FILE_CREATE);
  Owned file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, root, list), H5Fclose);
  if (!file.valid()) {
    throw detail::failure(ErrorCode::io, fmt::format("cannot create {}", path.string()),
                          "Check that the folder exists and can be written to.");
  }
  return {path.string(), detail::share(std::move(file)), access};
}

File File::open(const std::filesystem::path& path, const Access& access) {
  return {path.string(), detail::share(open_file(path, H5F_ACC_RDONLY, access)), access};
}

File File::open_writable(const std::filesystem::path& path, const Access& access) {
  return {path.string(), detail::share(open_file(path, H5F_ACC_RDWR, access)), access};
}

bool File::has(std::string_view path) const {
  const std::string whole = detail::absolute(path);
  // H5Lexists fails, instead of answering no, when a parent is missing.
  for (std::size_t end = whole.find('/', 1); whole.size() > 1; end = whole.find('/', end + 1)) {
    if (H5Lexists(id(), whole.substr(0, end).c_str(), H5P_DEFAULT) <= 0) {
      H5Eclear2(H5E_DEFAULT);
      return false;
    }
    if (end == std::string::npos) {
      break;
    }
  }
  return H5Oexists_by_name(id(), whole.c_str(), H5P_DEFAULT) > 0;
}

std::vector<std::string> File::list(std::string_view group) const {
  IONSIFT_VALIDATE(has(group), missing, fmt::format("there is no group {}:{}", name_, group),
                   "the file was made by another program or version",
                   "Check that this is the file you mean.");
  std::vector<std::string> names;
  if (H5Literate_by_name(id(), detail::absolute(group).c_str(), H5_INDEX_NAME, H5_ITER_INC, nullptr,
                         collect_name, &names, H5P_DEFAULT) < 0) {
    throw detail::failure(ErrorCode::format, fmt::format("cannot list {}:{}", name_, group),
                          "Check that this is a group, and that the file is whole.");
  }
  std::sort(names.begin(), names.end());
  return names;
}

void File::make_group(std::string_view path) {
  const std::string whole = detail::absolute(path);
  const Owned properties = without_times(H5P_GROUP_CREATE);
  // One at a time: groups that HDF5 makes in passing would carry timestamps.
  for (std::size_t end = whole.find('/', 1); whole.size() > 1; end = whole.find('/', end + 1)) {
    const std::string part = whole.substr(0, end);
    if (!has(part)) {
      const Owned group(H5Gcreate2(id(), part.c_str(), H5P_DEFAULT, properties, H5P_DEFAULT), H5Gclose);
      if (!group.valid()) {
        throw detail::failure(ErrorCode::io, fmt::format("cannot create group {}:{}", name_, part), no_space);
      }
    }
    if (end == std::string::npos) {
      break;
    }
  }
}

Dataset File::dataset(std::string_view path) const {
  const std::string whole = detail::absolute(path);
  Owned dataset(H5Dopen2(id(), whole.c_str(), H5P_DEFAULT), H5Dclose);
  if (!dataset.valid()) { // looked into only now: a parent model has a hundred datasets, seven groups deep
    const std::string messages = detail::take_messages();
    if (!has(whole)) {
      const std::string parent = whole.substr(0, std::max<std::size_t>(whole.rfind('/'), 1));
      throw Error(ErrorCode::missing, fmt::format("there is no dataset {}:{}", name_, whole),
                  has(parent) ? fmt::format("{} holds: {}", parent, joined(list(parent)))
                              : fmt::format("there is no group {} either", parent),
                  "Check that this is the file you mean.");
    }
    throw Error(ErrorCode::format, fmt::format("cannot open dataset {}:{}", name_, whole), messages,
                "Check that this is a dataset, and that the file is whole.");
  }
  return {fmt::format("{}:{}", name_, whole), detail::share(std::move(dataset)), access_};
}

Dataset File::create_dataset(std::string_view path, Handle type, Handle space, const Shape& chunk) {
  const std::string whole = detail::absolute(path);
  make_group(whole.substr(0, std::max<std::size_t>(whole.rfind('/'), 1)));
  const Owned properties = without_times(H5P_DATASET_CREATE);
  if (!chunk.empty()) {
    const std::vector<hsize_t> extent(chunk.begin(), chunk.end());
    H5Pset_chunk(properties, static_cast<int>(extent.size()), extent.data());
  } else {
    // Where a dataset lies must not depend on who writes first, nor on whether files are opened in parallel.
    H5Pset_alloc_time(properties, H5D_ALLOC_TIME_EARLY);
  }
  // Rows that are not written yet are never read, so filling them first would write everything twice.
  H5Pset_fill_time(properties, H5D_FILL_TIME_NEVER);
  Owned dataset(H5Dcreate2(id(), whole.c_str(), type, space, H5P_DEFAULT, properties, H5P_DEFAULT), H5Dclose);
  if (!dataset.valid()) {
    throw detail::failure(ErrorCode::io, fmt::format("cannot create dataset {}:{}", name_, whole), no_space);
  }
  return {fmt::format("{}:{}", name_, whole), detail::share(std::move(dataset)), access_};
}

Dataset File::make_growing_of(std::string_view path, Handle type, const Shape& row_shape,
                              std::uint64_t chunk_rows) {
  Shape chunk = {chunk_rows};
  chunk.insert(chunk.end(), row_shape.begin(), row_shape.end());
  std::vector<hsize_t> now(chunk.begin(), chunk.end());
  std::vector<hsize_t> most = now;
  now[0] = 0;
  most[0] = H5S_UNLIMITED;
  const Owned space(H5Screate_simple(static_cast<int>(now.size()), now.data(), most.data()), H5Sclose);
  return create_dataset(path, type, space, chunk);
}

Dataset File::make_growing(std::string_view path, Type type, const Shape& row_shape,
                           std::uint64_t chunk_rows) {
  return make_growing_of(path, detail::number_type(type, true), row_shape, chunk_rows);
}

Dataset File::make_growing_text(std::string_view path, std::size_t length, std::uint64_t chunk_rows) {
  return make_growing_of(path, detail::text_type(length), {}, chunk_rows);
}

Dataset File::make_fixed_of(std::string_view path, Handle type, const Shape& shape) {
  const std::vector<hsize_t> extent(shape.begin(), shape.end());
  const Owned space(H5Screate_simple(static_cast<int>(extent.size()), extent.data(), nullptr), H5Sclose);
  return create_dataset(path, type, space, {});
}

Dataset File::make_fixed(std::string_view path, Type type, const Shape& shape) {
  return make_fixed_of(path, detail::number_type(type, true), shape);
}

Dataset File::make_fixed_text(std::string_view path, std::size_t length, std::uint64_t rows) {
  return make_fixed_of(path, detail::text_type(length), {rows});
}

void File::write_fixed(std::string_view path, Type type, const Shape& shape, const void* values,
                       std::size_t n) {
  const std::vector<hsize_t> extent(shape.begin(), shape.end());
  const Owned space(H5Screate_simple(static_cast<int>(extent.size()), extent.data(), nullptr), H5Sclose);
  create_dataset(path, detail::number_type(type, true), space, {})
      .write_raw(0, n, type, values, Transfer::together);
}

void File::write_text(std::string_view path, std::span<const std::string> values) {
  std::size_t longest = 1;
  for (const auto& value : values) {
    longest = std::max(longest, value.size());
  }
  const hsize_t extent = values.size();
  const Owned space(H5Screate_simple(1, &extent, nullptr), H5Sclose);
  create_dataset(path, detail::text_type(longest), space, {}).write_text_rows(0, values);
}

void File::move(std::string_view from, std::string_view to) {
  if (H5Lmove(id(), detail::absolute(from).c_str(), id(), detail::absolute(to).c_str(), H5P_DEFAULT,
              H5P_DEFAULT) < 0) {
    throw detail::failure(ErrorCode::io, fmt::format("cannot move {}:{} to {}", name_, from, to),
                          "Check that the first exists and the second does not.");
  }
}

void File::remove(std::string_view path) {
  if (H5Ldelete(id(), detail::absolute(path).c_str(), H5P_DEFAULT) < 0) {
    throw detail::failure(ErrorCode::io, fmt::format("cannot remove {}:{}", name_, path),
                          "Check that it exists and that the file is open for writing.");
  }
}

void File::flush() {
  if (H5Fflush(id(), H5F_SCOPE_LOCAL) < 0) {
    throw detail::failure(ErrorCode::io, fmt::format("cannot write {}", name_), "Check free space.");
  }
}

void File::close() {
  const Handle id = *handle_;
  *handle_ = -1;
  if (H5Fclose(id) < 0) {
    throw detail::failure(ErrorCode::io, fmt::format("cannot close {}", name_),
                          "Check free space; the file is not to be trusted.");
  }
}

} // namespace ionsift::h5
