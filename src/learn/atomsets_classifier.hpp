// AtomSets networks as members of an ensemble.
#pragma once

#include "ionsift/learn/classifier.hpp"

#include "atomsets.hpp"

namespace ionsift::learn {

class AtomSetsClassifier : public Classifier {
public:
  AtomSetsClassifier(Configuration configuration, AtomSets network);

  std::vector<float> predict(const dataset::FeatureSet& structures,
                             const parallel::DeviceBinding& device) const override;
  void write(const std::filesystem::path& path, std::uint64_t seed) const override;
  const AtomSets& network() const { return network_; }

private:
  AtomSets network_;
};

Fitted fit_atomsets(const Configuration& configuration, const dataset::FeatureSet& train, std::uint64_t seed,
                    const parallel::DeviceBinding& device, const FitOptions& options);
double atomsets_cost(const Configuration& configuration, const dataset::FeatureSet& train);

} // namespace ionsift::learn
