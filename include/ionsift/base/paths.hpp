// SPDX-License-Identifier: BSD-3-Clause
// Paths: links, names of companion files, and errors of the file system.
#pragma once

#include "ionsift/base/error.hpp"

#include <filesystem>
#include <string_view>

namespace ionsift {

/// The target of a symbolic link, even if it does not exist; other paths unchanged. Links to links are
/// followed.
std::filesystem::path follow_link(std::filesystem::path path);

/// A call of the file system that was refused, as an error with the path.
Error io_error(const std::filesystem::filesystem_error& error);

/// "a/S.h5", ".failures.csv" -> "a/S.failures.csv". Only the usual ending is dropped: stores that share a
/// stem, as S.h5 and S.dat, do not share companion files.
std::filesystem::path beside_store(const std::filesystem::path& store, std::string_view ending);

} // namespace ionsift
