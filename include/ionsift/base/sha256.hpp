// SPDX-License-Identifier: BSD-3-Clause
// Content hashes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace ionsift {

/// SHA-256 as 64 lower-case hexadecimal digits.
std::string sha256(std::string_view bytes);
/// Its first 64 bits: a key for RandomStream that follows from a text alone.
std::uint64_t sha256_key(std::string_view bytes);
std::string sha256_of_file(const std::filesystem::path& path);

} // namespace ionsift
