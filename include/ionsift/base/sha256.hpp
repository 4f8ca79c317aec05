// Content hashes.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace ionsift {

/// SHA-256 as 64 lower-case hexadecimal digits.
std::string sha256(std::string_view bytes);
std::string sha256_of_file(const std::filesystem::path& path);

} // namespace ionsift
