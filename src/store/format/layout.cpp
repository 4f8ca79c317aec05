// SPDX-License-Identifier: BSD-3-Clause
#include "layout.hpp"

#include "ionsift/base/checksum.hpp"
#include "ionsift/base/error.hpp"

#include <algorithm>
#include <array>

namespace ionsift::store {

namespace {

constexpr std::string_view separator = "; ";

void require_storable(const std::string& name, std::string_view what) {
  IONSIFT_VALIDATE(
      name.size() <= longest_name, limit, fmt::format("the {} \"{}\" is too long", what, shorten(name, 60)),
      fmt::format("it has {} bytes, and names in a store have at most {}", name.size(), longest_name),
      "Shorten it in the source.");
  IONSIFT_VALIDATE(name.find('\0') == std::string::npos, data,
                   fmt::format("the {} \"{}\" holds a zero byte", what, name.c_str()),
                   "zero bytes end a text in HDF5", "Remove it from the source.");
}

template <typename Enum, std::size_t n>
Enum find_by_name(std::string_view name, const std::array<Enum, n>& candidates) {
  const auto found = std::find_if(candidates.begin(), candidates.end(),
                                  [&](Enum candidate) { return name_of(candidate) == name; });
  IONSIFT_VALIDATE(found != candidates.end(), format,
                   fmt::format("\"{}\" is an unknown name in a store", name),
                   "another version of the program, or damage", "Featurize again.");
  return *found;
}

} // namespace

void require_storable(const crystal::Crystal& crystal) {
  require_storable(crystal.id, "id");
  require_storable(crystal.source, "source");
  require_storable(crystal.block, "block name");
  for (const auto& orbit : crystal.orbits) {
    require_storable(orbit.label, "site label");
  }
}

std::string feature_path(crystal::Representation representation, std::string_view dataset) {
  return fmt::format("features/{}/{}", crystal::name_of(representation), dataset);
}

std::string level_name(int level) {
  return fmt::format("V{}", level);
}

std::vector<std::string> axis_names(const std::vector<crystal::Representation>& representations) {
  std::vector<std::string> names = {"structure", "site", "orbit", "species"};
  for (const auto representation : representations) {
    names.emplace_back(crystal::name_of(representation));
  }
  return names;
}

std::size_t axis_of(std::string_view column, const std::vector<crystal::Representation>& representations) {
  constexpr std::size_t site = 1, orbit = 2, species = 3, first_rows = 4;
  const auto name = column.substr(column.rfind('/') + 1);
  const auto is_any = [&](auto... names) { return ((name == names) || ...); };
  if (column.starts_with("crystals/")) {
    return is_any("position", "orbit")                                           ? site
           : is_any("label", "representative", "multiplicity", "species_offset") ? orbit
           : is_any("atomic_number", "occupancy", "oxidation")                   ? species
                                                                                 : 0;
  }
  const bool rows = is_any("orbit", "multiplicity", "V0", "V1", "V2", "V3");
  for (std::size_t i = 0; rows && i < representations.size(); ++i) {
    if (column == feature_path(representations[i], name)) {
      return first_rows + i;
    }
  }
  return 0;
}

std::string long_text_path(std::string_view column, std::string_view dataset) {
  std::string name(column);
  std::replace(name.begin(), name.end(), '/', '.');
  return fmt::format("long_texts/{}/{}", name, dataset);
}

std::uint64_t long_text_checksum(std::uint64_t row, std::string_view text) {
  return Checksum().add(row).add_text(text).value();
}

ErrorCode error_code_of(std::string_view name) {
  using enum ErrorCode;
  return find_by_name(name, std::array{usage, missing, format, data, limit, conflict, io, numeric, internal});
}

crystal::OxidationSource oxidation_source_of(std::string_view name) {
  using enum crystal::OxidationSource;
  return find_by_name(name, std::array{given, guessed, neutral});
}

crystal::OrbitSource orbit_source_of(std::string_view name) {
  using enum crystal::OrbitSource;
  return find_by_name(name, std::array{operators, environments, spglib, none});
}

std::string shorten(std::string text, std::size_t length) {
  constexpr std::string_view dots = "...";
  if (text.size() <= length) {
    return text;
  }
  std::size_t end = length - dots.size();
  const auto inside_character = [&] { return (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U; };
  while (end > 0 && inside_character()) {
    --end;
  }
  text.resize(end);
  return text.append(dots);
}

std::string readable(std::string text, std::size_t length) {
  std::replace(text.begin(), text.end(), '\0', ' ');
  return shorten(std::move(text), length);
}

std::string join_warnings(const std::vector<std::string>& crystal, const std::vector<std::string>& features) {
  std::string joined;
  for (const auto* list : {&crystal, &features}) {
    for (std::string warning : *list) {
      std::replace(warning.begin(), warning.end(), ';', ',');
      std::replace(warning.begin(), warning.end(), '\0', ' ');
      joined += joined.empty() ? "" : separator;
      joined += warning;
    }
  }
  const bool cut = joined.size() > longest_message;
  joined = shorten(std::move(joined), longest_message);
  if (cut && joined.ends_with(";...")) { // a separator that was cut in two would not be split again
    joined.erase(joined.size() - 4, 1);
  }
  return joined;
}

std::vector<std::string> split_warnings(std::string_view joined) {
  std::vector<std::string> warnings;
  while (!joined.empty()) {
    const auto end = joined.find(separator);
    warnings.emplace_back(joined.substr(0, end));
    joined.remove_prefix(end == std::string_view::npos ? joined.size() : end + separator.size());
  }
  return warnings;
}

} // namespace ionsift::store
