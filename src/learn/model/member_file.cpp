// SPDX-License-Identifier: BSD-3-Clause
#include "member_file.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"

namespace ionsift::learn {

void write_member_file(const std::filesystem::path& path, const MemberFormat& format,
                       const Configuration& configuration, std::uint64_t seed,
                       const std::function<void(h5::File&)>& fill) {
  auto partial = path;
  partial += ".partial";
  {
    auto file = h5::File::create(partial);
    file.set_attribute("/", "format", format.name);
    file.set_attribute("/", "schema", format.schema);
    file.set_attribute("/", "configuration", to_json(configuration).dump());
    file.set_attribute("/", "seed", static_cast<std::int64_t>(seed));
    fill(file);
    file.close();
  }
  put_in_place(partial, path);
}

std::string format_of(const h5::File& file) {
  IONSIFT_VALIDATE(file.has_attribute("/", "format"), format,
                   fmt::format("{} is not a member of an ensemble", file.name()),
                   "it has no attribute \"format\"", "Train the ensemble again with this version.");
  return file.text_attribute("/", "format");
}

void require_format(const h5::File& file, const MemberFormat& format) {
  IONSIFT_VALIDATE(
      format_of(file) == format.name && file.integer_attribute("/", "schema") == format.schema, format,
      fmt::format("{} is not a member of an ensemble", file.name()),
      fmt::format("a file of the format \"{}\", schema {} was expected", format.name, format.schema),
      "Train the ensemble again with this version.");
}

Configuration configuration_of(const h5::File& file, const dataset::View& view) {
  try {
    return configuration_from_json(nlohmann::json::parse(file.text_attribute("/", "configuration")), view);
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::format, fmt::format("{} has no readable configuration", file.name()), error.what(),
                "Train the ensemble again.");
  }
}

} // namespace ionsift::learn
