// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/learn/ensemble/ensemble.hpp"
#include "ionsift/learn/model/member_kinds.hpp"
#include "ionsift/report/cost_report.hpp"

#include "command.hpp"
#include "given_inputs.hpp"
#include "held_folder.hpp"
#include "inputs.hpp"
#include "presets.hpp"
#include "unlabelled_inputs.hpp"

#include <algorithm>
#include <iostream>
#include <optional>

namespace ionsift::cli {

namespace {

class Train : public Command {
public:
  void declare(OptionTable& table) override {
    table.required("store", "FILE", store_, "feature store of the labelled structures");
    labels_.declare(table);
    table.add("set", "NAME", set_,
              "set of the split to train on, or all; empty: train, or all without a split");
    plan_.declare(table);
    unlabelled_.declare(table);
    given_.declare(table);
    table.required("ensemble", "DIR", ensemble_, "folder of the trained ensemble")
        .add("start", "PATH", start_,
             "weights to begin with: a folder of pretrain, or a file of maml; empty: fresh ones")
        .add("maml", "DIR", maml_, "write AtomSets members in maml's layout there as well; empty: do not")
        .add("seed", "N", seed_, "the same seed gives the same ensemble")
        .add("device", "auto|cpu|cuda", device_, "where members are trained")
        .add("checkpoint-every", "SECONDS", checkpoint_every_,
             "how often the state of a member that takes long is saved; costs less than 1 %; 0: after every "
             "epoch")
        .add("stack", "N", stack_,
             "members of one configuration that a rank trains side by side as one batched model; 1: one "
             "after the "
             "other; 0: so on the CPU, and as many as there are on a GPU")
        .add_switch(
            "table-entries", table_entries_,
            "train members that look at compositions alone also on labelled entries without a structure")
        .add_switch("overwrite", overwrite_, "replace an existing ensemble, or one that is not finished");
  }

  std::optional<std::filesystem::path> run_json() const override {
    return std::filesystem::path(ensemble_) / "run.json";
  }
  bool resumes() const override { return true; }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    IONSIFT_VALIDATE(checkpoint_every_ >= 0, usage, fmt::format("--checkpoint-every {}", checkpoint_every_),
                     "it is a time in seconds", "Give 0 or more.");
    IONSIFT_VALIDATE(stack_ >= 0, usage, fmt::format("--stack {}", stack_), "it is a number of members",
                     "Give 0 or more.");
    labels_.require_split_for(set_);
    learn::TrainOptions options;
    options.stack = stack_;
    options.plan = plan_.read(common.data);
    unlabelled_.apply({&options.plan});
    options.seed = seed_;
    options.device = choose_device(comm, device_, record);

    const store::Reader store(find_input(store_, common.data));
    options.provenance = store.provenance();
    auto labels = labels_.read_labels(comm, store, common.data, record);
    auto split = labels_.read_split(common.data);
    if (split) {
      align_ids(comm, labels, *split, record);
    }
    const auto set = !set_.empty() ? set_ : split ? "train" : "all";
    auto content = options.plan.content();
    content.given = given_.read(content, common.data, record);
    dataset::JoinReport joined;
    const auto train = dataset::join(store, content, labels, split ? &*split : nullptr, set, joined, comm);
    note_join(train, joined, record);
    note_incomplete(joined, record);
    options.labels = facts_of(labels);
    options.identities = dataset::identities_at(comm, store, positions_of(store, train.id));
    compare_compositions(comm, labels, train.id, options.identities, record);
    if (table_entries_) {
      options.compositions = LabelInputs::read_table_entries(comm, labels, joined, record);
    } else {
      say_unused_entries(comm, joined, labels, record);
    }
    note_use(options.labels, labels, train.id, options.compositions.id);
    record.result()["label_tables"] = options.labels.at("tables");
    auto known = train.id;
    known.insert(known.end(), options.compositions.id.begin(), options.compositions.id.end());
    if (auto references = references_of(labels, known); !references.empty()) {
      options.labels["references"] = std::move(references);
    }

    auto unlabelled = unlabelled_.read(comm, common.data, record);
    options.unlabelled = std::move(unlabelled.set);
    options.unlabelled_facts = std::move(unlabelled.facts);
    std::optional<learn::StartWeights> start;
    if (!start_.empty()) {
      start = learn::StartWeights::load(find_input(start_, common.data));
      options.start = &*start;
    }
    members_plan_ = options.plan;
    table_entries_count_ = options.compositions.size();
    options.maml = maml_;
    options.checkpoint_every = checkpoint_every_;
    const HeldFolder held(comm, ensemble_);
    const auto trained = learn::train_ensemble(comm, train, options, ensemble_, overwrite_, record.phases());
    note_members(trained.members, record);
    if (trained.interrupted()) {
      leave_interrupted(comm, common, record, trained.cost, "members",
                        fmt::format("{} of {} members are trained", trained.members.size(), trained.planned));
    } else if (comm.is_root()) {
      print(trained, train, common.json, record);
    }
  }

private:
  static void note_join(const dataset::FeatureSet& train, const dataset::JoinReport& joined,
                        RunRecord& record) {
    const auto positive = std::count(train.label.begin(), train.label.end(), 1);
    record.counts() = {{"structures", train.size()},
                       {"superionic", positive},
                       {"rows", train.rows.front().weight.size()},
                       {"unlabelled", joined.unlabelled.size()},
                       {"unfeatured", joined.unfeatured.size()},
                       {"without_rows", joined.empty.size()}};
    log::info("training on {} structures, {} superionic ({} labelled ones are not in the store)",
              train.size(), positive, joined.unfeatured.size());
  }

  static void note_members(const std::vector<learn::MemberRecord>& members, RunRecord& record) {
    record.counts()["members"] = members.size();
    record.counts()["members_diverged"] =
        std::count_if(members.begin(), members.end(), [](const auto& m) { return m.diverged; });
    record.counts()["members_started_again"] =
        std::count_if(members.begin(), members.end(), [](const auto& m) { return m.first.has_value(); });
  }

  void print(const learn::EnsembleTraining& trained, const dataset::FeatureSet& train, bool json,
             RunRecord& record) const {
    const auto& devices = record.environment()["devices"];
    record.result()["cost"] = report::to_json(trained.cost, devices, "members");
    if (json) {
      std::cout << record.document().dump(2) << '\n';
      return;
    }
    const auto& counts = record.counts();
    say_kinds(train.size());
    std::cout << fmt::format(
                     "{} members trained on {} structures, {} diverged, {} started again; ensemble in {}\n",
                     trained.members.size(), train.size(), counts["members_diverged"].dump(),
                     counts["members_started_again"].dump(), ensemble_)
              << fmt::format("this run: {}\n", report::describe(trained.cost, devices, "members"));
  }

  /// What each kind of member was trained on, and what follows for who reads their predictions.
  void say_kinds(std::size_t structures) const {
    for (const auto& kind : learn::member_kinds(members_plan_, structures, table_entries_count_)) {
      log::info("{}: {} members, {:.0f} % of P_SI, trained on {} structures{}", kind.name, kind.members,
                100 * kind.share, kind.structures,
                table_entries_ ? fmt::format(" and {} table entries", kind.table_entries) : "");
    }
    for (const auto& sentence : learn::consequences_of(members_plan_)) {
      log::info("{}", sentence);
    }
  }

  std::string store_, set_, ensemble_, start_, maml_, device_ = "auto";
  LabelInputs labels_;
  PlanInputs plan_;
  UnlabelledInputs unlabelled_;
  GivenInputs given_;
  std::uint64_t seed_ = 1;
  learn::MemberPlan members_plan_;
  std::size_t table_entries_count_ = 0;
  int stack_ = 0;
  double checkpoint_every_ = learn::TrainOptions().checkpoint_every;
  bool table_entries_ = false, overwrite_ = false;
};

} // namespace

std::unique_ptr<Command> make_train() {
  return std::make_unique<Train>();
}

} // namespace ionsift::cli
