// SPDX-License-Identifier: BSD-3-Clause
// CIFs with many data blocks, as databases export them: each block is an entry of its own.
#pragma once

#include "ionsift/crystal/source/source.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace ionsift::crystal {

/// A file with more data blocks than this is a collection. A smaller one is one entry: CIFs from journals
/// have blocks that belong together.
inline constexpr std::size_t max_blocks_of_an_entry = 8;

/// A data block; the first one includes the text before it.
struct CifPart {
  std::string_view text;
  std::string_view name;  ///< name after "data_"
  long first_line = 1;    ///< line of the file on which it begins
  bool has_atoms = false; ///< whether an atom site loop begins in it, or seems to
};

/// The blocks of a collection; nothing if the text is not one, or if it is uncertain where its blocks
/// begin: it is not plain ASCII or UTF-8, a text field is not closed, or the syntax is that of CIF 2.
std::optional<std::vector<CifPart>> split_collection(std::string_view text);

/// The blocks of a run of consecutive blocks of a collection.
std::vector<CifPart> split_run(std::string_view text, long first_line);

/// The blocks of a collection in runs of about `bytes`; nothing if the file is not one. Reads it once.
/// @throws Error io
std::optional<std::vector<BlockRun>> index_collection(const std::filesystem::path& file, std::uint64_t bytes);

} // namespace ionsift::crystal
