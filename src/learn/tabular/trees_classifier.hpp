// SPDX-License-Identifier: BSD-3-Clause
// Extremely randomised trees as members of an ensemble.
#pragma once

#include "ionsift/learn/model/classifier.hpp"

#include "extra_trees.hpp"

namespace ionsift::h5 {
class File;
}

namespace ionsift::learn {

class TreesClassifier : public Classifier {
public:
  static constexpr std::string_view format = "ionsift trees member";

  /// Two forests in one member where the configuration has an `unlabelled_weight`: a structure is judged by
  /// the one that was not offered its composition as a negative (that of half 1 of composition_number for
  /// half 0).
  static constexpr std::string_view format_of_halves = "ionsift trees member in halves";

  /// @param forests one, or those trained on half 0 and on half 1 of the unlabelled compositions
  TreesClassifier(Configuration configuration, std::vector<std::string> columns,
                  std::vector<ExtraTrees> forests);
  /// @throws Error format
  static std::unique_ptr<Classifier> read(const h5::File& file);

  std::vector<float> predict(const dataset::FeatureSet& structures,
                             const parallel::DeviceBinding& device) const override;
  void write(const std::filesystem::path& path, std::uint64_t seed) const override;
  const std::vector<ExtraTrees>& forests() const { return forests_; }

private:
  std::vector<std::string> columns_;
  std::vector<ExtraTrees> forests_; ///< one or two
};

Fitted fit_trees(const TreesConfiguration& settings, const Configuration& configuration,
                 const dataset::FeatureSet& train, std::uint64_t seed, const FitOptions& options);
double trees_cost(const TreesConfiguration& settings, const Configuration& configuration,
                  const dataset::FeatureSet& train);

} // namespace ionsift::learn
