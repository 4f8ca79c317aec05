// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/log.hpp"
#include "ionsift/learn/search/tune.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/report/search_tables.hpp"
#include "ionsift/store/read/reader.hpp"

#include "command.hpp"
#include "held_folder.hpp"
#include "inputs.hpp"
#include "presets.hpp"

#include <algorithm>
#include <iostream>

namespace ionsift::cli {

namespace {

namespace fs = std::filesystem;

class Tune : public Command {
public:
  void declare(OptionTable& table) override {
    auto& search = options_.search;
    table.required("store", "FILE", store_, "feature store of the labelled structures");
    labels_.declare(table);
    table
        .add("set", "NAME", set_,
             "set of the split inside which is searched; 'all' takes every labelled structure")
        .add("by", "cluster|fold|group", by_, "column of the split whose structures are left out together")
        .add("cluster-column", "NAME", labels_.split_options.cluster_column,
             "column of clusters in the split; empty: found by name")
        .add("fold-column", "NAME", labels_.split_options.fold_column,
             "column of folds in the split; empty: found by name")
        .add("group-column", "NAME", labels_.split_options.group_column,
             "column of groups in the split; empty: found by name")
        .add("space", "FILE", space_,
             "values to choose from (JSON); empty: a copy of inputs/search-space.json, the study's")
        .add("trials", "N", search.trials, "configurations tried for each cluster")
        .add("random-start", "N", search.tpe.random_start, "of them, drawn at random before proposals learn")
        .add("objective", "auc-pr|average-precision", objective_,
             "score on the structures left out that is made as large as possible; auc-pr is the study's")
        .add("grace", "N", search.halving.grace, "epochs that every trial gets")
        .add("epochs", "N", search.halving.epochs, "epochs at most")
        .add("factor", "N", search.halving.factor,
             "one trial in so many passes each rung; rungs lie at grace x factor^k epochs")
        .add("best", "N", search.best, "best configurations of each cluster that are trained again")
        .add("repeats", "N", search.repeats, "how often; the best mean wins")
        .add("window", "N", search.rule.window, "epochs of the rolling mean of the score")
        .add("after", "N", search.rule.after, "epochs before it counts")
        .add("seeds", "N", options_.seeds, "members of each configuration in members.json")
        .required("out", "DIR", out_, "folder of members.json, trials.csv and the journal of the search")
        .add_switch("overwrite", overwrite_, "forget the journal in that folder")
        .add("seed", "N", search.seed, "of proposals and trainings")
        .add("device", "auto|cpu|cuda", device_, "where trials are trained");
  }

  std::optional<fs::path> run_json() const override { return fs::path(out_) / "run.json"; }
  bool resumes() const override { return true; }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    IONSIFT_VALIDATE(!labels_.split.empty(), usage, "--split is missing",
                     "it defines which structures are left out together",
                     "Give a table made by ionsift cluster or ionsift split.");
    options_.device = choose_device(comm, device_, record);
    options_.objective = learn::objective_of(objective_);
    options_.space = space_.empty()
                         ? learn::SearchSpace::from_json(nlohmann::json::parse(default_search_space()))
                         : learn::SearchSpace::read(find_input(space_, common.data));
    IONSIFT_VALIDATE(options_.seeds >= 1, usage, fmt::format("--seeds {}", options_.seeds),
                     "every configuration has at least one member", "Correct it.");
    const store::Reader store(find_input(store_, common.data));
    auto labels = labels_.read_labels(comm, store, common.data, record);
    auto split = labels_.read_split(common.data);
    align_ids(comm, labels, *split, record);
    dataset::JoinReport joined;
    const auto structures =
        dataset::join(store, {{options_.space.view}}, labels, &*split, set_, joined, comm);
    const auto clusters = dataset::make_folds(structures.id, *split, dataset::fold_kind_of(by_));
    note(structures, clusters, joined, record);

    const HeldFolder held(comm, out_);
    parallel::on_root(comm, [&] { prepare_folder(); });
    const auto result = [&] {
      const ScopedPhase phase(record.phases(), "search");
      return learn::tune(comm, structures, clusters, options_, journal());
    }();
    if (result.interrupted) {
      note_interruption(result, comm, common, record);
      return;
    }
    const auto& devices = record.environment()["devices"];
    parallel::on_root(comm, [&] {
      report::write_search(out_, options_.space, result);
      record.counts()["trainings"] = result.tasks.size();
      record.counts()["diverged"] = std::count_if(result.tasks.begin(), result.tasks.end(),
                                                  [](const auto& task) { return task.end->diverged; });
      record.result().update(report::to_json(result, devices));
      record.result()["objective"] = objective_;
      record.result()["space"] = options_.space.to_json();
      if (common.json) {
        std::cout << record.document().dump(2) << '\n';
      } else {
        report::print_search(std::cout, result, devices);
        std::cout << fmt::format("ionsift train --members {}\n", (fs::path(out_) / "members.json").string());
      }
    });
  }

private:
  fs::path journal() const { return fs::path(out_) / "journal.jsonl"; }

  void prepare_folder() const {
    if (overwrite_) {
      fs::remove(journal());
    }
  }

  static void note_interruption(const learn::TuneResult& result, const parallel::Communicator& comm,
                                const CommonOptions& common, RunRecord& record) {
    record.counts()["trainings"] = result.ended;
    leave_interrupted(comm, common, record, result.cost, "trainings",
                      fmt::format("{} trainings have ended", result.ended));
  }

  static void note(const dataset::FeatureSet& structures, const dataset::Folds& clusters,
                   const dataset::JoinReport& joined, RunRecord& record) {
    const auto positive = std::count(structures.label.begin(), structures.label.end(), 1);
    record.counts() = {{"structures", structures.size()},
                       {"superionic", positive},
                       {"clusters", clusters.size()},
                       {"unlabelled", joined.unlabelled.size()},
                       {"unfeatured", joined.unfeatured.size()},
                       {"without_rows", joined.empty.size()}};
    log::info("{} structures, {} superionic, in {} clusters; {} in none, which are always trained on",
              structures.size(), positive, clusters.size(),
              std::count(clusters.of.begin(), clusters.of.end(), -1));
  }

  std::string store_, set_ = "train", by_ = "cluster", space_, out_, objective_ = "auc-pr", device_ = "auto";
  LabelInputs labels_;
  learn::TuneOptions options_;
  bool overwrite_ = false;
};

} // namespace

std::unique_ptr<Command> make_tune() {
  return std::make_unique<Tune>();
}

} // namespace ionsift::cli
