// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/dataset/features/reference.hpp"
#include "ionsift/dataset/pairs/leaks.hpp"
#include "ionsift/learn/ensemble/training_identity.hpp"
#include "ionsift/learn/validation/evaluation.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/report/evaluation_tables.hpp"

#include "command.hpp"
#include "inputs.hpp"

#include <iostream>

namespace ionsift::cli {

namespace {

class Evaluate : public Command {
public:
  void declare(OptionTable& table) override {
    table.required("ensemble", "DIR", ensemble_, "folder of the trained ensemble")
        .required("store", "FILE", store_, "feature store of the labelled structures")
        .add("reference", "FILE", reference_,
             "feature store that the ensemble was trained on; empty: --store has its structures too");
    labels_.declare(table);
    table
        .add("set", "NAME", set_,
             "set of the split to evaluate on, or all; empty: test, and all where there is no split")
        .add("out", "DIR", out_, "folder of evaluation.json; empty: evaluation-SET in the ensemble's folder")
        .add("draws", "N", options_.resampling.draws, "draws of the bootstrap and of the shuffled control")
        .add("confidence", "SHARE", options_.resampling.confidence, "of the bootstrap intervals")
        .add("seed", "N", options_.resampling.seed, "of both")
        .add("device", "auto|cpu|cuda", device_, "where predictions are made");
  }

  std::optional<std::filesystem::path> run_json() const override { return folder() / "run.json"; }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    labels_.require_split_for(set_);
    options_.set = set();
    const auto device = choose_device(comm, device_, record);
    const auto ensemble = learn::Ensemble::load(find_input(ensemble_, common.data));
    const auto store_path = find_input(store_, common.data);
    const store::Reader store(store_path);
    store.provenance().require_compatible(ensemble.needs(), store_path.string(), ensemble_);

    auto labels = labels_.read_labels(comm, common.data, record);
    align_ids(comm, store, labels, record);
    auto split = labels_.read_split(common.data);
    if (split) {
      align_ids(comm, labels, *split, record);
    }
    learn::require_threshold(ensemble, labels.threshold(), ensemble_);
    dataset::JoinReport joined;
    const auto structures = dataset::join(store, ensemble.plan().content(), labels, split ? &*split : nullptr,
                                          options_.set, joined, comm);

    // The training set found again: for leaks, which are looked for before anything is scored, and distances.
    const store::Reader reference(reference_.empty() ? store_path : find_input(reference_, common.data));
    reference.provenance().require_compatible(ensemble.needs(), reference.path().string(), ensemble_);
    const auto trained = dataset::locate(reference, ensemble.training_ids());
    learn::require_training_structures(comm, ensemble, reference, ensemble.training_ids(), trained,
                                       ensemble_);
    const auto evaluated = dataset::locate(store, structures.id);
    if (!reference_.empty()) {
      learn::require_training_structures(comm, ensemble, store, structures.id, evaluated, ensemble_);
    }
    auto known = structures.id;
    known.insert(known.end(), ensemble.training_ids().begin(), ensemble.training_ids().end());
    const auto icsd = labels_.read_icsd_numbers(common.data, known);
    const auto leaks = [&] {
      const ScopedPhase phase(record.phases(), "leak check");
      const auto asked = crystals_at(store, evaluated);
      auto found = dataset::find_leaks(comm, crystals_at(reference, trained), asked, icsd ? &*icsd : nullptr,
                                       icsd ? &*icsd : nullptr);
      found.entries_by_table = dataset::count_near_compositions(labels, ensemble.composition_ids(), asked);
      return found;
    }();
    const auto evaluation = [&] {
      const ScopedPhase phase(record.phases(), "evaluate");
      return learn::evaluate(comm, ensemble, structures,
                             dataset::means_at(reference, ensemble.plan().view, trained), device, options_);
    }();

    auto document = report::to_json(evaluation, leaks);
    document["threshold"] = labels.threshold();
    record.counts() = {{"structures", evaluation.structures},
                       {"superionic", evaluation.positive},
                       {"members", ensemble.members()},
                       {"with_a_like_in_training", leaks.entries_of_any_kind},
                       {"with_the_composition_of_a_table_entry", leaks.entries_by_table},
                       {"unfeatured", joined.unfeatured.size()}};
    parallel::on_root(comm, [&] {
      make_folder(folder());
      write_file_atomically(folder() / "evaluation.json",
                            [&](std::ostream& out) { out << document.dump(2) << '\n'; });
      if (common.json) {
        std::cout << document.dump(2) << '\n';
      } else {
        report::print_evaluation(std::cout, evaluation, leaks);
      }
    });
  }

private:
  static std::vector<crystal::Crystal> crystals_at(const store::Reader& store,
                                                   const std::vector<std::uint64_t>& position) {
    std::vector<crystal::Crystal> crystals;
    crystals.reserve(position.size());
    for (const auto p : position) {
      crystals.push_back(store.crystals(p, 1).front());
    }
    return crystals;
  }

  std::string set() const { return !set_.empty() ? set_ : labels_.split.empty() ? "all" : "test"; }

  std::filesystem::path folder() const {
    return out_.empty() ? std::filesystem::path(ensemble_) / ("evaluation-" + set())
                        : std::filesystem::path(out_);
  }

  std::string ensemble_, store_, reference_, set_, out_, device_ = "auto";
  LabelInputs labels_;
  learn::EvaluationOptions options_;
};

} // namespace

std::unique_ptr<Command> make_evaluate() {
  return std::make_unique<Evaluate>();
}

} // namespace ionsift::cli
