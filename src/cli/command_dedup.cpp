// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/crystal/formula.hpp"
#include "ionsift/dataset/pairs/duplicates.hpp"
#include "ionsift/parallel/together.hpp"

#include "command.hpp"
#include "held_folder.hpp"
#include "inputs.hpp"
#include "job_input.hpp"
#include "structure_options.hpp"

#include <iostream>

namespace ionsift::cli {

namespace {

class Dedup : public Command {
public:
  void declare(OptionTable& table) override {
    table.required("store", "FILE", store_, "feature store of the structures")
        .required("out", "DIR", out_, "folder of groups.csv, pairs.csv and kept.csv")
        .add("labels", "FILE", labels_,
             "CSV of measured conductivities; empty: the first entry of each group is kept, not the "
             "median")
        .add("id-column", "NAME", label_options_.id_column,
             "column of ids in the labels; empty: found by name")
        .add("conductivity-column", "NAME", label_options_.conductivity_column,
             "column of conductivities; empty: found by name")
        .add("conductivity-unit", "UNIT", label_options_.conductivity_unit,
             "their unit; empty: from the column's name or its cells")
        .only_with({"labels"}, {"id-column", "conductivity-column", "conductivity-unit"});
    declare_pair_options(table, options_);
  }

  std::optional<std::filesystem::path> run_json() const override {
    return std::filesystem::path(out_) / "run.json";
  }
  bool resumes() const override { return true; }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    const HeldFolder held(comm, out_);
    dataset::KeptComparisons kept;
    const auto crystals = [&] {
      const ScopedPhase phase(record.phases(), "read crystals");
      const store::Reader reader(find_input(store_, common.data));
      kept.place = {std::filesystem::path(out_) / "partial.d", "ionsift dedup",
                    job_input(record, {"store", "out", "labels", "id-column", "conductivity-column"},
                              {content_of(reader)})};
      return all_crystals(reader);
    }();
    const auto labels = read_labels(comm, crystals, common.data, record);
    const auto* known = labels ? &*labels : nullptr;
    const auto duplicates = [&] {
      const ScopedPhase phase(record.phases(), "match");
      return dataset::find_duplicates(comm, crystals, known, options_, &kept);
    }();
    if (kept.work.interrupted()) {
      leave_interrupted(comm, common, record, kept.work, "pairs", "pairs are compared");
      return;
    }
    record.counts() = {{"structures", crystals.size()},
                       {"pairs_compared", duplicates.compared},
                       {"pairs_matched", duplicates.pairs.size()},
                       {"pairs_undecided", duplicates.undecided},
                       {"groups", duplicates.groups.size()},
                       {"kept", duplicates.kept.size()}};
    const ScopedPhase phase(record.phases(), "write tables");
    parallel::on_root(comm, [&] {
      dataset::write_duplicates(out_, crystals, known, duplicates);
      if (common.json) {
        std::cout << record.document().dump(2) << '\n';
      } else {
        print(crystals, duplicates);
      }
      parallel::forget(kept.place);
    });
  }

private:
  std::optional<dataset::Labels> read_labels(const parallel::Communicator& comm,
                                             const std::vector<crystal::Crystal>& crystals,
                                             const std::string& data, RunRecord& record) const {
    if (labels_.empty()) {
      return std::nullopt;
    }
    auto labels = cli::read_labels(comm, {find_input(labels_, data)}, label_options_, record);
    std::vector<std::string> ids;
    for (const auto& crystal : crystals) {
      ids.push_back(crystal.id);
    }
    align_ids(comm, ids, store_, labels, record);
    return labels;
  }

  void print(const std::vector<crystal::Crystal>& crystals, const dataset::Duplicates& duplicates) const {
    std::cout << fmt::format(
        "{} structures, {} pairs compared, {} the same: {} groups of duplicates; {} kept, "
        "listed in {}\n",
        crystals.size(), duplicates.compared, duplicates.pairs.size(), duplicates.groups.size(),
        duplicates.kept.size(), (std::filesystem::path(out_) / "kept.csv").string());
    for (const auto& group : duplicates.groups) {
      std::cout << fmt::format("  {:<28}", crystal::written_formula(crystals[group.members.front()]));
      for (const auto member : group.members) {
        std::cout << ' ' << crystals[member].id << (member == group.kept ? "*" : "");
      }
      std::cout << '\n';
    }
  }

  std::string store_, labels_, out_;
  dataset::LabelOptions label_options_;
  dataset::PairOptions options_;
};

} // namespace

std::unique_ptr<Command> make_dedup() {
  return std::make_unique<Dedup>();
}

} // namespace ionsift::cli
