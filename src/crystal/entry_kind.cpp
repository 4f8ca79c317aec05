#include "entry_kind.hpp"

#include "ionsift/base/text.hpp"

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
  return lowered.ends_with(".json")  ? EntryKind::json
         : lowered.ends_with(".csv") ? EntryKind::csv
                                     : EntryKind::other;
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
    if (kind != EntryKind::other && dot != std::string::npos && dot > 0) {
      stem.erase(dot);
      cut = true;
    }
  }
  return stem;
}

bool is_hidden(std::string_view name) {
  return file_name(name).starts_with('.') || name.find("__MACOSX/") != std::string_view::npos;
}

} // namespace ionsift::crystal
