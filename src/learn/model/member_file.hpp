// SPDX-License-Identifier: BSD-3-Clause
// Common parts of the HDF5 files of members.
#pragma once

#include "ionsift/base/hdf5.hpp"
#include "ionsift/learn/model/configuration.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace ionsift::learn {

/// "ionsift AtomSets member", 1: which kind of member a file holds.
struct MemberFormat {
  std::string_view name;
  std::int64_t schema;
};

/// Writes a file under a temporary name and renames it: attributes format, schema, configuration (JSON) and
/// seed, and what `fill` adds. @throws Error io
void write_member_file(const std::filesystem::path& path, const MemberFormat& format,
                       const Configuration& configuration, std::uint64_t seed,
                       const std::function<void(h5::File&)>& fill);

/// The format attribute. @throws Error missing, format (not a member of an ensemble)
std::string format_of(const h5::File& file);
/// @throws Error format unless the file is of this format and schema
void require_format(const h5::File& file, const MemberFormat& format);
/// @param view default if the file names none  @throws Error format
Configuration configuration_of(const h5::File& file, const dataset::View& view);

} // namespace ionsift::learn
