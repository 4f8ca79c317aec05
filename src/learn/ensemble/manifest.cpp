// SPDX-License-Identifier: BSD-3-Clause
#include "manifest.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/json.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/base/version.hpp"
#include "ionsift/learn/model/member_kinds.hpp"

#include "model/provenance_json.hpp"

#include <cmath>
#include <limits>

namespace ionsift::learn {

namespace {

constexpr const char* format_name = "ionsift ensemble";
constexpr int schema = 3;
constexpr const char* sum_name = "sha256";

nlohmann::json inputs_of(const dataset::FeatureSet& train) {
  auto views = nlohmann::json::array();
  for (std::size_t v = 0; v < train.views.size(); ++v) {
    views.push_back({{"view", name_of(train.views[v])}, {"columns", train.rows[v].columns()}});
  }
  return {{"views", std::move(views)}, {"descriptors", train.descriptors.name}};
}

/// Of everything but what differs between two runs of the same training: how long members took.
std::string sum_of(nlohmann::json document) {
  document.erase(sum_name);
  for (auto& member : document.at("members")) {
    member.erase("seconds");
  }
  return sha256(document.dump());
}

/// Manifests before schema 3 have no sum.
void require_undamaged(const nlohmann::json& document, const std::string& name) {
  IONSIFT_VALIDATE(document.contains(sum_name) || document.at("schema") < 3, format,
                   fmt::format("{} is incomplete", name), "it does not state its SHA-256",
                   "Copy the folder again, or train again.");
  IONSIFT_VALIDATE(!document.contains(sum_name) || document.at(sum_name) == sum_of(document), data,
                   fmt::format("{} is not what was written", name),
                   "its SHA-256 differs from the one it states", "Copy the folder again, or train again.");
}

} // namespace

nlohmann::json to_json(const MemberEntry& entry) {
  const auto& record = entry.record;
  nlohmann::json json = {{"configuration", record.configuration},
                         {"repeat", record.repeat},
                         {"seed", record.seed},
                         {"epochs", record.epochs},
                         {"loss", nullptr},
                         {"seconds", record.seconds},
                         {"diverged", record.diverged}};
  if (std::isfinite(record.loss)) {
    json["loss"] = record.loss;
  }
  if (record.first) {
    json["first_attempt"] = {{"seed", record.first->seed}, {"epochs", record.first->epochs}};
  }
  if (!record.diverged) {
    json["file"] = entry.file;
    json["sha256"] = entry.sha256;
  }
  return json;
}

MemberEntry member_entry_from_json(const nlohmann::json& json) {
  MemberEntry entry;
  auto& record = entry.record;
  record.configuration = integer<decltype(record.configuration)>(json.at("configuration"));
  record.repeat = integer<decltype(record.repeat)>(json.at("repeat"));
  record.seed = integer<decltype(record.seed)>(json.at("seed"));
  record.epochs = integer<decltype(record.epochs)>(json.at("epochs"));
  json.at("seconds").get_to(record.seconds);
  json.at("diverged").get_to(record.diverged);
  record.loss =
      json.at("loss").is_null() ? std::numeric_limits<double>::quiet_NaN() : json.at("loss").get<double>();
  if (json.contains("first_attempt")) {
    const auto& first = json.at("first_attempt");
    record.first = FirstAttempt{integer<std::uint64_t>(first.at("seed")), integer<int>(first.at("epochs"))};
  }
  if (!record.diverged) {
    json.at("file").get_to(entry.file);
    json.at("sha256").get_to(entry.sha256);
  }
  return entry;
}

nlohmann::json make_manifest(const TrainOptions& options, const dataset::FeatureSet& train,
                             const std::vector<MemberEntry>& members) {
  auto list = nlohmann::json::array();
  for (const auto& member : members) {
    list.push_back(to_json(member));
  }
  nlohmann::json training = {{"ids", train.id}, {"labels", train.label}};
  if (!train.conductivity.empty()) {
    training["conductivity"] = train.conductivity;
    training["upper_bound"] = train.upper_bound;
  }
  if (!options.identities.empty()) {
    IONSIFT_ASSERT(
        options.identities.size() == train.size(),
        fmt::format("{} identities for {} training structures", options.identities.size(), train.size()));
    auto hashes = nlohmann::json::array(), formulas = nlohmann::json::array();
    for (const auto& identity : options.identities) {
      hashes.push_back(identity.hash);
      formulas.push_back(identity.formula);
    }
    training["structure_hashes"] = std::move(hashes);
    training["formulas"] = std::move(formulas);
  }
  const auto& compositions = options.compositions;
  if (compositions.size() > 0) {
    training["composition_ids"] = compositions.id;
    training["composition_labels"] = compositions.label;
    training["composition_conductivity"] = compositions.conductivity;
    training["composition_upper_bound"] = compositions.upper_bound;
    if (!compositions.formula.empty()) {
      training["composition_formulas"] = compositions.formula;
    }
  }
  if (options.unlabelled.size() > 0) {
    training["unlabelled"] = options.unlabelled_facts;
    training["unlabelled"]["compositions"] = options.unlabelled.size();
  }
  nlohmann::json document = {{"format", format_name},
                             {"schema", schema},
                             {"program_version", version()},
                             {"seed", options.seed},
                             {"plan", options.plan.to_json()},
                             {"provenance", to_json(options.provenance)},
                             {"inputs", inputs_of(train)},
                             {"standardisation", "none"}, // features are used as they are, as in the study
                             {"training", std::move(training)},
                             {"members", std::move(list)}};
  document["labels"] = options.labels;
  document["labels"]["threshold_S_per_cm"] = train.threshold;
  auto kinds = nlohmann::json::array();
  for (const auto& kind : member_kinds(options.plan, train.size(), compositions.size())) {
    kinds.push_back(to_json(kind));
  }
  document["member_kinds"] = std::move(kinds);
  document["notes"] = consequences_of(options.plan);
  if (options.start != nullptr) {
    document["start_sha256"] = options.start->sha256();
  }
  document[sum_name] = sum_of(document);
  return document;
}

Manifest read_manifest(const nlohmann::json& json, const std::string& name) {
  const auto written = integer_or<std::int64_t>(json, "schema", 0);
  const bool ours =
      json.is_object() && json.value("format", "") == format_name && written >= 1 && written <= schema;
  IONSIFT_VALIDATE(
      ours, format, fmt::format("{} is not an ensemble", name),
      fmt::format("a document of the format \"{}\", schema 1 to {} was expected", format_name, schema),
      "Name the folder that ionsift train has written, or train again with this version.");
  try {
    require_undamaged(json, name);
    Manifest manifest;
    manifest.plan = MemberPlan::from_json(json.at("plan"));
    manifest.provenance = provenance_from_json(json.at("provenance"));
    json.at("training").at("ids").get_to(manifest.training_ids);
    for (const auto& label : json.at("training").at("labels")) {
      manifest.training_labels.push_back(integer<int>(label));
    }
    manifest.composition_ids = json.at("training").value("composition_ids", std::vector<std::string>());
    manifest.composition_formulas =
        json.at("training").value("composition_formulas", std::vector<std::string>());
    IONSIFT_VALIDATE(manifest.composition_formulas.empty() ||
                         manifest.composition_formulas.size() == manifest.composition_ids.size(),
                     format, fmt::format("{} is contradictory", name),
                     fmt::format("{} table entries have {} formulas", manifest.composition_ids.size(),
                                 manifest.composition_formulas.size()),
                     "Train the ensemble again.");
    for (const auto& member : json.at("members")) {
      manifest.members.push_back(member_entry_from_json(member));
    }
    return manifest;
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::format, fmt::format("{} is incomplete", name), error.what(),
                "Train the ensemble again.");
  }
}

} // namespace ionsift::learn
