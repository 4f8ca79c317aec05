// SPDX-License-Identifier: BSD-3-Clause
// By what an entry is known again.
#pragma once

#include "ionsift/base/sha256.hpp"
#include "ionsift/crystal/source/source.hpp"

namespace ionsift::store {

/// Key of everything that determines an entry's records: the hash of its bytes, its id, the requested block.
/// Where it lies does not matter. 64 bits of SHA-256.
inline std::uint64_t entry_key(const std::string& content, const crystal::EntryName& name) {
  std::string text = content;
  for (const auto* part : {&name.id, &name.block}) {
    text.push_back('\0');
    text += *part;
  }
  return sha256_key(text);
}

} // namespace ionsift::store
