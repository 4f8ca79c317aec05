// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/dataset/features/reference.hpp"
#include "ionsift/dataset/pairs/leaks.hpp"
#include "ionsift/dataset/pairs/table_leaks.hpp"
#include "ionsift/learn/ensemble/training_identity.hpp"
#include "ionsift/learn/validation/evaluation.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/report/evaluation_tables.hpp"

#include "command.hpp"
#include "entry_folds.hpp"
#include "given_inputs.hpp"
#include "inputs.hpp"

#include <fmt/format.h>

#include <iostream>
#include <optional>

namespace ionsift::cli {

namespace {

class Evaluate : public Command {
public:
  void declare(OptionTable& table) override {
    table.required("ensemble", "DIR", ensemble_, "folder of the trained ensemble")
        .add("store", "FILE", store_,
             "feature store of the labelled structures; not needed with --by-composition")
        .add("reference", "FILE", reference_,
             "feature store that the ensemble was trained on; empty: --store has its structures too");
    labels_.declare(table);
    given_.declare_tables(table);
    table
        .add("set", "NAME", set_,
             "set of the split to evaluate on, or all; empty: test, or all without a split")
        .add_switch("table-entries", table_entries_,
                    "evaluate labelled entries without a structure too, by their composition alone: members "
                    "that need a structure abstain")
        .add_switch("by-composition", by_composition_,
                    "evaluate every labelled entry of the set, with and without a structure, by its "
                    "composition alone; members that need a structure abstain")
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
    IONSIFT_VALIDATE(by_composition_ || !store_.empty(), usage, "--store is missing",
                     "it holds the structures that are evaluated",
                     "Give a feature store, or --by-composition to evaluate by compositions alone.");
    IONSIFT_VALIDATE(!by_composition_ || !table_entries_, usage,
                     "--table-entries and --by-composition do not go together",
                     "the second takes all entries, with and without a structure", "Leave one of them out.");
    device_binding_ = choose_device(comm, device_, record);
    const auto ensemble = learn::Ensemble::load(find_input(ensemble_, common.data));
    const auto result = by_composition_ ? evaluate_compositions(comm, ensemble, common.data, record)
                                        : evaluate_structures(comm, ensemble, common.data, record);
    parallel::on_root(comm, [&] {
      const auto document = document_of(result);
      make_folder(folder());
      write_file_atomically(folder() / "evaluation.json",
                            [&](std::ostream& out) { out << document.dump(2) << '\n'; });
      if (common.json) {
        std::cout << document.dump(2) << '\n';
      } else {
        print(result);
      }
    });
  }

private:
  /// What was found; without structures where all is judged by compositions.
  struct Result {
    std::optional<learn::Evaluation> structures, together;
    std::optional<learn::EntryEvaluation> entries;
    dataset::LeakReport structure_leaks, entry_leaks;
    double threshold = 0;
  };

  Result evaluate_structures(const parallel::Communicator& comm, const learn::Ensemble& ensemble,
                             const std::string& data, RunRecord& record) const {
    const auto store_path = find_input(store_, data);
    const store::Reader store(store_path);
    store.provenance().require_compatible(ensemble.needs(), store_path.string(), ensemble_);
    const auto labels = labels_.read_labels(comm, store, data, record);
    const auto split = read_split(comm, labels, data, record);
    learn::require_threshold(ensemble, labels.threshold(), ensemble_);
    auto content = ensemble.plan().content();
    content.given = given_.read_for(ensemble.manifest(), data, record);
    dataset::JoinReport joined;
    const auto structures =
        dataset::join(store, content, labels, split ? &*split : nullptr, options_.set, joined, comm);
    note_incomplete(joined, record);
    dataset::FeatureSet entries;
    if (table_entries_) {
      entries = LabelInputs::read_table_entries(comm, labels, joined, record);
    }

    // The training set found again: for leaks, which are looked for before anything is scored, and distances.
    const store::Reader reference(reference_.empty() ? store_path : find_input(reference_, data));
    reference.provenance().require_compatible(ensemble.needs(), reference.path().string(), ensemble_);
    const auto trained = dataset::locate(reference, ensemble.training_ids());
    learn::require_training_structures(comm, ensemble, reference, ensemble.training_ids(), trained,
                                       ensemble_);
    const auto evaluated = dataset::locate(store, structures.id);
    if (!reference_.empty()) {
      learn::require_training_structures(comm, ensemble, store, structures.id, evaluated, ensemble_);
    }

    Result result;
    result.threshold = labels.threshold();
    {
      const ScopedPhase phase(record.phases(), "leak check");
      const LeakInputs inputs(*this, ensemble, labels, structures.id, entries.id, data);
      const auto asked = crystals_at(store, evaluated);
      result.structure_leaks = dataset::find_leaks(comm, crystals_at(reference, trained), asked,
                                                   inputs.trained(), inputs.evaluated());
      result.structure_leaks.note_table(dataset::find_table_leaks(
          inputs.trained_entries, dataset::entries_of(asked), inputs.trained(), inputs.evaluated()));
      if (entries.size() > 0) {
        result.entry_leaks = inputs.leaks_of_entries(dataset::entries_of(labels, entries.id));
      }
    }
    {
      const ScopedPhase phase(record.phases(), "evaluate");
      result.structures = learn::evaluate(comm, ensemble, structures,
                                          dataset::means_at(reference, ensemble.plan().view, trained),
                                          device_binding_, options_);
      if (entries.size() > 0) {
        result.entries = learn::evaluate_entries(comm, ensemble, entries, device_binding_, options_);
        result.together =
            learn::evaluated_together(ensemble, *result.structures, result.entries->scored, options_);
      }
    }
    auto& counts = record.counts();
    counts["structures"] = result.structures->structures;
    counts["superionic"] = result.structures->positive;
    counts["members"] = ensemble.members();
    counts["unfeatured"] = joined.unfeatured.size();
    note(result.structure_leaks, counts);
    counts["with_a_like_among_table_entries"] = result.structure_leaks.by_table_of_any_kind;
    note_entries(result, counts);
    if (!table_entries_) {
      say_entries_left_out(comm, joined, labels, record);
    }
    return result;
  }

  Result evaluate_compositions(const parallel::Communicator& comm, const learn::Ensemble& ensemble,
                               const std::string& data, RunRecord& record) const {
    auto labels = labels_.read_labels(comm, data, record);
    // By the ensemble's ids, so that what was trained on is found whatever it is called here.
    auto trained = ensemble.training_ids();
    trained.insert(trained.end(), ensemble.composition_ids().begin(), ensemble.composition_ids().end());
    labels.rename(dataset::IdMatch(labels.ids(), trained, labels.name(), ensemble_));
    const auto split = read_split(comm, labels, data, record);
    learn::require_threshold(ensemble, labels.threshold(), ensemble_);
    const auto entries = entries_by_composition(labels, split ? &*split : nullptr, options_.set, record);
    Result result;
    result.threshold = labels.threshold();
    {
      const ScopedPhase phase(record.phases(), "leak check");
      const LeakInputs inputs(*this, ensemble, labels, {}, entries.id, data);
      result.entry_leaks = inputs.leaks_of_entries(dataset::entries_of(labels, entries.id));
    }
    {
      const ScopedPhase phase(record.phases(), "evaluate");
      result.entries = learn::evaluate_entries(comm, ensemble, entries, device_binding_, options_);
    }
    record.counts()["members"] = ensemble.members();
    note_entries(result, record.counts());
    return result;
  }

  /// What is compared to find what was trained on, or is from the publication of what was.
  struct LeakInputs {
    std::optional<dataset::IcsdNumbers> icsd;
    dataset::PublicationsById trained_publications, evaluated_publications;
    /// Trained on without a structure, and all that was trained on by its composition.
    std::vector<dataset::TableEntry> trained_entries, all_trained;

    LeakInputs(const Evaluate& command, const learn::Ensemble& ensemble, const dataset::Labels& labels,
               std::vector<std::string> known, const std::vector<std::string>& entries,
               const std::string& data)
        : evaluated_publications(publications_of(labels)) {
      const auto structures = ensemble.training_ids().size();
      const auto measurements = learn::training_measurements(ensemble);
      known.insert(known.end(), entries.begin(), entries.end());
      for (std::size_t i = 0; i < measurements.size(); ++i) {
        const auto& one = measurements[i];
        known.push_back(one.id);
        if (auto dois = dataset::dois_in(one.reference); !dois.empty()) {
          trained_publications.emplace(one.id, std::move(dois));
        }
        // Older ensembles without formulas: the table's entries for their ids.
        auto composition =
            one.formula.empty() ? labels.composition_of(one.id) : crystal::Composition::parse(one.formula);
        if (!composition) {
          continue;
        }
        if (i >= structures) {
          trained_entries.push_back({one.id, *composition});
        }
        all_trained.push_back({one.id, std::move(*composition)});
      }
      icsd = command.labels_.read_icsd_numbers(data, known);
    }

    dataset::Identifiers trained() const { return {icsd ? &*icsd : nullptr, &trained_publications}; }
    dataset::Identifiers evaluated() const { return {icsd ? &*icsd : nullptr, &evaluated_publications}; }
    dataset::LeakReport leaks_of_entries(const std::vector<dataset::TableEntry>& entries) const {
      return dataset::find_table_leaks(all_trained, entries, trained(), evaluated());
    }
  };

  std::optional<dataset::Split> read_split(const parallel::Communicator& comm, const dataset::Labels& labels,
                                           const std::string& data, RunRecord& record) const {
    auto split = labels_.read_split(data);
    if (split) {
      align_ids(comm, labels, *split, record);
    }
    return split;
  }

  static void note(const dataset::LeakReport& leaks, nlohmann::json& counts) {
    counts["with_a_like_in_training"] = leaks.entries_of_any_kind;
    counts["with_a_publication_in_training"] = leaks.entries_by(dataset::LeakKind::doi);
  }

  static void note_entries(const Result& result, nlohmann::json& counts) {
    if (!result.entries) {
      return;
    }
    const auto& entries = *result.entries;
    counts["entries_by_composition"] = entries.scored.structures;
    counts["entries_superionic"] = entries.scored.positive;
    counts["members_judging_entries"] = entries.judging;
    counts["members_abstaining_from_entries"] = entries.abstaining;
    counts["entries_with_a_like_in_training"] = result.entry_leaks.entries_of_any_kind;
    counts["entries_with_a_publication_in_training"] = result.entry_leaks.entries_by(dataset::LeakKind::doi);
  }

  static void say_entries_left_out(const parallel::Communicator& comm, const dataset::JoinReport& joined,
                                   const dataset::Labels& labels, RunRecord& record) {
    const auto entries = dataset::entries_of(labels, joined.unfeatured).size();
    if (entries > 0) {
      say(comm, record,
          {true, fmt::format("{} labelled entries of the set have no structure and are not evaluated; "
                             "--table-entries evaluates the {} that have a composition",
                             joined.unfeatured.size(), entries)});
    }
  }

  static nlohmann::json document_of(const Result& result) {
    nlohmann::json document;
    if (result.structures) {
      document = report::to_json(*result.structures, result.structure_leaks);
      if (result.entries) {
        document["table_entries"] = report::to_json(*result.entries, result.entry_leaks);
        document["together"] = report::scores_json(*result.together);
      }
    } else {
      document = report::to_json(*result.entries, result.entry_leaks);
    }
    document["threshold"] = result.threshold;
    return document;
  }

  static void print(const Result& result) {
    if (result.structures) {
      report::print_evaluation(std::cout, *result.structures, result.structure_leaks);
    }
    if (result.entries) {
      std::cout << (result.structures ? "\n" : "");
      report::print_evaluation(std::cout, *result.entries, result.entry_leaks);
    }
    if (result.together) {
      std::cout << fmt::format("\nboth together: {} entries, {} superionic\n\n", result.together->structures,
                               result.together->positive);
      report::print_scores(std::cout, *result.together);
    }
  }

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
  GivenInputs given_;
  parallel::DeviceBinding device_binding_;
  bool table_entries_ = false, by_composition_ = false;
};

} // namespace

std::unique_ptr<Command> make_evaluate() {
  return std::make_unique<Evaluate>();
}

} // namespace ionsift::cli
