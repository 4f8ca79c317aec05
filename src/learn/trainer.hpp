// Training of one member.
#pragma once

#include "ionsift/dataset/feature_set.hpp"

#include "atomsets.hpp"

namespace ionsift::learn {

/// Labelled structures on a device.
class Examples {
public:
  /// @throws Error data for a structure without rows
  Examples(const dataset::FeatureSet& structures, const at::TensorOptions& options);

  std::int64_t size() const { return static_cast<std::int64_t>(first_.size()) - 1; }
  std::int64_t columns() const { return values_.size(1); }
  /// Structures at these positions, in that order. Labels are there where the set has them.
  Batch select(const std::vector<std::int64_t>& positions) const;
  /// Structures begin .. end - 1, sharing memory.
  Batch slice(std::int64_t begin, std::int64_t end) const;

private:
  std::vector<std::int64_t> first_;
  at::Tensor values_, weight_, label_;
};

struct TrainingResult {
  int epochs = 0;        ///< finished
  double loss = 0;       ///< mean over the structures of the last epoch, L2 included
  bool diverged = false; ///< loss or weights became infinite or NaN; training stopped there
};

/// Trains a network from fresh weights by its configuration: batches reshuffled in every epoch, a last one
/// that may be smaller, LAMB inside Lookahead, triangular2 with a half cycle of 10 epochs (METHOD: section
/// 4). On the CPU the same seed gives the same weights, bit for bit.
TrainingResult train(AtomSets& network, const Examples& examples, std::uint64_t seed);

} // namespace ionsift::learn
