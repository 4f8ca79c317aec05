// SPDX-License-Identifier: BSD-3-Clause
// Predictions of a structure by kind of an ensemble's members.
#pragma once

#include "ionsift/base/matrix.hpp"
#include "ionsift/dataset/descriptors/given.hpp"
#include "ionsift/learn/ensemble/ensemble.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/store/read/reader.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace ionsift::screen {

/// Means over the members of each configuration, by their weights.
struct KindProbabilities {
  std::vector<std::string> kinds; ///< names of the configurations
  /// [structures][kinds], on rank 0; NaN for a structure without atoms in the representation.
  std::vector<std::vector<double>> of;
};

/// P_SI of all members, then of each configuration's [1 + configurations][structures].
/// @param members probabilities [members x structures]
std::vector<std::vector<double>> probabilities_by_kind(const learn::Ensemble& ensemble,
                                                       const Matrix<float>& members);

/// Predicts some structures once more, each alone, so that the numbers do not depend on the ranks, which
/// share them. Collective. @param structures positions in the store, the same on every rank
/// @param given as in ScreeningOptions
KindProbabilities predict_by_kind(const parallel::Communicator& comm, const learn::Ensemble& ensemble,
                                  const store::Reader& store, const std::vector<std::uint64_t>& structures,
                                  const parallel::DeviceBinding& device,
                                  const std::shared_ptr<const dataset::GivenDescriptors>& given = {});

} // namespace ionsift::screen
