#include "ionsift/base/log.hpp"
#include "ionsift/learn/ensemble.hpp"

#include "command.hpp"
#include "inputs.hpp"
#include "presets.hpp"

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
    table.add("set", "NAME", set_, "set of the split to train on; 'all' takes every labelled structure");
    plan_.declare(table);
    table.required("ensemble", "DIR", ensemble_, "folder of the trained ensemble")
        .add("start", "PATH", start_,
             "weights to begin with: a folder of pretrain, or a file of maml; empty: fresh ones")
        .add("maml", "DIR", maml_, "write AtomSets members in maml's layout there as well; empty: do not")
        .add("seed", "N", seed_, "the same seed gives the same ensemble")
        .add("device", "auto|cpu|cuda", device_, "where members are trained")
        .add_switch(
            "table-entries", table_entries_,
            "train members that look at compositions alone also on labelled entries without a structure")
        .add_switch("overwrite", overwrite_, "replace an existing ensemble");
  }

  std::optional<std::filesystem::path> run_json() const override {
    return std::filesystem::path(ensemble_) / "run.json";
  }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    learn::TrainOptions options;
    options.plan = plan_.read(common.data);
    options.seed = seed_;
    options.device = choose_device(comm, device_, record);

    const store::Reader store(find_input(store_, common.data));
    options.provenance = store.provenance();
    const auto labels = labels_.read_labels(common.data);
    const auto split = labels_.read_split(common.data);
    dataset::JoinReport joined;
    const auto train = dataset::join(store, options.plan.content(), labels, split ? &*split : nullptr,
                                     split ? set_ : "all", joined, comm);
    note_join(train, joined, record);
    if (table_entries_) {
      options.compositions = LabelInputs::read_table_entries(labels, joined, record);
    }

    std::optional<learn::StartWeights> start;
    if (!start_.empty()) {
      start = learn::StartWeights::load(find_input(start_, common.data));
      options.start = &*start;
    }
    options.maml = maml_;
    const auto members = learn::train_ensemble(comm, train, options, ensemble_, overwrite_, record.phases());
    const auto diverged =
        std::count_if(members.begin(), members.end(), [](const auto& m) { return m.diverged; });
    record.counts()["members"] = members.size();
    record.counts()["members_diverged"] = diverged;
    if (comm.is_root()) {
      print(members.size(), static_cast<std::size_t>(diverged), train, common.json, record);
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

  void print(std::size_t members, std::size_t diverged, const dataset::FeatureSet& train, bool json,
             RunRecord& record) const {
    if (json) {
      std::cout << record.document().dump(2) << '\n';
      return;
    }
    std::cout << fmt::format("{} members trained on {} structures, {} diverged; ensemble in {}\n", members,
                             train.size(), diverged, ensemble_);
  }

  std::string store_, set_ = "train", ensemble_, start_, maml_, device_ = "auto";
  LabelInputs labels_;
  PlanInputs plan_;
  std::uint64_t seed_ = 1;
  bool table_entries_ = false, overwrite_ = false;
};

} // namespace

std::unique_ptr<Command> make_train() {
  return std::make_unique<Train>();
}

} // namespace ionsift::cli
