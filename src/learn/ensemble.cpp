#include "ionsift/learn/ensemble.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/sha256.hpp"

#include "manifest.hpp"
#include "runtime.hpp"
#include "trainer.hpp"
#include "weights_file.hpp"

#include <c10/core/InferenceMode.h>

#include <cmath>

namespace ionsift::learn {

struct Ensemble::State {
  nlohmann::json document;
  Manifest manifest;
  std::vector<AtomSets> members; ///< those that did not diverge, on the CPU
};

namespace {

AtomSets load_member(const std::filesystem::path& folder, const MemberEntry& entry,
                     const Manifest& manifest) {
  const auto path = folder / entry.file;
  IONSIFT_VALIDATE(std::filesystem::exists(path), missing, fmt::format("{} does not exist", path.string()),
                   "the ensemble lists it among its members", "Copy the whole folder, or train again.");
  IONSIFT_VALIDATE(sha256_of_file(path) == entry.sha256, conflict,
                   fmt::format("{} is not the file that was trained", path.string()),
                   "its SHA-256 differs from the one in ensemble.json",
                   "Copy the folder again, or train again.");
  auto network = read_member(path, at::kFloat);
  IONSIFT_VALIDATE(network.columns() == manifest.columns, conflict,
                   fmt::format("{} is for {} columns", path.string(), network.columns()),
                   fmt::format("the ensemble was trained on {}", manifest.columns), "Train again.");
  return network;
}

} // namespace

Ensemble Ensemble::load(const std::filesystem::path& folder) {
  const c10::InferenceMode without_autograd;
  const auto path = folder / manifest_name;
  const auto text = read_file(path);
  auto state = std::make_shared<State>();
  state->document = nlohmann::json::parse(text, nullptr, false);
  state->manifest = read_manifest(state->document, path.string());
  for (const auto& entry : state->manifest.members) {
    if (!entry.record.diverged) {
      state->members.push_back(load_member(folder, entry, state->manifest));
    }
  }
  IONSIFT_VALIDATE(!state->members.empty(), format, fmt::format("{} lists no usable member", path.string()),
                   "an ensemble has at least one", "Train again.");
  Ensemble ensemble;
  ensemble.state_ = std::move(state);
  return ensemble;
}

crystal::Representation Ensemble::representation() const {
  return state_->manifest.plan.representation;
}
int Ensemble::level() const {
  return state_->manifest.plan.level;
}
const store::Provenance& Ensemble::provenance() const {
  return state_->manifest.provenance;
}
std::size_t Ensemble::members() const {
  return state_->members.size();
}
const std::vector<std::string>& Ensemble::training_ids() const {
  return state_->manifest.training_ids;
}
const std::vector<int>& Ensemble::training_labels() const {
  return state_->manifest.training_labels;
}
const nlohmann::json& Ensemble::manifest() const {
  return state_->document;
}

megnet::Matrix<float> Ensemble::predict(const dataset::FeatureSet& structures,
                                        const parallel::DeviceBinding& device) const {
  const auto n = structures.size();
  megnet::Matrix<float> probabilities(static_cast<Eigen::Index>(members()), static_cast<Eigen::Index>(n));
  if (n == 0) {
    return probabilities;
  }
  IONSIFT_VALIDATE(static_cast<std::int64_t>(structures.columns()) == state_->manifest.columns, conflict,
                   fmt::format("the structures have {} feature columns", structures.columns()),
                   fmt::format("the ensemble was trained on {}", state_->manifest.columns),
                   "Use features of the same level and parent.");
  prepare_libtorch();
  const c10::InferenceMode without_autograd;
  const auto options = at::TensorOptions(at::kFloat).device(device_of(device));
  const Examples examples(structures, options);

  std::vector<AtomSets> there;
  if (device.gpu >= 0) {
    for (const auto& member : state_->members) {
      there.push_back(member.to(options));
    }
  }
  const auto& networks = device.gpu >= 0 ? there : state_->members;
  for (std::int64_t begin = 0; begin < examples.size();) {
    const auto end = examples.end_of_chunk(begin);
    const auto batch = examples.slice(begin, end);
    for (std::size_t m = 0; m < networks.size(); ++m) {
      const auto probability = networks[m].logits(batch).sigmoid().cpu();
      std::copy_n(probability.data_ptr<float>(), end - begin,
                  &probabilities(static_cast<Eigen::Index>(m), begin));
    }
    begin = end;
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

std::vector<Probability> summarize(const megnet::Matrix<float>& member_probabilities) {
  std::vector<Probability> result(static_cast<std::size_t>(member_probabilities.cols()));
  for (Eigen::Index s = 0; s < member_probabilities.cols(); ++s) {
    const Eigen::ArrayXd p = member_probabilities.col(s).cast<double>();
    result[static_cast<std::size_t>(s)] = {p.mean(), std::sqrt((p - p.mean()).square().mean())};
  }
  return result;
}

} // namespace ionsift::learn
