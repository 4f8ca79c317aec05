// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/atomsets/start_weights.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/json.hpp"
#include "ionsift/base/sha256.hpp"

#include "atomsets_classifier.hpp"
#include "maml_file.hpp"
#include "model/output_folder.hpp"
#include "model/provenance_json.hpp"
#include "pretraining.hpp"

#include <c10/core/InferenceMode.h>
#include <fmt/ranges.h>

namespace ionsift::learn {

namespace {

namespace fs = std::filesystem;

/// The settings that determine the shapes and the meaning of the weights.
bool same_network(const AtomSetsConfiguration& a, const AtomSetsConfiguration& b) {
  return a.layers == b.layers && a.width == b.width && a.readout_hidden == b.readout_hidden &&
         a.readout_steps == b.readout_steps && a.readout_cell == b.readout_cell;
}

std::string shape_of(const Configuration& configuration, std::int64_t columns) {
  const auto& c = std::get<AtomSetsConfiguration>(configuration.model);
  return fmt::format("\"{}\" ({}, {} columns, layers {}, width {}, readout_hidden {}, readout_steps {}{})",
                     configuration.name, name_of(configuration.views.front()), columns, c.layers, c.width,
                     c.readout_hidden, c.readout_steps, c.readout_cell == ReadoutCell::lstm ? ", lstm" : "");
}

} // namespace

StartWeights StartWeights::load(const fs::path& path) {
  const c10::InferenceMode without_autograd;
  StartWeights start;
  start.name_ = path.string();
  if (!fs::is_directory(path)) {
    start.sha256_ = sha256_of_file(path);
    Configuration configuration;
    configuration.name = path.filename().string();
    auto network = read_maml(path, at::kFloat);
    configuration.model = network.configuration();
    start.weights_.push_back(std::make_shared<AtomSetsClassifier>(configuration, std::move(network)));
    return start;
  }
  const auto document_path = path / pretraining_name;
  const auto document = parse_json_or_discard(read_file(document_path));
  IONSIFT_VALIDATE(is_pretraining(document), format,
                   fmt::format("{} lists no start weights", document_path.string()),
                   fmt::format("a document of the format \"{}\" was expected", pretraining_format),
                   "Name the folder that ionsift pretrain has written.");
  start.sha256_ = sha256_of_file(document_path);
  start.document_ = document;
  try {
    start.needs_ = provenance_from_json(document.at("provenance"));
    start.has_provenance_ = true;
    for (const auto& entry : document.at("configurations")) {
      if (!entry.at("file").is_null()) {
        const auto file =
            listed_file(path, pretraining_name, entry.at("file"), entry.at("sha256"), "pretrain again");
        start.weights_.push_back(AtomSetsClassifier::read(h5::File::open(file), {}));
      }
    }
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::format, fmt::format("{} is incomplete", document_path.string()), error.what(),
                "Pretrain again.");
  }
  return start;
}

void StartWeights::require_compatible(const store::Provenance& store, const std::string& store_name) const {
  if (!has_provenance_) {
    return;
  }
  // Representations and levels are compared by `find`, for each configuration.
  auto needs = needs_;
  needs.representations.clear();
  needs.levels = {};
  store.require_compatible(needs, store_name, name_);
}

const Classifier* StartWeights::find(const Configuration& configuration,
                                     const dataset::FeatureSet& train) const {
  const auto* wanted = std::get_if<AtomSetsConfiguration>(&configuration.model);
  if (wanted == nullptr) {
    return nullptr;
  }
  const auto columns = static_cast<std::int64_t>(train.of(configuration.views.front()).columns());
  const Classifier* found = nullptr;
  std::vector<std::string> there;
  for (const auto& weights : weights_) {
    const auto& network = dynamic_cast<const AtomSetsClassifier&>(*weights).network();
    const auto& theirs = weights->configuration();
    there.push_back(shape_of(theirs, network.columns()));
    // maml's files do not name the representation.
    const bool same_view = !has_provenance_ || theirs.views == configuration.views;
    if (!same_view || network.columns() != columns || !same_network(network.configuration(), *wanted)) {
      continue;
    }
    if (theirs.name == configuration.name) {
      return weights.get();
    }
    found = found == nullptr ? weights.get() : found;
  }
  IONSIFT_VALIDATE(found != nullptr, conflict,
                   fmt::format("{} has no weights for {}", name_, shape_of(configuration, columns)),
                   fmt::format("it has those of {}", fmt::join(there, "; ")),
                   "Pretrain with this plan, or train one of these configurations.");
  return found;
}

nlohmann::json StartWeights::describe() const {
  auto networks = nlohmann::json::array();
  for (const auto& weights : weights_) {
    const auto columns = dynamic_cast<const AtomSetsClassifier&>(*weights).network().columns();
    networks.push_back(shape_of(weights->configuration(), columns));
  }
  nlohmann::json description = {{"kind", has_provenance_ ? "start weights" : "AtomSets weights of maml"},
                                {"networks", std::move(networks)},
                                {"sha256", sha256_}};
  if (has_provenance_) {
    description["parent"] = needs_.parent_name;
    description["labels"] = document_.value("labels", nlohmann::json());
    description["structures"] = document_.value("structures", nlohmann::json());
    for (const auto& entry : document_.at("configurations")) {
      description["scores"].push_back(entry.value("best_scores", nlohmann::json()));
    }
  }
  return description;
}

void write_maml_copy(const Classifier& classifier, const fs::path& folder) {
  if (const auto* atomsets = dynamic_cast<const AtomSetsClassifier*>(&classifier)) {
    const c10::InferenceMode without_autograd;
    make_folder(folder);
    write_maml(folder / "model_weights.hdf5", atomsets->network());
  }
}

} // namespace ionsift::learn
