// SPDX-License-Identifier: BSD-3-Clause
// Reading of one entry of a database release into crystals and failures.
#pragma once

#include "ionsift/base/error.hpp"
#include "ionsift/crystal/crystal.hpp"
#include "ionsift/crystal/read_options.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ionsift::crystal {

/// Why a structure could not be used; one line of the failure list.
struct Failure {
  std::string source;
  std::string block;
  ErrorCode code = ErrorCode::data;
  std::string message; ///< "PROBLEM (WHY) SUGGESTION"
  long line = 0;       ///< line in the source, 0 if unknown
};

using ReadResult = std::variant<Crystal, Failure>;

struct EntryName {
  std::string source;     ///< as in Crystal::source
  std::string id;         ///< file stem; with several blocks in a file the block's name is used instead
  std::string block = {}; ///< the only block to read from a CIF; empty for all
  long first_line = 1;    ///< line of the file at which the entry begins
};

/// One file or archive member: its format is detected from name and content.
/// Fills sha256, symmetry orbits and oxidation states. Never throws for bad content.
std::vector<ReadResult> read_entry(std::string_view bytes, const EntryName& name,
                                   const ReadOptions& options = {});

} // namespace ionsift::crystal
