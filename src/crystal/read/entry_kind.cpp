// SPDX-License-Identifier: BSD-3-Clause
#include "entry_kind.hpp"

#include "ionsift/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace ionsift::crystal {

namespace {

constexpr std::array<std::string_view, 12> archive_endings = {".tar",     ".tar.gz", ".tgz",   ".tar.bz2",
                                                              ".tbz2",    ".tar.xz", ".txz",   ".tar.zst",
                                                              ".tar.lz4", ".tzst",   ".tar.z", ".zip"};
constexpr std::array<std::string_view, 5> compressed_endings = {".gz", ".bz2", ".xz", ".zst", ".lz4"};
constexpr std::array<std::string_view, 2> cif_endings = {".cif", ".mcif"};
constexpr std::array<std::string_view, 4> json_endings = {".json", ".jsonl", ".ndjson", ".optimade"};
constexpr std::array<std::string_view, 3> poscar_endings = {".vasp", ".poscar", ".contcar"};
constexpr std::array<std::string_view, 2> xyz_endings = {".xyz", ".extxyz"};

bool ends_with_any(const std::string& name, std::span<const std::string_view> endings) {
  return std::ranges::any_of(endings, [&](std::string_view ending) { return name.ends_with(ending); });
}

std::string_view file_name(std::string_view name) {
  return name.substr(name.find_last_of('/') + 1);
}

} // namespace

EntryKind kind_of(std::string_view name) {
  const std::string lowered = to_lower(file_name(name));
  if (ends_with_any(lowered, archive_endings)) {
    return EntryKind::archive;
  }
  if (ends_with_any(lowered, compressed_endings)) {
    return EntryKind::compressed;
  }
  if (ends_with_any(lowered, cif_endings)) {
    return EntryKind::cif;
  }
  if (ends_with_any(lowered, json_endings)) {
    return EntryKind::json;
  }
  if (ends_with_any(lowered, xyz_endings)) {
    return EntryKind::xyz;
  }
  // Also "POSCAR_Li3N", "CONTCAR.relaxed" and "mp-1.POSCAR".
  if (lowered.starts_with("poscar") || lowered.starts_with("contcar") ||
      ends_with_any(lowered, poscar_endings)) {
    return EntryKind::poscar;
  }
  return lowered.ends_with(".csv") ? EntryKind::csv : EntryKind::other;
}

bool may_hold_structures(EntryKind kind) {
  return kind != EntryKind::other && kind != EntryKind::archive && kind != EntryKind::compressed;
}

std::string kind_in_words(std::string_view name) {
  const std::string_view file = file_name(name);
  if (is_hidden(name)) {
    return "hidden file";
  }
  if (kind_of(file) == EntryKind::archive) {
    return "archive within an archive";
  }
  const auto dot = file.find_last_of('.');
  constexpr std::size_t longest = 10;
  const bool has_ending = dot != std::string_view::npos && dot > 0 && file.size() - dot <= longest;
  return has_ending ? to_lower(file.substr(dot)) : "file without an ending";
}

std::string numbered_id(std::string_view source, std::size_t number) {
  return fmt::format("{}#{}", file_name(source), number);
}

std::string without_compression(std::string_view name) {
  return std::string(kind_of(name) == EntryKind::compressed ? name.substr(0, name.find_last_of('.')) : name);
}

std::string stem_of(std::string_view name) {
  std::string stem(file_name(name));
  for (bool cut = true; cut;) {
    cut = false;
    const EntryKind kind = kind_of(stem);
    const auto dot = stem.find_last_of('.');
    // In "POSCAR.Li3N" everything is the name.
    const bool is_ending = kind != EntryKind::poscar || ends_with_any(to_lower(stem), poscar_endings);
    if (kind != EntryKind::other && is_ending && dot != std::string::npos && dot > 0) {
      stem.erase(dot);
      cut = true;
    }
  }
  return stem;
}

std::string file_id(std::string_view source) {
  const std::string stem = stem_of(source);
  const bool is_plain = equal_ignoring_case(stem, "POSCAR") || equal_ignoring_case(stem, "CONTCAR");
  const auto slash = source.find_last_of('/');
  if (!is_plain || slash == std::string_view::npos) {
    return stem;
  }
  return fmt::format("{}/{}", file_name(source.substr(0, slash)), stem);
}

bool is_hidden(std::string_view name) {
  return file_name(name).starts_with('.') || name.find("__MACOSX/") != std::string_view::npos;
}

} // namespace ionsift::crystal
