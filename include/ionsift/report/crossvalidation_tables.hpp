// SPDX-License-Identifier: BSD-3-Clause
// Output files of a cross-validation, and its printed tables.
#pragma once

#include "ionsift/dataset/pairs/leaks.hpp"
#include "ionsift/learn/validation/crossvalidation.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace ionsift::report {

/// A score that somebody else published.
struct PublishedScore {
  std::string model;                                     ///< name in the source: "AS-CAMN-V0"
  double auc_pr = 0, auc_pr_sd = 0, mcc = 0, mcc_sd = 0; ///< NaN where it gives none
};

/// Rows of a table with the columns evaluation, model, auc_pr, auc_pr_sd, mcc, mcc_sd.
/// @param evaluation whose rows count: "kfold", "loco"
/// @throws Error missing (file, column), data (no number)
std::vector<PublishedScore> read_published(const std::filesystem::path& path, const std::string& evaluation);

/// The content of the documents.
struct CrossValidationDocument {
  const learn::CrossValidation& result;
  const learn::CrossValidationOptions& options;
  const dataset::Folds& folds;
  const dataset::FeatureSet& structures;
  std::string by;                         ///< "fold", "cluster" or "group"
  std::vector<dataset::LeakReport> leaks; ///< [folds] leaks of the validated entries into the training part
  std::vector<PublishedScore> published;
};

/// crossvalidation.json.
nlohmann::json to_json(const CrossValidationDocument& document);

/// In a folder that exists: crossvalidation.json and
///  - scores.csv: variant, share, fold, what ("member", "members mean", "members sd", "best epoch", "epoch of
///  the
///    others", "ensemble", "ensemble low", "ensemble high", "labels shuffled", "labels shuffled sd",
///    "training mean"), configuration, repeat, epoch, training, validated, positive, then the scores. In rows
///    of all folds together `fold` is "mean", "sd" (over folds) or "pooled".
///  - curves.csv: variant, share, fold, epoch, loss, auc_pr, average_precision, mcc: means over members.
///  - predictions.csv: variant, share, fold, id, label, conductivity (S/cm), P_SI, SD, d_training.
/// Undefined numbers are empty. @throws Error io
void write_crossvalidation(const std::filesystem::path& folder, const CrossValidationDocument& document);

/// Folds with their leaks, then single members beside what was published, then ensembles.
void print_crossvalidation(std::ostream& out, const CrossValidationDocument& document);

} // namespace ionsift::report
