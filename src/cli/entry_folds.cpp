// SPDX-License-Identifier: BSD-3-Clause
#include "entry_folds.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/crystal/chemistry/near_composition.hpp"
#include "ionsift/dataset/features/reference.hpp"
#include "ionsift/learn/model/member_kinds.hpp"

#include <algorithm>

namespace ionsift::cli {

learn::MemberPlan plan_of_compositions(learn::MemberPlan plan, const std::string& name) {
  std::vector<learn::Configuration> kept;
  for (auto& configuration : plan.configurations) {
    if (learn::looks_at_composition_alone(configuration)) {
      kept.push_back(std::move(configuration));
    } else {
      log::warning("{}: \"{}\" needs structures and abstains", name, configuration.name);
    }
  }
  IONSIFT_VALIDATE(!kept.empty(), usage, fmt::format("no member of {} looks at compositions alone", name),
                   "entries without a structure have nothing else",
                   "Choose another plan, or leave --by-composition out.");
  plan.configurations = std::move(kept);
  return plan;
}

dataset::FeatureSet entries_by_composition(const dataset::Labels& labels, const dataset::Split* split,
                                           const std::string& set, RunRecord& record) {
  std::vector<std::string> ids, unreadable;
  for (const auto& label : labels.all()) {
    const auto* row = split == nullptr ? nullptr : split->find(label.id);
    if (split == nullptr || set == "all" || (row != nullptr && row->set == to_lower(set))) {
      ids.push_back(label.id);
    }
  }
  auto entries = dataset::table_entries(labels, ids, unreadable);
  record.counts()["unreadable_compositions"] = unreadable.size();
  IONSIFT_VALIDATE(entries.size() > 0, data, "no labelled entry has a composition that can be read",
                   fmt::format("of {} in the set", ids.size()), "Name the column with --composition-column.");
  if (!unreadable.empty()) {
    log::warning("{} labelled entries have no composition that can be read and are left out, for example {}",
                 unreadable.size(), unreadable.front());
  }
  return entries;
}

std::vector<crystal::Composition> compositions_of(const dataset::FeatureSet& structures,
                                                  const store::Reader* store) {
  std::vector<crystal::Composition> compositions;
  if (store == nullptr) {
    for (const auto& formula : structures.formula) {
      compositions.push_back(crystal::Composition::parse(formula));
    }
    return compositions;
  }
  for (const auto position : dataset::locate(*store, structures.id)) {
    compositions.push_back(store->crystals(position, 1).front().composition());
  }
  return compositions;
}

std::vector<dataset::LeakReport> find_entry_leaks(const dataset::FeatureSet& entries,
                                                  const dataset::Folds& folds,
                                                  const std::optional<dataset::IcsdNumbers>& icsd,
                                                  const dataset::PublicationsById& publications,
                                                  RunRecord& record) {
  const auto compositions = compositions_of(entries, nullptr);
  const auto at = [&](const std::vector<std::size_t>& positions) {
    std::vector<dataset::TableEntry> chosen;
    for (const auto p : positions) {
      chosen.push_back({entries.id[p], compositions[p]});
    }
    return chosen;
  };
  const dataset::Identifiers known(icsd ? &*icsd : nullptr, &publications);
  std::vector<dataset::LeakReport> reports;
  std::uint64_t likes = 0, publication = 0;
  for (int f = 0; f < static_cast<int>(folds.size()); ++f) {
    reports.push_back(dataset::find_table_leaks(at(folds.trained(f)), at(folds.validated(f)), known, known));
    likes += reports.back().entries_of_any_kind;
    publication += reports.back().entries_by(dataset::LeakKind::doi);
  }
  record.counts()["validated_with_a_like_in_training"] = likes;
  record.counts()["validated_with_a_publication_in_training"] = publication;
  log::info(
      "{} validated entries have the ICSD number or the composition (also apart from traces) of one that "
      "is trained on; {} are from the publication of one",
      likes, publication);
  return reports;
}

MeasuredEntries::MeasuredEntries(const dataset::FeatureSet& structures,
                                 const std::unordered_map<std::string, dataset::MeasuredWhen>& when,
                                 const store::Reader* store)
    : composition_(compositions_of(structures, store)) {
  for (const auto& id : structures.id) {
    const auto found = when.find(id);
    year_.push_back(found == when.end() ? 0 : found->second.year);
    chemistry_.push_back(found == when.end() ? "" : found->second.chemistry);
  }
}

dataset::Folds MeasuredEntries::by_year(const std::vector<int>& cuts, double tolerance,
                                        RunRecord& record) const {
  const auto undated = std::ranges::count(year_, 0);
  record.counts()["without_a_year"] = undated;
  if (undated > 0) {
    log::warning("{} entries have no year: they are neither trained on nor validated", undated);
  }
  std::unordered_map<std::string, std::vector<std::size_t>> by_elements;
  std::vector<crystal::RoundedComposition> rounded;
  for (std::size_t i = 0; i < composition_.size(); ++i) {
    rounded.emplace_back(composition_[i]);
    by_elements[rounded.back().elements()].push_back(i);
  }
  std::vector<std::vector<std::size_t>> earlier(composition_.size());
  for (std::size_t i = 0; i < composition_.size(); ++i) {
    for (const auto other : by_elements.at(rounded[i].elements())) {
      if (year_[other] < year_[i] && crystal::is_within(*rounded[i].difference(rounded[other]), tolerance)) {
        earlier[i].push_back(other);
      }
    }
  }
  return dataset::folds_by_year(year_, cuts, earlier);
}

} // namespace ionsift::cli
