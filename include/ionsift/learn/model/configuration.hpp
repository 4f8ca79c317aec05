// SPDX-License-Identifier: BSD-3-Clause
// Configurations of members, and plans of whole ensembles.
#pragma once

#include "ionsift/dataset/descriptors/view.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace ionsift::learn {

/// Whether the set2set readout carries its cell state from step to step.
enum class ReadoutCell {
  published, ///< never: as in the study's code, and so in its weights
  lstm,      ///< as the set2set paper has it
};

/// AtomSets network and its training: one point of the hyperparameter space (METHOD: section 4).
struct AtomSetsConfiguration {
  int layers = 2;           ///< dense layers before, and again after, the readout
  int width = 64;           ///< of each dense layer
  int readout_hidden = 512; ///< set2set hidden size
  int readout_steps = 3;    ///< set2set T
  ReadoutCell readout_cell = ReadoutCell::published;
  double dropout_before = 0.0; ///< probability, after each dense layer before the readout
  double dropout_after = 0.0;  ///< after each dense layer after the readout
  double l2_before = 0.0;      ///< times the sum of squares of the dense kernels before the readout
  double l2_after = 0.0;       ///< the same after the readout, without the last layer (to the logit)
  double init_lr = 1e-4;       ///< triangular2: lowest rate
  double max_lr = 3e-3;        ///< triangular2: highest rate
  int batch = 64;              ///< structures in a batch
  int epochs = 183;

  bool operator==(const AtomSetsConfiguration&) const = default;
};

/// Extremely randomised trees (Geurts, Ernst and Wehenkel, Mach. Learn. 63, 3, 2006) on a table of moments of
/// views and descriptors.
struct TreesConfiguration {
  int trees = 300;
  double feature_share = 0.3; ///< share of the columns tried at a node; 0: the square root of their number
  int min_leaf = 2;           ///< smallest number of structures in a leaf
  double label_noise =
      1.0;               ///< decades by which log10 conductivities are uncertain; 0: targets are the classes
  bool balanced = false; ///< both classes weigh the same
  /// Weight of each unlabelled composition as a negative; 0: none. Half of these train one forest, half
  /// another one, and a structure is judged by the forest that its composition was not offered to.
  double unlabelled_weight = 0;

  bool operator==(const TreesConfiguration&) const = default;
};

/// A Gaussian process of log10 conductivity with a Matern 3/2 covariance, on square roots of atomic fractions
/// and whatever else the table has. Nothing in it is random.
struct GaussianProcessConfiguration {
  double scale = 0.1;    ///< standard deviation of the columns that are not fractions
  double least_sd = 0.3; ///< smallest standard deviation of a prediction, decades

  bool operator==(const GaussianProcessConfiguration&) const = default;
};

/// One kind of member: its input, model, training and weight.
struct Configuration {
  std::string name;                                     ///< "cluster 0"; free
  double weight = 1;                                    ///< weight of each of its members in P_SI and SD
  int seeds = 0;                                        ///< number of its members; 0: the plan's number
  std::vector<dataset::View> views = {dataset::View{}}; ///< input views; exactly one for AtomSets
  std::vector<dataset::DescriptorBlock> blocks{};       ///< none for AtomSets
  /// Which model, and its settings: "atomsets", "trees", "gaussian_process".
  std::variant<AtomSetsConfiguration, TreesConfiguration, GaussianProcessConfiguration> model{};

  bool operator==(const Configuration&) const = default;
};

/// @param view default view of an AtomSets configuration
/// @throws Error usage for an unknown key or a value outside its range, naming it
Configuration configuration_from_json(const nlohmann::json& json, const dataset::View& view = {});
nlohmann::json to_json(const Configuration& configuration);

/// Identifies a member of a plan.
struct MemberNumber {
  int configuration = 0;
  int repeat = 0; ///< 0 .. seeds - 1
};

/// The content of members.json: {"representation", "level", "seeds", "configurations": [...]}.
struct MemberPlan {
  dataset::View view; ///< default view of configurations, and view of distances to the training set
  int seeds = 10;     ///< members of each configuration
  std::vector<Configuration> configurations;

  /// @throws Error usage as configuration_from_json does, also for a plan without configurations
  static MemberPlan from_json(const nlohmann::json& json);
  /// @throws Error missing, format (not JSON), usage, all naming the file
  static MemberPlan read(const std::filesystem::path& path);
  nlohmann::json to_json() const;
  /// All members, configuration by configuration.
  std::vector<MemberNumber> members() const;
  /// The required input: the plan's own view and all views and descriptors of configurations.
  dataset::Content content() const;
};

} // namespace ionsift::learn
