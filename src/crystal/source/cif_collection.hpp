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

/// A file with more data blocks is a collection. A smaller one is one entry: what journals publish has blocks
/// that belong together.
inline constexpr std::size_t max_blocks_of_an_entry = 8;

/// A data block, with what stands before it if it is the first.
struct CifPart {
  std::string_view text;
  std::string_view name;  ///< behind "data_"
  long first_line = 1;    ///< of the file
  bool has_atoms = false; ///< an atom site loop begins in it, or seems to
};

/// The blocks of a collection; nothing where the text is none, or where it is not certain where its blocks
/// begin: it is not plain ASCII or UTF-8, a text field is not closed, or the syntax is that of CIF 2.
std::optional<std::vector<CifPart>> split_collection(std::string_view text);

/// The same for some blocks of a collection that follow each other.
std::vector<CifPart> split_run(std::string_view text, long first_line);

/// The blocks of a collection in runs of about `bytes`; nothing where the file is none. Reads it once.
/// @throws Error io
std::optional<std::vector<BlockRun>> index_collection(const std::filesystem::path& file, std::uint64_t bytes);

} // namespace ionsift::crystal
