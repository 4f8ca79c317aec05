// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/labels/publications.hpp"
#include "ionsift/dataset/labels/table_columns.hpp"
#include "ionsift/dataset/pairs/leaks.hpp"
#include "ionsift/dataset/split/split.hpp"
#include "ionsift/parallel/together.hpp"

#include "command.hpp"
#include "held_folder.hpp"
#include "inputs.hpp"
#include "job_input.hpp"
#include "output_table.hpp"
#include "structure_options.hpp"

#include <fmt/ranges.h>

#include <iostream>

namespace ionsift::cli {

namespace {

/// Two collections that should have nothing in common.
struct Collections {
  std::vector<crystal::Crystal> first, second;
  std::string first_content, second_content; ///< SHA-256 of where they are from
};

/// A table's data on a collection's entries.
struct Known {
  std::optional<dataset::IcsdNumbers> numbers;
  dataset::PublicationsById publications;

  dataset::Identifiers identifiers() const { return {numbers ? &*numbers : nullptr, &publications}; }
};

class FindLeaks : public Command {
public:
  void declare(OptionTable& table) override {
    table.required("store", "FILE", store_, "feature store of the first collection, or of both with --split")
        .add("other", "FILE", other_, "feature store of the second collection")
        .add("split", "FILE", split_,
             "CSV that assigns ids to sets: two sets of one store are compared instead")
        .add("set-a", "NAME", set_a_, "set of the split that is the first collection")
        .add("set-b", "NAME", set_b_, "set of the split that is the second collection")
        .required("out", "FILE", out_, "CSV of pairs that are the same, and how")
        .add("labels", "FILE", labels_,
             "CSV with ICSD numbers or publications (DOI) of the first collection; empty: these are not "
             "compared")
        .add("other-labels", "FILE", other_labels_, "the same of the second collection; empty: the first's")
        .add("icsd-column", "NAME", icsd_column_, "column of ICSD numbers; empty: found by name")
        .add("id-column", "NAME", id_column_, "column of ids beside them; empty: found by name")
        .add("split-id-column", "NAME", split_options_.id_column,
             "column of ids in the split; empty: found by name")
        .add("set-column", "NAME", split_options_.set_column,
             "column of sets in the split; empty: found by name")
        .add("composition-tolerance", "SHARE", options_.composition_tolerance,
             "atomic fractions this near make compositions the same")
        .add("dopant", "SHARE", options_.dopant,
             "elements with at most this share of the atoms are traces: compositions are compared without "
             "them "
             "too; 0: they are not")
        .add_switch("overwrite", overwrite_, OutputTable::overwrite_help)
        .only_with({"split"}, {"set-a", "set-b", "split-id-column", "set-column"})
        .only_with({"labels", "other-labels"}, {"icsd-column", "id-column"});
    declare_pair_options(table, options_.pairs);
  }

  std::optional<std::filesystem::path> run_json() const override {
    return std::filesystem::path(out_).replace_extension(".run.json");
  }
  bool resumes() const override { return true; }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    IONSIFT_VALIDATE(other_.empty() != split_.empty(), usage, "the two collections are not clear",
                     other_.empty() ? "neither --other nor --split is given"
                                    : "both --other and --split are given",
                     "Give a second store with --other, or --split with --set-a and --set-b.");
    std::optional<OutputTable> output;
    parallel::on_root(comm, [&] { output.emplace(out_, *run_json(), overwrite_); });
    const auto both = [&] {
      const ScopedPhase phase(record.phases(), "read crystals");
      return split_.empty() ? read_two_stores(common.data) : read_two_sets(common.data);
    }();
    const HeldFile held(comm, out_);
    dataset::KeptComparisons kept{
        {out_ + ".partial.d", "ionsift leaks",
         job_input(record,
                   {"store", "other", "split", "out", "labels", "other-labels", "icsd-column", "id-column"},
                   {both.first_content, both.second_content})},
        {}};
    const auto first_known = read_known(labels_, both.first, common.data);
    const auto second_known =
        read_known(other_labels_.empty() ? labels_ : other_labels_, both.second, common.data);
    const auto report = [&] {
      const ScopedPhase phase(record.phases(), "match");
      return dataset::find_leaks(comm, both.first, both.second, first_known.identifiers(),
                                 second_known.identifiers(), options_, &kept);
    }();
    if (kept.work.interrupted()) {
      leave_interrupted(comm, common, record, kept.work, "pairs", "pairs are compared");
      return;
    }
    record.counts() = counts(both, report);
    parallel::on_root(comm, [&] {
      dataset::write_leaks(out_, both.first, both.second, report);
      output->note_written(record);
      if (common.json) {
        std::cout << record.document().dump(2) << '\n';
      } else {
        print(both, report);
      }
      parallel::forget(kept.place);
    });
  }

private:
  Collections read_two_stores(const std::string& data) const {
    const store::Reader first(find_input(store_, data));
    const store::Reader second(find_input(other_, data));
    return {all_crystals(first), all_crystals(second), content_of(first), content_of(second)};
  }

  Collections read_two_sets(const std::string& data) const {
    const auto path = find_input(split_, data);
    auto split = dataset::Split::read(path, split_options_);
    const store::Reader store(find_input(store_, data));
    Collections both{{}, {}, content_of(store), sha256_of_file(path)};
    auto crystals = all_crystals(store);
    split.rename(dataset::IdMatch(split.ids(), ids_of(crystals), split.name(), store_));
    for (auto& crystal : crystals) {
      const auto* row = split.find(crystal.id);
      if (row != nullptr && row->set == to_lower(set_a_)) {
        both.first.push_back(std::move(crystal));
      } else if (row != nullptr && row->set == to_lower(set_b_)) {
        both.second.push_back(std::move(crystal));
      }
    }
    for (const auto& [name, set] : {std::pair(set_a_, &both.first), std::pair(set_b_, &both.second)}) {
      IONSIFT_VALIDATE(!set->empty(), usage, fmt::format("set '{}' has no structure in {}", name, store_),
                       fmt::format("the sets of {} are {}", split.name(), fmt::join(split.sets(), ", ")),
                       "Name two of these with --set-a and --set-b.");
    }
    return both;
  }

  static std::vector<std::string> ids_of(const std::vector<crystal::Crystal>& crystals) {
    std::vector<std::string> ids;
    for (const auto& crystal : crystals) {
      ids.push_back(crystal.id);
    }
    return ids;
  }

  /// The table's data on the structures of a collection.
  Known read_known(const std::string& path, const std::vector<crystal::Crystal>& crystals,
                   const std::string& data) const {
    Known known;
    if (path.empty()) {
      return known;
    }
    const auto file = find_input(path, data);
    const auto table = CsvTable::read(file);
    const auto id = dataset::find_id_column(table, id_column_);
    const auto reference = dataset::reference_column(table);
    const auto numbers = icsd_column_.empty() ? dataset::IcsdNumbers::read_if_any(file, id_column_)
                                              : dataset::IcsdNumbers::read(file, id_column_, icsd_column_);
    IONSIFT_VALIDATE(numbers || reference, missing,
                     fmt::format("{} has neither ICSD numbers nor publications", file.string()),
                     "one of them determines which entries are the same",
                     "Name the column with --icsd-column, or leave --labels out.");
    std::vector<std::string> ids;
    for (std::size_t row = 0; row < table.size(); ++row) {
      ids.emplace_back(trim(table.cell(row, id)));
    }
    const dataset::IdMatch match(ids, ids_of(crystals), path, "the store");
    IONSIFT_VALIDATE(match.matched() > 0 || match.size() == 0, data,
                     fmt::format("no structure is in {}", path), match.remark_on_unmatched(),
                     "Name the structures of the table as the store does.");
    if (numbers) {
      known.numbers = numbers;
      known.numbers->rename(match);
    }
    for (std::size_t row = 0; reference && row < table.size(); ++row) {
      if (auto dois = dataset::dois_in(table.cell(row, *reference)); !dois.empty()) {
        known.publications.emplace(match(ids[row]), std::move(dois));
      }
    }
    return known;
  }

  static nlohmann::json counts(const Collections& both, const dataset::LeakReport& report) {
    nlohmann::json document = {{"first", both.first.size()},
                               {"second", both.second.size()},
                               {"pairs", report.leaks.size()},
                               {"pairs_undecided", report.undecided},
                               {"entries_of_second", report.entries_of_any_kind}};
    for (const auto kind : dataset::all_leak_kinds) {
      const auto at = static_cast<std::size_t>(kind);
      document[fmt::format("pairs_by_{}", dataset::name_of(kind))] = report.pairs[at];
      document[fmt::format("entries_by_{}", dataset::name_of(kind))] = report.entries[at];
    }
    return document;
  }

  void print(const Collections& both, const dataset::LeakReport& report) const {
    std::cout << fmt::format("{} of {} entries occur among the {} of the first collection too; pairs in {}\n",
                             report.entries_of_any_kind, both.second.size(), both.first.size(), out_);
    std::cout << fmt::format("  {:<14}{:>8}{:>8}\n", "by", "entries", "pairs");
    for (const auto kind : dataset::all_leak_kinds) {
      const auto at = static_cast<std::size_t>(kind);
      std::cout << fmt::format("  {:<14}{:>8}{:>8}\n", dataset::name_of(kind), report.entries[at],
                               report.pairs[at]);
    }
  }

  std::string store_, other_, split_, set_a_ = "train", set_b_ = "test", out_, labels_, other_labels_,
                                      icsd_column_, id_column_;
  dataset::SplitOptions split_options_;
  dataset::LeakOptions options_;
  bool overwrite_ = false;
};

} // namespace

std::unique_ptr<Command> make_leaks() {
  return std::make_unique<FindLeaks>();
}

} // namespace ionsift::cli
