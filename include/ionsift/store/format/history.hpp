// SPDX-License-Identifier: BSD-3-Clause
// The history of a store from release to release.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ionsift::store {

/// One run of featurize that brought the store up to date.
struct Release {
  std::string name;
  std::string time; ///< UTC, "2026-01-31T12:00:00Z"
  std::int64_t entries = 0, structures = 0, failures = 0;
  std::int64_t added = 0;     ///< structures whose id and block were not there before
  std::int64_t changed = 0;   ///< the same id and block with other content
  std::int64_t unchanged = 0; ///< the same id, block and content
  std::int64_t gone = 0;      ///< ids and blocks that have disappeared
};

/// A structure that a release no longer has.
struct GoneStructure {
  std::string id, source, block, sha256;
  std::int64_t release = 0; ///< position of the last release that had it
};

struct History {
  std::vector<Release> releases;
  std::vector<GoneStructure> gone;
};

} // namespace ionsift::store
