// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/crystal/chemistry/near_composition.hpp"
#include "ionsift/dataset/labels/labels.hpp"
#include "ionsift/dataset/labels/publications.hpp"
#include "ionsift/dataset/labels/table_columns.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace ionsift::dataset {

namespace {

/// The options for each table: columns that it does not have are found by name.
std::vector<LabelOptions> options_of_tables(const std::vector<std::filesystem::path>& paths,
                                            const LabelOptions& options) {
  std::vector<CsvTable> tables;
  for (const auto& path : paths) {
    tables.push_back(CsvTable::read(path));
  }
  std::vector<LabelOptions> of_tables(paths.size(), options);
  const auto keep_where_it_is = [&](std::string LabelOptions::*column) {
    bool found = (options.*column).empty();
    for (std::size_t t = 0; t < tables.size(); ++t) {
      if (tables[t].has(options.*column)) {
        found = true;
      } else {
        (of_tables[t].*column).clear();
      }
    }
    if (!found) {
      tables.front().column(options.*column); // reports similar names
    }
  };
  keep_where_it_is(&LabelOptions::id_column);
  keep_where_it_is(&LabelOptions::conductivity_column);
  keep_where_it_is(&LabelOptions::composition_column);
  for (auto& one : of_tables) {
    one.unit_where_none_is_said = true;
  }
  return of_tables;
}

/// An entry with the data that identify its measurement.
struct Measured {
  std::size_t entry;
  crystal::RoundedComposition composition;
  std::vector<std::string> dois;
};

bool same_value(const Label& a, const Label& b) {
  constexpr double rounding = 0.02; // tables round to two or three digits
  return a.upper_bound == b.upper_bound &&
         std::abs(a.conductivity - b.conductivity) <=
             rounding * std::max(std::abs(a.conductivity), std::abs(b.conductivity));
}

bool same_composition(const crystal::RoundedComposition& a, const crystal::RoundedComposition& b) {
  constexpr double rounding = 0.001; // fractions may lie on both sides of a half thousandth
  const auto difference = a.difference(b);
  return difference && crystal::is_within(*difference, rounding);
}

/// Merges the labels of several tables into one list.
class LabelMerger {
public:
  LabelMerger(const std::vector<std::string>& known, std::vector<LabelTable>& tables,
              std::vector<TableRemark>& remarks)
      : known_(known.begin(), known.end()), tables_(tables), remarks_(remarks) {}

  /// @param composition its composition in the table, if readable
  void add(Label label, const std::optional<crystal::Composition>& composition) {
    const auto [place, fresh] = index_.try_emplace(label.id, labels_.size());
    if (!fresh) {
      compare(labels_[place->second], label, composition);
      return;
    }
    auto dois = dois_in(label.reference);
    labels_.push_back(std::move(label));
    compositions_.push_back(composition);
    dropped_.push_back(false);
    if (composition) {
      find_same(Measured{labels_.size() - 1, crystal::RoundedComposition(*composition), std::move(dois)});
    }
  }

  /// Reports the counts of a table's entries. @throws Error conflict naming the ids that contradict
  void end_table() {
    const auto& table = tables_.back();
    constexpr std::size_t most = 100;
    IONSIFT_VALIDATE(conflicts_.empty(), conflict,
                     fmt::format("{} contradicts the tables before", table.name),
                     list_examples(conflicts_, most),
                     "An id means one entry in all tables: correct the values, or give entries of different "
                     "compounds different ids.");
    const auto say = [&](bool warning, std::vector<std::string>& which, std::string_view what) {
      if (!which.empty()) {
        remarks_.push_back(
            {warning, fmt::format("{}: {} {}: {}", table.name, which.size(), what, list_examples(which))});
      }
      which.clear();
    };
    say(false, known_before_, "entries have the id of one in a table before, which counts");
    say(false, same_,
        "entries have the composition of one in another table and its conductivity or DOI; of each pair one "
        "is left out");
    say(true, both_, "such entries stay because both of the pair have a structure");
    say(true, contradicting_,
        "entries have the composition and the DOI of one in another table, but the other class; all of them "
        "stay");
  }

  std::vector<Label> take() {
    std::vector<Label> kept;
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      if (!dropped_[i]) {
        kept.push_back(std::move(labels_[i]));
      }
    }
    return kept;
  }

private:
  void compare(const Label& before, const Label& now,
               const std::optional<crystal::Composition>& composition) {
    const auto& known = compositions_[index_.at(now.id)];
    const auto& table = tables_[before.table].name;
    if (known && composition && crystal::contradict(*known, *composition)) {
      conflicts_.push_back(
          fmt::format("{} is {} here and {} in {}", now.id, now.composition, before.composition, table));
    } else if (before.positive != now.positive) {
      conflicts_.push_back(fmt::format("{} has {:g} S/cm here and {:g} S/cm in {}", now.id, now.conductivity,
                                       before.conductivity, table));
    } else {
      ++tables_[now.table].known_before;
      known_before_.push_back(now.id);
    }
  }

  void find_same(Measured measured) {
    const auto here = measured.entry;
    const auto& label = labels_[here];
    auto& others = by_elements_[measured.composition.elements()];
    bool contradicted = false;
    for (const auto& other : others) {
      const auto& before = labels_[other.entry];
      if (before.table == label.table || dropped_[other.entry] ||
          !same_composition(measured.composition, other.composition)) {
        continue;
      }
      const bool same_publication = share_a_doi(measured.dois, other.dois);
      if (before.positive != label.positive) {
        contradicted = contradicted || same_publication;
      } else if (same_publication || same_value(before, label)) {
        settle(other.entry, here);
      }
      if (dropped_[here]) {
        break;
      }
    }
    if (contradicted && !dropped_[here]) {
      ++tables_[label.table].contradicting;
      contradicting_.push_back(label.id);
    }
    others.push_back(std::move(measured));
  }

  /// Which of two entries of one measurement is retained.
  void settle(std::size_t before, std::size_t now) {
    const auto pair = fmt::format("{} ({} of {})", labels_[now].id, labels_[before].id,
                                  tables_[labels_[before].table].name);
    const bool first_known = known_.contains(labels_[before].id),
               second_known = known_.contains(labels_[now].id);
    if (first_known && second_known) {
      both_.push_back(pair);
      return;
    }
    const auto out = second_known ? before : now;
    dropped_[out] = true;
    ++tables_[labels_[out].table].same_measurement;
    same_.push_back(pair);
  }

  std::unordered_set<std::string> known_;
  std::vector<LabelTable>& tables_;
  std::vector<TableRemark>& remarks_;
  std::vector<Label> labels_;
  std::vector<std::optional<crystal::Composition>> compositions_;
  std::vector<bool> dropped_;
  std::unordered_map<std::string, std::size_t> index_;
  std::unordered_map<std::string, std::vector<Measured>> by_elements_;
  std::vector<std::string> conflicts_, known_before_, same_, both_, contradicting_;
};

} // namespace

Labels Labels::read_tables(const std::vector<std::filesystem::path>& paths, const LabelOptions& options,
                           const std::vector<std::string>& known) {
  IONSIFT_VALIDATE(!paths.empty(), usage, "there is no table of labels", "an empty list was given",
                   "Name one.");
  if (paths.size() == 1) {
    return read(paths.front(), options);
  }
  Labels all;
  all.threshold_ = options.threshold;
  all.tables_.clear();
  LabelMerger merger(known, all.tables_, all.remarks_);
  std::vector<std::string> names, ids;
  std::set<std::string> contents;
  const auto of_tables = options_of_tables(paths, options);
  for (std::size_t t = 0; t < paths.size(); ++t) {
    auto one = read(paths[t], of_tables[t]);
    IONSIFT_VALIDATE(contents.insert(one.tables_.front().sha256).second, usage,
                     fmt::format("{} has the content of a table before", one.name_),
                     "every label would count as known before", "Name each table once.");
    all.remarks_.insert(all.remarks_.end(), one.remarks_.begin(), one.remarks_.end());
    const auto take_names = [&](const std::vector<std::string>& others, const std::string& where) {
      const IdMatch match(one.ids(), others, one.name_, where);
      if (const auto text = match.remark_on_loose(); !text.empty()) {
        all.remarks_.push_back({false, text});
      }
      one.rename(match);
    };
    take_names(known, "the store");
    take_names(ids, fmt::format("{}", fmt::join(names, ", ")));
    all.tables_.push_back(one.tables_.front());
    all.skipped_ += one.skipped_;
    all.repeated_ += one.repeated_;
    if (all.composition_column_.empty()) {
      all.composition_column_ = one.composition_column_;
    }
    for (const auto& label : one.labels_) {
      auto moved = label;
      moved.table = t;
      merger.add(std::move(moved), one.composition_of(label.id));
    }
    merger.end_table();
    names.push_back(one.name_);
    const auto of_table = one.ids();
    ids.insert(ids.end(), of_table.begin(), of_table.end());
  }
  all.name_ = fmt::format("{}", fmt::join(names, ", "));
  all.labels_ = merger.take();
  for (auto& table : all.tables_) {
    table.labels = 0;
  }
  for (std::size_t i = 0; i < all.labels_.size(); ++i) {
    all.index_.emplace(all.labels_[i].id, i);
    ++all.tables_[all.labels_[i].table].labels;
  }
  return all;
}

} // namespace ionsift::dataset
