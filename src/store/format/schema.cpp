// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/store/format/schema.hpp"

#include "ionsift/base/checksum.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"

#include "layout.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace ionsift::store {

namespace {

constexpr double same_length = 1e-6; ///< angstrom

std::string names_of(const std::vector<crystal::Representation>& representations) {
  std::string text;
  for (const auto representation : representations) {
    text += text.empty() ? "" : ",";
    text += crystal::name_of(representation);
  }
  return text;
}

std::string names_of(const std::array<bool, 4>& levels) {
  std::string text;
  for (int level = 0; level < 4; ++level) {
    if (levels.at(static_cast<std::size_t>(level))) {
      text += text.empty() ? "" : ",";
      text += level_name(level);
    }
  }
  return text;
}

std::array<bool, 4> levels_of(std::string_view text, const std::string& file) {
  std::array<bool, 4> levels{};
  for (const auto& name : split(text, ',')) {
    const bool known = name.size() == 2 && name[0] == 'V' && name[1] >= '0' && name[1] <= '3';
    IONSIFT_VALIDATE(known, format, fmt::format("{} names a level \"{}\"", file, name), "levels are V0 to V3",
                     "Make the store again.");
    levels.at(static_cast<std::size_t>(name[1] - '0')) = true;
  }
  return levels;
}

std::string describe_centres(const std::vector<double>& centres) {
  return centres.empty() ? "none"
                         : fmt::format("{} on [{}, {}] A", centres.size(), centres.front(), centres.back());
}

bool same(double a, double b) {
  return std::abs(a - b) <= same_length;
}

bool same_centres(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), same);
}

/// Two values of one setting that should be the same.
struct Difference {
  std::string what;
  std::string mine;
  std::string needed;
};

std::optional<Difference> first_difference(const Provenance& mine, const Provenance& needed) {
  if (mine.parent_sha256 != needed.parent_sha256) {
    const auto describe = [](const Provenance& p) {
      return fmt::format("\"{}\" ({})", p.parent_name, p.parent_sha256.substr(0, 12));
    };
    return Difference{"parent network", describe(mine), describe(needed)};
  }
  const auto& a = mine.converter;
  const auto& b = needed.converter;
  if (!same(a.cutoff, b.cutoff)) {
    return Difference{"cutoff", fmt::format("{} A", a.cutoff), fmt::format("{} A", b.cutoff)};
  }
  if (!same_centres(a.centres, b.centres)) {
    return Difference{"centres", describe_centres(a.centres), describe_centres(b.centres)};
  }
  if (!same(a.width, b.width)) {
    return Difference{"width", fmt::format("{} A", a.width), fmt::format("{} A", b.width)};
  }
  return std::nullopt;
}

std::uint64_t checksum_of(const Provenance& p) {
  Checksum sum;
  sum.add(p.schema).add_text(p.program_version).add_text(p.parent_name).add_text(p.parent_sha256);
  sum.add(p.converter.cutoff).add(p.converter.centres).add(p.converter.width);
  sum.add_text(names_of(p.representations)).add_text(names_of(p.levels));
  sum.add(static_cast<std::uint8_t>(p.prediction ? 1 : 0));
  for (const auto& option : p.options) {
    sum.add_text(option);
  }
  return sum.value();
}

} // namespace

bool Provenance::has(crystal::Representation representation) const {
  return std::find(representations.begin(), representations.end(), representation) != representations.end();
}

void Provenance::write(h5::File& file) const {
  file.set_attribute("/", "format", format_name);
  file.set_attribute("/", "schema", schema);
  file.set_attribute("/", "program_version", program_version);
  file.set_attribute("/", "parent_name", parent_name);
  file.set_attribute("/", "parent_sha256", parent_sha256);
  file.set_attribute("/", "cutoff", converter.cutoff);
  file.set_attribute("/", "centres", converter.centres);
  file.set_attribute("/", "width", converter.width);
  file.set_attribute("/", "representations", names_of(representations));
  file.set_attribute("/", "levels", names_of(levels));
  file.set_attribute("/", "prediction", prediction);
  if (!options.empty()) {
    file.set_attribute("/", "options", std::span<const std::string>(options));
  }
  file.set_attribute("/", "checksum", checksum_of(*this));
}

Provenance Provenance::read(const h5::File& file) {
  const bool ours = file.has_attribute("/", "format") && file.text_attribute("/", "format") == format_name;
  IONSIFT_VALIDATE(ours, format, fmt::format("{} is not a feature store", file.name()),
                   fmt::format("its attribute \"format\" is not \"{}\"", format_name),
                   "Give a file that \"ionsift featurize\" made.");
  Provenance provenance;
  provenance.schema = file.integer_attribute("/", "schema");
  IONSIFT_VALIDATE(provenance.schema >= oldest_schema && provenance.schema <= schema_version, conflict,
                   fmt::format("{} cannot be read by this program", file.name()),
                   fmt::format("it has schema {}, and this program knows schemas {} to {}", provenance.schema,
                               oldest_schema, schema_version),
                   "Featurize again, or use the version of the program that made it.");
  provenance.program_version = file.text_attribute("/", "program_version");
  provenance.parent_name = file.text_attribute("/", "parent_name");
  provenance.parent_sha256 = file.text_attribute("/", "parent_sha256");
  provenance.converter.cutoff = file.number_attribute("/", "cutoff");
  provenance.converter.centres = file.numbers_attribute("/", "centres");
  provenance.converter.width = file.number_attribute("/", "width");
  for (const auto& name : split(file.text_attribute("/", "representations"), ',')) {
    provenance.representations.push_back(crystal::representation_of(name));
  }
  provenance.levels = levels_of(file.text_attribute("/", "levels"), file.name());
  provenance.prediction = file.integer_attribute("/", "prediction") != 0;
  if (file.has_attribute("/", "options")) {
    provenance.options = file.texts_attribute("/", "options");
  }
  // Stores of versions before 0.1.1 have no checksum of their attributes.
  const bool whole =
      !file.has_attribute("/", "checksum") ||
      static_cast<std::uint64_t>(file.integer_attribute("/", "checksum")) == checksum_of(provenance);
  IONSIFT_VALIDATE(whole, data, fmt::format("the attributes of {} are damaged", file.name()),
                   "they differ from their checksum", "Copy the store again, or make it again.");
  return provenance;
}

void Provenance::require_compatible(const Provenance& needed, const std::string& this_name,
                                    const std::string& needed_name) const {
  const auto difference = first_difference(*this, needed);
  if (difference) {
    throw Error(ErrorCode::conflict, fmt::format("{} does not fit {}", this_name, needed_name),
                fmt::format("{}: {} in the one, {} in the other", difference->what, difference->mine,
                            difference->needed),
                "Featurize both with the same parent and the same graph.");
  }
  for (const auto representation : needed.representations) {
    IONSIFT_VALIDATE(
        has(representation), conflict, fmt::format("{} does not fit {}", this_name, needed_name),
        fmt::format("representation {} is needed, and it has {}", crystal::name_of(representation),
                    names_of(representations)),
        fmt::format("Featurize again with {} among the representations.", crystal::name_of(representation)));
  }
  for (int level = 0; level < 4; ++level) {
    const auto i = static_cast<std::size_t>(level);
    IONSIFT_VALIDATE(levels.at(i) || !needed.levels.at(i), conflict,
                     fmt::format("{} does not fit {}", this_name, needed_name),
                     fmt::format("level {} is needed, and it has {}", level_name(level), names_of(levels)),
                     fmt::format("Featurize again with {} among the levels.", level_name(level)));
  }
}

} // namespace ionsift::store
