// SPDX-License-Identifier: BSD-3-Clause
// ensemble.json: what an ensemble is and what it was made of.
#pragma once

#include "ionsift/learn/ensemble/ensemble.hpp"

#include <nlohmann/json.hpp>

namespace ionsift::learn {

inline constexpr const char* manifest_name = "ensemble.json";
/// Folder next to it while members are being trained.
inline constexpr const char* training_journal_name = "journal";

/// A trained member as the manifest lists it.
struct MemberEntry {
  MemberRecord record;
  std::string file;   ///< file in the folder of the ensemble; empty for a member that diverged
  std::string sha256; ///< SHA-256 of that file
};

nlohmann::json to_json(const MemberEntry& entry);
MemberEntry member_entry_from_json(const nlohmann::json& json);

/// The whole document.
nlohmann::json make_manifest(const TrainOptions& options, const dataset::FeatureSet& train,
                             const std::vector<MemberEntry>& members);

/// The content of a document.
struct Manifest {
  MemberPlan plan;
  store::Provenance provenance;
  std::vector<std::string> training_ids;
  std::vector<int> training_labels;
  std::vector<std::string> composition_ids, composition_formulas;
  std::vector<MemberEntry> members;
};

/// Reads schema 1 as well, where every member looked at the view of the plan.
/// @throws Error format when it is not a manifest of these versions
Manifest read_manifest(const nlohmann::json& json, const std::string& name);

} // namespace ionsift::learn
