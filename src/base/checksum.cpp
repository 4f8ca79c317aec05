// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/checksum.hpp"

#include <xxhash.h>

namespace ionsift {

Checksum& Checksum::add_text(std::string_view text) {
  bytes_.append(text);
  bytes_.push_back('\0');
  return *this;
}

std::uint64_t Checksum::value() const {
  return XXH3_64bits(bytes_.data(), bytes_.size());
}

Checksum& Checksum::append(const void* from, std::size_t n) {
  bytes_.append(static_cast<const char*>(from), n);
  return *this;
}

std::uint64_t checksum_of_bytes(std::span<const std::byte> bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

std::array<std::uint64_t, 2> hash128(std::string_view text) {
  const auto hash = XXH3_128bits(text.data(), text.size());
  return {hash.high64, hash.low64};
}

} // namespace ionsift
