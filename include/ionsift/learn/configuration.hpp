// What one member of an ensemble is, and plans of whole ensembles.
#pragma once

#include "ionsift/dataset/view.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace ionsift::learn {

/// AtomSets network and its training: one point of the hyperparameter space (METHOD: section 4).
struct AtomSetsConfiguration {
  int layers = 2;              ///< dense layers before, and again after, the readout
  int width = 64;              ///< of each dense layer
  int readout_hidden = 512;    ///< set2set hidden size
  int readout_steps = 3;       ///< set2set T
  double dropout_before = 0.0; ///< probability, after each dense layer before the readout
  double dropout_after = 0.0;  ///< after each dense layer after the readout
  double l2_before = 0.0;      ///< times the sum of squares of the dense kernels before the readout
  double l2_after = 0.0;       ///< of those after it, the last one (to the logit) left out
  double init_lr = 1e-4;       ///< triangular2: lowest rate
  double max_lr = 3e-3;        ///< triangular2: highest rate
  int batch = 64;              ///< structures
  int epochs = 183;

  bool operator==(const AtomSetsConfiguration&) const = default;
};

/// One kind of member: what it looks at, how it is trained and how much it says.
struct Configuration {
  std::string name;                                     ///< "cluster 0"; free
  double weight = 1;                                    ///< of each of its members in P_SI and SD
  std::vector<dataset::View> views = {dataset::View{}}; ///< what it looks at; one for AtomSets
  std::variant<AtomSetsConfiguration> model{};          ///< which model, and its settings

  bool operator==(const Configuration&) const = default;
};

/// @param view  where the object names none
/// @throws Error usage for an unknown key or a value outside its range, naming it
Configuration configuration_from_json(const nlohmann::json& json, const dataset::View& view = {});
nlohmann::json to_json(const Configuration& configuration);

/// The content of members.json: {"representation", "level", "seeds", "configurations": [...]}.
struct MemberPlan {
  dataset::View view; ///< of configurations that name none, and of distances to the training set
  int seeds = 10;     ///< members of each configuration
  std::vector<Configuration> configurations;

  /// @throws Error usage as configuration_from_json does, also for a plan without configurations
  static MemberPlan from_json(const nlohmann::json& json);
  /// @throws Error missing, format (no JSON), usage, all naming the file
  static MemberPlan read(const std::filesystem::path& path);
  nlohmann::json to_json() const;
  std::size_t members() const { return configurations.size() * static_cast<std::size_t>(seeds); }
  /// What must be known of structures: the plan's own view and all that configurations look at.
  dataset::Content content() const;
};

} // namespace ionsift::learn
