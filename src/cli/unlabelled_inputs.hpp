// SPDX-License-Identifier: BSD-3-Clause
// The options by which candidates that nobody has measured train as weak negatives.
#pragma once

#include "ionsift/base/run_record.hpp"
#include "ionsift/dataset/features/feature_set.hpp"
#include "ionsift/learn/model/configuration.hpp"
#include "ionsift/parallel/communicator.hpp"

#include "option_table.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace ionsift::cli {

struct UnlabelledCompositions {
  dataset::FeatureSet set;
  nlohmann::json facts =
      nlohmann::json::object(); ///< name of the store and number of structures, for ensemble.json
};

/// Shared by train, crossvalidate and recover.
struct UnlabelledInputs {
  std::string store, weight;
  std::uint64_t most = 20'000;

  void declare(OptionTable& table);
  /// Gives trees that look at compositions alone the weight of the option; without the option a common one,
  /// unless a plan has weights of its own.
  /// @throws Error usage for plans that want unlabelled compositions and have none, or could not use them
  void apply(const std::vector<learn::MemberPlan*>& plans) const;
  /// Empty without --unlabelled. Counted in the record. Collective.
  UnlabelledCompositions read(const parallel::Communicator& comm, const std::string& data,
                              RunRecord& record) const;
};

} // namespace ionsift::cli
