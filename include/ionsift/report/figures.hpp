// SPDX-License-Identifier: BSD-3-Clause
// The figures of a report, each from the files that the commands left.
//
// None of these throws for a figure that its input cannot give: it comes back empty. Input that is broken is
// an Error (missing, format) that names file and remedy.
#pragma once

#include "ionsift/dataset/labels/labels.hpp"
#include "ionsift/report/figure.hpp"

#include <cstdint>

namespace ionsift::report {

/// Measured conductivities by space group, and how often each power of ten occurs (study, Fig. 1).
/// @param paths of the labels, for a column of space groups: "space group #", "space_group_number" or
/// "space_group"
std::vector<Figure> conductivity_figures(const dataset::Labels& labels,
                                         const std::vector<std::filesystem::path>& paths);

/// Compounds in the plane of UMAP, by cluster. @param path the CSV of `ionsift cluster`: x, y, cluster
Figure cluster_figure(const std::filesystem::path& path);

/// P_SI against the measured conductivity, precision and recall, enrichment, and calibration. @param document
/// evaluation.json
std::vector<Figure> evaluation_figures(const nlohmann::json& document);

/// One folder of `ionsift crossvalidate`.
struct CrossvalidationInput { // NOLINT(bugprone-exception-escape): json moves without throwing
  std::string name;           ///< "5 folds", derived from its document
  nlohmann::json document;
  std::filesystem::path folder;
};
/// Reads crossvalidation.json in a folder.
CrossvalidationInput read_crossvalidation(const std::filesystem::path& folder);
/// Scores of each variant with their spread over folds beside the controls (study, Fig. 2, 3), and, of the
/// first of them that has curves, scores by epoch.
std::vector<Figure> crossvalidation_figures(const std::vector<CrossvalidationInput>& inputs);

/// Funnel and histograms of P_SI, ordered and disordered. @param summary summary.json of a screening
std::vector<Figure> screening_figures(const nlohmann::json& summary);

/// P_SI against d_training, and the first two principal components beside the training set: the structures
/// that `rows` names, and of all others a sample of at most `points`, those with the smallest hashes, so that
/// any order and number of ranks shows the same. Memory grows with `points` alone. Of a screening without
/// components the second figure is left out, with a warning.
/// @param screening folder with predictions.h5 and training.csv  @param summary its summary.json, for the
/// shares of variance  @param rows ids of the table of candidates
std::vector<Figure> structure_figures(const std::filesystem::path& screening, const nlohmann::json& summary,
                                      const std::vector<std::string>& rows, std::uint64_t points);

/// Efficiency by ranks, measured and forecast. @param documents scaling.json of several commands
Figure scaling_figure(const std::vector<nlohmann::json>& documents);

} // namespace ionsift::report
