// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/ensemble/training_identity.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/dataset/labels/id_matching.hpp"

#include <cmath>
#include <limits>
#include <unordered_map>

namespace ionsift::learn {

namespace {

const nlohmann::json& labels_of(const Ensemble& ensemble) {
  static const nlohmann::json nothing = nlohmann::json::object();
  const auto& manifest = ensemble.manifest();
  const auto entry = manifest.find("labels");
  return entry != manifest.end() && entry->is_object() ? *entry : nothing;
}

} // namespace

std::vector<dataset::StructureIdentity> training_identities(const Ensemble& ensemble) {
  std::vector<dataset::StructureIdentity> identities;
  const auto& training = ensemble.manifest().at("training");
  if (!training.contains("structure_hashes") || !training.contains("formulas")) {
    return identities;
  }
  const auto& hashes = training.at("structure_hashes");
  const auto& formulas = training.at("formulas");
  for (std::size_t i = 0; i < hashes.size() && i < formulas.size(); ++i) {
    identities.push_back({hashes[i].get<std::string>(), formulas[i].get<std::string>()});
  }
  return identities;
}

namespace {

/// Entry `i` of a list of the training set, or `otherwise` if it was not stored.
template <typename T>
T entry_of(const nlohmann::json& training, const char* list, std::size_t i, T otherwise) {
  const auto found = training.find(list);
  return found == training.end() || i >= found->size() || (*found)[i].is_null() ? otherwise
                                                                                : (*found)[i].get<T>();
}

} // namespace

std::vector<TrainingMeasurement> training_measurements(const Ensemble& ensemble) {
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  const auto& training = ensemble.manifest().at("training");
  const auto& labels = labels_of(ensemble);
  const auto references = labels.value("references", nlohmann::json::object());
  std::vector<TrainingMeasurement> measurements;
  const auto add = [&](const std::string& id, std::size_t i, const std::string& prefix,
                       const char* formulas) {
    TrainingMeasurement one;
    one.id = id;
    one.formula = entry_of<std::string>(training, formulas, i, "");
    one.label = entry_of<int>(training, (prefix + "labels").c_str(), i, 0);
    one.conductivity = entry_of<double>(training, (prefix + "conductivity").c_str(), i, unknown);
    one.upper_bound = entry_of<int>(training, (prefix + "upper_bound").c_str(), i, 0) != 0;
    one.reference = references.value(id, "");
    measurements.push_back(std::move(one));
  };
  for (std::size_t i = 0; i < ensemble.training_ids().size(); ++i) {
    add(ensemble.training_ids()[i], i, "", "formulas");
  }
  for (std::size_t i = 0; i < ensemble.composition_ids().size(); ++i) {
    add(ensemble.composition_ids()[i], i, "composition_", "composition_formulas");
  }
  return measurements;
}

std::optional<double> training_threshold(const Ensemble& ensemble) {
  const auto& labels = labels_of(ensemble);
  const auto entry = labels.find("threshold_S_per_cm");
  return entry != labels.end() && entry->is_number() ? std::optional(entry->get<double>()) : std::nullopt;
}

std::string training_unit(const Ensemble& ensemble) {
  const auto& labels = labels_of(ensemble);
  const auto entry = labels.find("unit");
  return entry != labels.end() && entry->is_string() ? entry->get<std::string>() : std::string();
}

void require_training_structures(const parallel::Communicator& comm, const Ensemble& ensemble,
                                 const store::Reader& store, const std::vector<std::string>& ids,
                                 const std::vector<std::uint64_t>& positions, const std::string& name) {
  const auto known = training_identities(ensemble);
  if (known.empty()) {
    if (comm.is_root()) {
      log::warning(
          "{} does not say which structures it was trained on, but for their ids: it is of an earlier "
          "version. That {} has the same ones is not checked",
          name, store.path().string());
    }
    return;
  }
  std::unordered_map<std::string, std::size_t> place;
  const auto& training = ensemble.training_ids();
  for (std::size_t i = 0; i < training.size() && i < known.size(); ++i) {
    place.emplace(training[i], i);
  }
  std::vector<std::string> shared;
  std::vector<std::uint64_t> where;
  std::vector<dataset::StructureIdentity> before;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (const auto entry = place.find(ids[i]); entry != place.end()) {
      shared.push_back(ids[i]);
      where.push_back(positions[i]);
      before.push_back(known[entry->second]);
    }
  }
  const auto changes =
      dataset::compare_identities(shared, before, dataset::identities_at(comm, store, where));
  IONSIFT_VALIDATE(changes.others.empty(), conflict,
                   fmt::format("{} of {} structures of {} are not those that {} was trained on by these ids",
                               changes.others.size(), shared.size(), store.path().string(), name),
                   dataset::list_examples(changes.others),
                   "Give the store that the ensemble was trained on, or other ids to other structures.");
  if (!changes.changed.empty() && comm.is_root()) {
    log::warning(
        "{} of {} structures of {} have another cell or other sites than when {} was trained on them: {}",
        changes.changed.size(), shared.size(), store.path().string(), name,
        dataset::list_examples(changes.changed));
  }
}

void require_threshold(const Ensemble& ensemble, double threshold, const std::string& name) {
  constexpr double tolerance = 1e-9;
  const auto trained = training_threshold(ensemble);
  IONSIFT_VALIDATE(!trained || std::abs(threshold / *trained - 1) < tolerance, conflict,
                   fmt::format("{} was trained with the threshold {:g} S/cm, and {:g} S/cm is requested",
                               name, trained.value_or(0), threshold),
                   "scores would compare two definitions of superionic",
                   fmt::format("Give --threshold {:g}, or train with the other one.", trained.value_or(0)));
}

} // namespace ionsift::learn
