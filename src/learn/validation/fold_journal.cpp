// SPDX-License-Identifier: BSD-3-Clause
#include "fold_journal.hpp"

#include "ionsift/base/sha256.hpp"
#include "ionsift/base/version.hpp"

#include "model/fingerprint.hpp"
#include "model/json_keys.hpp"

namespace ionsift::learn {

std::string fingerprint(const dataset::FeatureSet& structures, const dataset::Folds& folds,
                        const CrossValidationOptions& options) {
  auto variants = nlohmann::json::array();
  for (const auto& variant : options.variants) {
    variants.push_back({variant.name, variant.plan.to_json()});
  }
  nlohmann::json document = {{"program_version", version()},
                             {"variants", std::move(variants)},
                             {"shares", options.shares},
                             {"every", options.every},
                             {"seed", options.seed},
                             {"folds", folds.name},
                             {"fold_of", folds.of},
                             {"fold_training", folds.training},
                             {"structures", content_of(structures)},
                             {"compositions", content_of(options.compositions)},
                             {"composition_fold", options.composition_fold}};
  if (options.unlabelled.size() > 0) {
    document["unlabelled"] = content_of(options.unlabelled);
  }
  if (options.start != nullptr) {
    document["start"] = options.start->sha256();
  }
  return sha256(document.dump());
}

nlohmann::json to_json(const FoldTraining& training) {
  auto curve = nlohmann::json::array();
  for (const auto& point : training.curve) {
    curve.push_back({point.epoch, point.loss, point.auc_pr, point.average_precision, point.mcc});
  }
  const auto& m = training.member;
  return {{"member", {m.variant, m.share, m.fold, m.configuration, m.repeat}},
          {"epochs", training.record.epochs},
          {"loss", training.record.loss},
          {"diverged", training.record.diverged},
          {"seconds", training.seconds},
          {"curve", std::move(curve)},
          {"probability", training.probability}};
}

FoldTraining fold_training_from_json(const nlohmann::json& json) {
  FoldTraining training;
  const auto& m = json.at("member");
  training.member = {m.at(0).get<int>(), m.at(1).get<int>(), m.at(2).get<int>(), m.at(3).get<int>(),
                     m.at(4).get<int>()};
  json.at("epochs").get_to(training.record.epochs);
  training.record.loss = number_or_nan(json.at("loss"));
  json.at("diverged").get_to(training.record.diverged);
  json.at("seconds").get_to(training.seconds);
  for (const auto& p : json.at("curve")) {
    training.curve.push_back({p.at(0).get<int>(), number_or_nan(p.at(1)), number_or_nan(p.at(2)),
                              number_or_nan(p.at(3)), number_or_nan(p.at(4))});
  }
  json.at("probability").get_to(training.probability);
  return training;
}

} // namespace ionsift::learn
