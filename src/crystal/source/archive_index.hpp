// SPDX-License-Identifier: BSD-3-Clause
// An index of the members of an uncompressed archive, so that several ranks can read it in parallel.
#pragma once

#include "ionsift/crystal/source/source.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace ionsift::crystal {

/// The members of a tar, by its headers, or of a zip, by its directory, in runs of about `bytes` that cover
/// all of them in their order. Nothing for archives that must be read from their beginning: those compressed
/// as a whole, damaged ones, and those with features that require sequential reading (sparse files,
/// links with content, encryption). Memory: 32 bytes a member.
std::optional<std::vector<MemberRun>> index_archive(const std::filesystem::path& archive,
                                                    std::uint64_t bytes);

} // namespace ionsift::crystal
