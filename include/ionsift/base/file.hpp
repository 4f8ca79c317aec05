// SPDX-License-Identifier: BSD-3-Clause
// Files: whole reads, atomic writes, and the location of the project's data.
#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace ionsift {

/// @throws Error missing or io
std::string read_file(const std::filesystem::path& path);

/// Lets `write` fill a temporary file beside `path`, syncs it and renames it into place.
/// @throws Error io
void write_file_atomically(const std::filesystem::path& path,
                           const std::function<void(std::ostream&)>& write);

/// Syncs a finished temporary file and renames it to its final name. Afterwards the file is
/// complete, even after a crash of the machine. @throws Error io
void put_in_place(const std::filesystem::path& temporary, const std::filesystem::path& path);

/// Hands a file's bytes, or a folder's names, to the disk. @throws Error io
void sync_to_disk(const std::filesystem::path& path);

/// Creates a folder and its parents. @throws Error io
void make_folder(const std::filesystem::path& path);

/// The folder of real data: the argument if given, else $IONSIFT_DATA, else ../shared (from the working
/// folder and from each of its parents). Nothing when none exists.
/// @throws Error missing when the argument or the variable names a folder that does not exist
std::optional<std::filesystem::path> find_data(const std::optional<std::string>& requested = std::nullopt);

} // namespace ionsift
