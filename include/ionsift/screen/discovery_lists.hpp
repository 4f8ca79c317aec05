// SPDX-License-Identifier: BSD-3-Clause
// Lists of structures to examine next, none of them limited by a probability.
#pragma once

#include "ionsift/dataset/labels/known_compounds.hpp"
#include "ionsift/learn/metrics/conformal.hpp"
#include "ionsift/screen/prediction_file.hpp"

#include <array>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace ionsift::screen {

/// What find_lithium_paths found of a structure, in its order.
using PathValues = std::array<double, 5>;

struct ListOptions {
  std::size_t length = 100;
  std::unordered_map<std::string, PathValues> paths; ///< values by id; may be empty
  std::unordered_map<std::string, dataset::KnownCompound> known;
  std::set<std::string> trained_chemistries; ///< dataset::chemistry_of what was trained on
  std::optional<learn::ConformalCuts> cuts;  ///< nothing: without words
};

struct ListedCandidate {
  Candidate row; ///< row of the composition's structure with the largest P_SI
  PathValues paths;
  std::string chemistry, verdict; ///< "likely", "open", "unlikely"; empty without cuts
  double lithium_share = 0, rule = 0;
  double expected = 0; ///< running sum of P_SI over the new ones of the list: so many superionic are expected
  std::optional<dataset::KnownCompound> known; ///< its measurement, if there is one; it stays visible
};

struct DiscoveryLists {
  std::vector<ListedCandidate> near; ///< a chemistry that was trained on; by falling P_SI
  std::vector<ListedCandidate> far;  ///< none of it; by the mean of the ranks of P_SI and barrier
  std::vector<ListedCandidate> rule; ///< all, by the rule of thumb
  std::size_t near_compositions = 0, far_compositions = 0, known_compositions = 0;
};

/// Lists of compositions, from all rows that no filter but `novelty` drops: those whose composition was
/// trained on stay, and are marked. Without any barrier the list `far` is by P_SI. Not collective; holds
/// about 100 bytes for each row that passes.
DiscoveryLists make_lists(const PredictionReader& predictions, const ListOptions& options);

} // namespace ionsift::screen
