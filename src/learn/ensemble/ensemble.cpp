// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/ensemble/ensemble.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/json.hpp"
#include "ionsift/learn/ensemble/fit.hpp"
#include "ionsift/learn/model/member_kinds.hpp"

#include "manifest.hpp"
#include "model/output_folder.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ionsift::learn {

struct Ensemble::State {
  nlohmann::json document;
  Manifest manifest;
  std::vector<std::unique_ptr<Classifier>> members; ///< those that did not diverge
  std::vector<double> weights;                      ///< whether each uses compositions alone
  std::vector<bool> composition_alone;              ///< their weights
};

Ensemble Ensemble::load(const std::filesystem::path& folder) {
  const auto path = folder / manifest_name;
  IONSIFT_VALIDATE(std::filesystem::exists(path) || !std::filesystem::exists(folder / training_journal_name),
                   missing, fmt::format("the ensemble in {} is not finished", folder.string()),
                   "its training was killed or interrupted, or is still running",
                   "Give the same ionsift train command again: it resumes.");
  const auto text = read_file(path);
  auto state = std::make_shared<State>();
  state->document = parse_json_or_discard(text);
  state->manifest = read_manifest(state->document, path.string());
  for (const auto& entry : state->manifest.members) {
    if (!entry.record.diverged) {
      auto member =
          load_classifier(listed_file(folder, manifest_name, entry.file, entry.sha256, "train again"),
                          state->manifest.plan.view);
      state->weights.push_back(member->configuration().weight);
      state->composition_alone.push_back(looks_at_composition_alone(member->configuration()));
      state->members.push_back(std::move(member));
    }
  }
  IONSIFT_VALIDATE(!state->members.empty(), format, fmt::format("{} lists no usable member", path.string()),
                   "an ensemble has at least one", "Train again.");
  Ensemble ensemble;
  ensemble.state_ = std::move(state);
  return ensemble;
}

const MemberPlan& Ensemble::plan() const {
  return state_->manifest.plan;
}
const store::Provenance& Ensemble::provenance() const {
  return state_->manifest.provenance;
}
store::Provenance Ensemble::needs() const {
  auto needed = provenance();
  needed.representations.clear();
  needed.levels = {};
  for (const auto& view : plan().content().views) {
    if (!needed.has(view.representation)) {
      needed.representations.push_back(view.representation);
    }
    needed.levels.at(static_cast<std::size_t>(view.level)) = true;
  }
  return needed;
}
std::size_t Ensemble::members() const {
  return state_->members.size();
}
const std::vector<double>& Ensemble::weights() const {
  return state_->weights;
}
const std::vector<std::string>& Ensemble::training_ids() const {
  return state_->manifest.training_ids;
}
const std::vector<int>& Ensemble::training_labels() const {
  return state_->manifest.training_labels;
}
const std::vector<std::string>& Ensemble::composition_ids() const {
  return state_->manifest.composition_ids;
}
const std::vector<std::string>& Ensemble::composition_formulas() const {
  return state_->manifest.composition_formulas;
}
const nlohmann::json& Ensemble::manifest() const {
  return state_->document;
}

Matrix<float> Ensemble::predict(const dataset::FeatureSet& structures,
                                const parallel::DeviceBinding& device) const {
  std::vector<std::size_t> all(members());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return predict_by(all, structures, device);
}

const std::vector<bool>& Ensemble::composition_alone() const {
  return state_->composition_alone;
}

std::vector<std::string> Ensemble::configurations(bool composition_alone) const {
  std::vector<std::string> names;
  for (std::size_t m = 0; m < members(); ++m) {
    const auto& name = state_->members[m]->configuration().name;
    if (state_->composition_alone[m] == composition_alone && std::ranges::find(names, name) == names.end()) {
      names.push_back(name);
    }
  }
  return names;
}

Matrix<float> Ensemble::predict_compositions(const dataset::FeatureSet& entries,
                                             const parallel::DeviceBinding& device) const {
  std::vector<std::size_t> chosen;
  for (std::size_t m = 0; m < members(); ++m) {
    if (state_->composition_alone[m]) {
      chosen.push_back(m);
    }
  }
  IONSIFT_VALIDATE(!chosen.empty(), usage, "no member of the ensemble looks at compositions alone",
                   "entries without a structure have nothing else",
                   "Train a plan with such members (preset default), or leave these entries out.");
  return predict_by(chosen, entries, device);
}

std::vector<double> Ensemble::composition_weights() const {
  std::vector<double> weights;
  for (std::size_t m = 0; m < members(); ++m) {
    if (state_->composition_alone[m]) {
      weights.push_back(state_->weights[m]);
    }
  }
  return weights;
}

Matrix<float> Ensemble::predict_by(const std::vector<std::size_t>& chosen,
                                   const dataset::FeatureSet& structures,
                                   const parallel::DeviceBinding& device) const {
  Matrix<float> probabilities(static_cast<Eigen::Index>(chosen.size()),
                              static_cast<Eigen::Index>(structures.size()));
  if (structures.size() == 0) {
    return probabilities;
  }
  for (std::size_t m = 0; m < chosen.size(); ++m) {
    const auto of_member = state_->members[chosen[m]]->predict(structures, device);
    std::copy(of_member.begin(), of_member.end(), probabilities.row(static_cast<Eigen::Index>(m)).begin());
  }
  for (Eigen::Index s = 0; s < probabilities.cols(); ++s) {
    IONSIFT_VALIDATE(
        probabilities.col(s).allFinite(), numeric,
        fmt::format("{}: a probability is not finite", structures.id[static_cast<std::size_t>(s)]),
        "its features are infinite, NaN or far outside the range of the training set",
        "Leave the structure out.");
  }
  return probabilities;
}

std::vector<Probability> summarize(const Matrix<float>& member_probabilities,
                                   const std::vector<double>& weights) {
  const Eigen::Map<const Eigen::ArrayXd> w(weights.data(), static_cast<Eigen::Index>(weights.size()));
  IONSIFT_ASSERT(w.size() == member_probabilities.rows() && w.sum() > 0,
                 fmt::format("{} weights for {} members", w.size(), member_probabilities.rows()));
  std::vector<Probability> result(static_cast<std::size_t>(member_probabilities.cols()));
  for (Eigen::Index s = 0; s < member_probabilities.cols(); ++s) {
    const Eigen::ArrayXd p = member_probabilities.col(s).cast<double>();
    const double mean = (w * p).sum() / w.sum();
    result[static_cast<std::size_t>(s)] = {mean, std::sqrt((w * (p - mean).square()).sum() / w.sum())};
  }
  return result;
}

} // namespace ionsift::learn
