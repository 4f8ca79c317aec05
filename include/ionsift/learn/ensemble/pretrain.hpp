// SPDX-License-Identifier: BSD-3-Clause
// AtomSets trained on another property first, so that the few measured conductivities need not teach
// everything.
#pragma once

#include "ionsift/base/timer.hpp"
#include "ionsift/learn/metrics/scores.hpp"
#include "ionsift/learn/model/classifier.hpp"
#include "ionsift/parallel/communicator.hpp"
#include "ionsift/parallel/kept_work.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ionsift::learn {

struct PretrainOptions {         // NOLINT(bugprone-exception-escape): json moves without throwing
  MemberPlan plan;               ///< its AtomSets configurations are trained, each once
  int epochs = 300;              ///< instead of those of the configurations (METHOD: section 4)
  int batch = 128;               ///< smallest batch; larger ones of configurations are unchanged
  double validation_share = 0.1; ///< share of each class that is held out
  std::uint64_t seed = 1;
  parallel::DeviceBinding device;
  store::Provenance provenance; ///< provenance of the store, stored with the weights
  nlohmann::json labels;        ///< definition and origin of the classes; stored with the weights
};

/// The held-out structures after one epoch.
struct PretrainEpoch {
  int number = 0;
  double loss = 0; ///< loss of the training part
  double auc_pr = 0, average_precision = 0, mcc = 0, roc_auc = 0, accuracy = 0;
};

struct PretrainRecord {
  int configuration = 0; ///< position in the plan
  std::string name;
  std::vector<PretrainEpoch> epochs;
  int best = 0; ///< epoch of the largest AUC-PR, whose weights are stored; 0: diverged at once
  double seconds = 0;
  bool diverged = false;
};

struct Pretraining {
  std::vector<PretrainRecord>
      records;             ///< by configuration; empty when the run was ended before all were trained
  parallel::KeptWork work; ///< number of trained configurations

  bool interrupted() const { return work.interrupted(); }
};

/// Holds a stratified share out, trains every configuration on the rest and writes the weights of its best
/// epoch to `folder`: start_CC.h5, pretraining.json (plan, provenance, scores, checksums), epochs.csv,
/// structures.csv (who was trained on, who was held out). Ranks take one configuration each, the dearest
/// first. Collective; the same seed gives the same weights, whoever trains them.
///
/// An interrupted run (parallel::Interruption) saves finished configurations, and the state of the others,
/// in the folder `partial.d`; the same call resumes. After a kill, configurations that were not
/// finished begin again where the last such run ended, or from the start.
///
/// The best epoch is chosen on the held-out structures, so its score there flatters a little; that of the
/// last epoch, which is also stored, does not.
/// @throws Error conflict when the folder holds start weights and `overwrite` is false, usage for a plan
/// without AtomSets, data for structures of one class, numeric when every configuration diverged
Pretraining pretrain(const parallel::Communicator& comm, const dataset::FeatureSet& structures,
                     const PretrainOptions& options, const std::filesystem::path& folder, bool overwrite,
                     PhaseTimes& phases);

} // namespace ionsift::learn
