// AtomSets networks as members of an ensemble.
#pragma once

#include "ionsift/learn/classifier.hpp"

#include "atomsets.hpp"

namespace ionsift::h5 {
class File;
}

namespace ionsift::learn {

class AtomSetsClassifier : public Classifier {
public:
  AtomSetsClassifier(Configuration configuration, AtomSets network);
  /// @param view where the file names none  @throws Error format
  static std::unique_ptr<Classifier> read(const h5::File& file, const dataset::View& view);

  std::vector<float> predict(const dataset::FeatureSet& structures,
                             const parallel::DeviceBinding& device) const override;
  void write(const std::filesystem::path& path, std::uint64_t seed) const override;
  const AtomSets& network() const { return network_; }

private:
  AtomSets network_;
};

Fitted fit_atomsets(const AtomSetsConfiguration& settings, const Configuration& configuration,
                    const dataset::FeatureSet& train, std::uint64_t seed,
                    const parallel::DeviceBinding& device, const FitOptions& options);
std::vector<Fitted> fit_atomsets_stack(const AtomSetsConfiguration& settings,
                                       const Configuration& configuration, const dataset::FeatureSet& train,
                                       const std::vector<StackSeed>& members,
                                       const parallel::DeviceBinding& device, const FitOptions& options);
double atomsets_cost(const AtomSetsConfiguration& settings, const Configuration& configuration,
                     const dataset::FeatureSet& train);

} // namespace ionsift::learn
