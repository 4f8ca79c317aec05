// SPDX-License-Identifier: BSD-3-Clause
// Checksums that detect damage; for cryptographic hashes see sha256.hpp.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace ionsift {

static_assert(std::endian::native == std::endian::little, "checksums are defined over little-endian bytes");

/// XXH3 (64 bits, seed 0) over values one after the other, as little-endian bytes without any padding
/// between them; what Python's xxhash.xxh3_64_intdigest gives for the same bytes.
class Checksum {
public:
  template <typename T>
  requires std::is_arithmetic_v<T> Checksum& add(T value) { return append(&value, sizeof(T)); }
  template <typename T>
  requires std::is_arithmetic_v<T> Checksum& add(std::span<const T> values) {
    return append(values.data(), values.size_bytes());
  }
  template <typename T>
  Checksum& add(const std::vector<T>& values) {
    return add(std::span<const T>(values));
  }
  /// The bytes of a text and a terminating zero.
  Checksum& add_text(std::string_view text);
  std::uint64_t value() const;

private:
  Checksum& append(const void* from, std::size_t n);
  std::string bytes_;
};

/// The checksum of bytes in memory.
std::uint64_t checksum_of_bytes(std::span<const std::byte> bytes);

/// XXH3 of 128 bits, for names that are identified by their hashes alone: two of a million collide by
/// chance in one of 10^26 cases.
std::array<std::uint64_t, 2> hash128(std::string_view text);

} // namespace ionsift
