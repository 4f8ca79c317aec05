// SPDX-License-Identifier: BSD-3-Clause
// AtomSets networks as members of an ensemble.
#pragma once

#include "ionsift/learn/model/classifier.hpp"

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

} // namespace ionsift::learn
