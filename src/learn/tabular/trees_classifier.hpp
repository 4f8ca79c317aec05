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

  TreesClassifier(Configuration configuration, std::vector<std::string> columns, ExtraTrees trees);
  /// @throws Error format
  static std::unique_ptr<Classifier> read(const h5::File& file);

  std::vector<float> predict(const dataset::FeatureSet& structures,
                             const parallel::DeviceBinding& device) const override;
  void write(const std::filesystem::path& path, std::uint64_t seed) const override;
  const ExtraTrees& trees() const { return trees_; }

private:
  std::vector<std::string> columns_;
  ExtraTrees trees_;
};

Fitted fit_trees(const TreesConfiguration& settings, const Configuration& configuration,
                 const dataset::FeatureSet& train, std::uint64_t seed, const FitOptions& options);
double trees_cost(const TreesConfiguration& settings, const Configuration& configuration,
                  const dataset::FeatureSet& train);

} // namespace ionsift::learn
