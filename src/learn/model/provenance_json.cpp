// SPDX-License-Identifier: BSD-3-Clause
#include "provenance_json.hpp"

#include "ionsift/base/json.hpp"

namespace ionsift::learn {

nlohmann::json to_json(const store::Provenance& provenance) {
  auto representations = nlohmann::json::array();
  for (const auto representation : provenance.representations) {
    representations.push_back(crystal::name_of(representation));
  }
  return {{"schema", provenance.schema},
          {"program_version", provenance.program_version},
          {"parent_name", provenance.parent_name},
          {"parent_sha256", provenance.parent_sha256},
          {"converter",
           {{"cutoff", provenance.converter.cutoff},
            {"centres", provenance.converter.centres},
            {"width", provenance.converter.width}}},
          {"representations", std::move(representations)},
          {"levels", provenance.levels}};
}

store::Provenance provenance_from_json(const nlohmann::json& json) {
  store::Provenance provenance;
  provenance.schema = integer<std::int64_t>(json.at("schema"));
  json.at("program_version").get_to(provenance.program_version);
  json.at("parent_name").get_to(provenance.parent_name);
  json.at("parent_sha256").get_to(provenance.parent_sha256);
  const auto& converter = json.at("converter");
  converter.at("cutoff").get_to(provenance.converter.cutoff);
  converter.at("centres").get_to(provenance.converter.centres);
  converter.at("width").get_to(provenance.converter.width);
  for (const auto& name : json.at("representations")) {
    provenance.representations.push_back(crystal::representation_of(name.get<std::string>()));
  }
  json.at("levels").get_to(provenance.levels);
  return provenance;
}

} // namespace ionsift::learn
