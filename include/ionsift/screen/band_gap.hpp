// SPDX-License-Identifier: BSD-3-Clause
// Band gaps predicted from stored crystals.
#pragma once

#include "ionsift/megnet/featurizer.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/store/read/reader.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace ionsift::screen {

/// Predicts gaps, one crystal at a time, all atoms, disorder included.
class GapPredictor {
public:
  /// @param converter nothing for the parent's own
  GapPredictor(const megnet::Parent& parent, const std::optional<megnet::GraphConverter>& converter);
  /// eV, not clipped; NaN where the parent cannot be evaluated (the reason is logged, for the first few).
  double operator()(const crystal::Crystal& crystal);
  std::uint64_t failures() const { return failures_; }

private:
  megnet::Featurizer featurizer_;
  std::uint64_t failures_ = 0;
};

/// Gaps of all structures of a store; spread over the ranks by estimated cost. Collective; the result is
/// complete on every rank.
std::vector<double> predict_gaps(const parallel::Communicator& comm, const store::Reader& store,
                                 const megnet::Parent& parent,
                                 const std::optional<megnet::GraphConverter>& converter);

} // namespace ionsift::screen
