// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/log.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/labels/known_compounds.hpp"
#include "ionsift/dataset/pairs/leaks.hpp"
#include "ionsift/dataset/pairs/table_leaks.hpp"
#include "ionsift/learn/validation/crossvalidation.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/report/cost_report.hpp"
#include "ionsift/report/crossvalidation_tables.hpp"
#include "ionsift/store/read/reader.hpp"

#include "command.hpp"
#include "entry_folds.hpp"
#include "given_inputs.hpp"
#include "held_folder.hpp"
#include "inputs.hpp"
#include "presets.hpp"
#include "structure_options.hpp"
#include "unlabelled_inputs.hpp"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <optional>
#include <unordered_map>

namespace ionsift::cli {

namespace {

namespace fs = std::filesystem;

/// Everything that a store holds, for --view all.
std::vector<dataset::View> all_views(const store::Provenance& provenance) {
  std::vector<dataset::View> views;
  for (const auto representation : provenance.representations) {
    for (std::size_t level = 0; level < provenance.levels.size(); ++level) {
      if (provenance.levels[level]) {
        views.push_back({representation, static_cast<int>(level)});
      }
    }
  }
  return views;
}

/// The plan with every member looking at one view.
learn::MemberPlan with_view(learn::MemberPlan plan, const dataset::View& view) {
  plan.view = view;
  for (auto& configuration : plan.configurations) {
    IONSIFT_VALIDATE(std::holds_alternative<learn::AtomSetsConfiguration>(configuration.model), usage,
                     fmt::format("configuration \"{}\" cannot be made to look at {}", configuration.name,
                                 dataset::name_of(view)),
                     "only AtomSets members look at one view", "Leave --view out: the plan runs as it is.");
    configuration.views = {view};
  }
  return plan;
}

/// The plan with so many members of each configuration; 0 leaves it as it is.
learn::MemberPlan with_repeats(learn::MemberPlan plan, int repeats) {
  if (repeats > 0) {
    plan.seeds = repeats;
    for (auto& configuration : plan.configurations) {
      configuration.seeds = 0;
    }
  }
  return plan;
}

class CrossValidate : public Command {
public:
  void declare(OptionTable& table) override {
    table.add("store", "FILE", store_,
              "feature store of the labelled structures; not needed with --by-composition");
    labels_.declare(table);
    table
        .add("set", "NAME", set_,
             "set of the split inside which is validated; 'all' takes every labelled structure")
        .add_switch("by-composition", by_composition_,
                    "validate every labelled entry, with and without a structure, by its composition alone; "
                    "members that need a structure abstain")
        .add("by", "fold|cluster|group|chemistry|year", by_,
             "column of the split, or of the labels, whose structures are left out together; year: train on "
             "what was measured before, validate what came after")
        .add("years", "YEAR,...", years_, "ends of what is trained on, for --by year")
        .add("min-fold", "N", min_fold_, "chemistries with fewer entries are one fold, \"others\"")
        .add("year-tolerance", "SHARE", year_tolerance_,
             "what came after is not validated with atomic fractions this near to what came before")
        .add("fold-column", "NAME", labels_.split_options.fold_column,
             "column of folds in the split; empty: found by name")
        .add("cluster-column", "NAME", labels_.split_options.cluster_column,
             "column of clusters in the split; empty: found by name")
        .add("group-column", "NAME", labels_.split_options.group_column,
             "column of groups in the split; empty: found by name");
    plan_.declare(table, true);
    unlabelled_.declare(table);
    given_.declare(table);
    table
        .add("view", "V,...|all", view_,
             "representations and levels (CAMN:V0,CAMNS:V1) that the plan is run with, one after the other; "
             "empty: the plan as it is")
        .add("repeats", "N", repeats_, "members of each configuration; 0: the plan's seeds")
        .add("start", "PATH", start_,
             "weights to begin with: a folder of pretrain, or a file of maml; empty: fresh ones")
        .add("learning-curve", "SHARE,...", shares_, "shares of the training parts to train on")
        .add("every", "N", options_.every,
             "epochs from one score of the curves to the next; 0: no curves and no best epoch")
        .add("published", "FILE", published_, "CSV of published scores to print beside; empty: none")
        .required("out", "DIR", out_, "folder of the results and of the journal of finished trainings")
        .add_switch(
            "table-entries", table_entries_,
            "train members that look at compositions alone also on labelled entries without a structure, but "
            "for those of the fold")
        .add_switch("overwrite", overwrite_, "forget the journal of another run in that folder")
        .add("draws", "N", options_.resampling.draws, "draws of the bootstrap and of the shuffled control")
        .add("confidence", "SHARE", options_.resampling.confidence, "of the bootstrap intervals")
        .add("seed", "N", options_.seed, "of members, subsets, bootstrap and control")
        .add("device", "auto|cpu|cuda", device_, "where members are trained");
  }

  std::optional<fs::path> run_json() const override { return fs::path(out_) / "run.json"; }
  bool resumes() const override { return true; }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    IONSIFT_VALIDATE(!labels_.split.empty() || by_labels(), usage, "--split is missing",
                     "it defines which structures are left out together",
                     "Give a table made by ionsift split, or --by chemistry or year.");
    options_.resampling.seed = options_.seed;
    options_.device = choose_device(comm, device_, record);
    IONSIFT_VALIDATE(by_composition_ || !store_.empty(), usage, "--store is missing",
                     "it holds the structures that are validated",
                     "Give a feature store, or --by-composition to validate by compositions alone.");
    const auto store =
        by_composition_ ? std::nullopt : std::optional<store::Reader>(find_input(store_, common.data));
    auto content = read_plan(store ? &*store : nullptr, common.data);
    content.given = given_.read(content, common.data, record);
    auto labels = store ? labels_.read_labels(comm, *store, common.data, record)
                        : labels_.read_labels(comm, common.data, record);
    auto split = labels_.read_split(common.data);
    if (split) {
      align_ids(comm, labels, *split, record);
    }
    const auto published = read_published(common.data);

    dataset::JoinReport joined;
    const auto structures = by_composition_
                                ? entries_by_composition(labels, split ? &*split : nullptr, set_, record)
                                : dataset::join(*store, content, labels, split ? &*split : nullptr,
                                                split ? set_ : "all", joined, comm);
    const auto folds = by_labels()
                           ? folds_by_labels(structures, store ? &*store : nullptr, common.data, record)
                           : dataset::make_folds(structures.id, *split, dataset::fold_kind_of(by_));
    note(structures, folds, joined, record);
    note_incomplete(joined, record);
    if (table_entries_) {
      add_table_entries(comm, labels, joined, split ? &*split : nullptr, folds, record);
    } else if (store) {
      say_unused_entries(comm, joined, labels, record);
    }

    options_.unlabelled = unlabelled_.read(comm, common.data, record).set;
    std::optional<learn::StartWeights> start;
    if (!start_.empty()) {
      IONSIFT_VALIDATE(store, usage, "--start and --by-composition do not go together",
                       "members that begin with weights need structures", "Leave one of them out.");
      start = learn::StartWeights::load(find_input(start_, common.data));
      start->require_compatible(store->provenance(), store_);
      options_.start = &*start;
    }

    const auto leaks =
        store ? find_fold_leaks(comm, *store, structures, folds, labels, common.data, record)
              : find_entry_leaks(structures, folds, labels_.read_icsd_numbers(common.data, structures.id),
                                 publications_of(labels), record);
    const HeldFolder held(comm, out_);
    parallel::on_root(comm, [&] { prepare_folder(); });
    const auto run = [&] {
      const ScopedPhase phase(record.phases(), "train");
      return learn::train_folds(comm, structures, folds, options_, fs::path(out_) / "journal");
    }();
    record.counts()["trainings"] = run.finished;
    if (run.interrupted()) {
      leave_interrupted(comm, common, record, run.cost, "trainings",
                        fmt::format("{} of {} trainings are done", run.finished, run.planned));
      return;
    }
    const auto& trainings = run.trainings;
    parallel::on_root(comm, [&] {
      const auto result = [&] {
        const ScopedPhase phase(record.phases(), "score");
        return learn::summarize_folds(trainings, structures, folds, options_);
      }();
      const auto& devices = record.environment()["devices"];
      record.result()["cost"] = report::to_json(run.cost, devices, "trainings");
      record.counts()["diverged"] =
          std::count_if(trainings.begin(), trainings.end(), [](const auto& t) { return t.record.diverged; });
      record.result()["training_seconds"] = total_seconds(trainings);
      const report::CrossValidationDocument document{result, options_, folds,    structures,
                                                     by_,    leaks,    published};
      report::write_crossvalidation(out_, document);
      if (common.json) {
        std::cout << report::to_json(document).dump(1) << '\n';
      } else {
        report::print_crossvalidation(std::cout, document);
        std::cout << fmt::format("this run: {}\n", report::describe(run.cost, devices, "trainings"));
      }
    });
  }

private:
  /// Fills in the trainings; returns the views and descriptors that they need.
  dataset::Content read_plan(const store::Reader* store, const std::string& data) {
    IONSIFT_VALIDATE(store != nullptr || view_.empty(), usage,
                     "--view and --by-composition do not go together", "a view is of structures",
                     "Leave one of them out.");
    const auto views = store == nullptr ? std::vector<dataset::View>() : wanted_views(*store);
    const auto plans = plan_.read_all(data);
    for (const auto& [name, read] : plans) {
      auto plan = with_repeats(read, repeats_);
      if (by_composition_) {
        plan = plan_of_compositions(std::move(plan), name);
      }
      for (const auto& view : views) {
        const auto view_name = dataset::name_of(view);
        options_.variants.push_back(
            {plans.size() == 1 ? view_name : fmt::format("{} {}", name, view_name), with_view(plan, view)});
      }
      if (views.empty()) {
        options_.variants.push_back({name, plan});
      }
    }
    std::vector<learn::MemberPlan*> variants;
    std::ranges::transform(options_.variants, std::back_inserter(variants),
                           [](auto& one) { return &one.plan; });
    unlabelled_.apply(variants);
    options_.shares.clear();
    for (const auto& text : split(shares_, ',')) {
      const auto share = parse_number(trim(text));
      IONSIFT_VALIDATE(share && *share > 0 && *share <= 1, usage,
                       fmt::format("--learning-curve cannot hold '{}'", text),
                       "shares are above 0 and at most 1", "Give for example 0.25,0.5,1.");
      options_.shares.push_back(*share);
    }
    auto content = options_.variants.front().plan.content();
    for (const auto& variant : options_.variants) {
      content.include(variant.plan.content());
    }
    return content;
  }

  std::vector<dataset::View> wanted_views(const store::Reader& store) const {
    if (view_ == "all") {
      return all_views(store.provenance());
    }
    std::vector<dataset::View> views;
    for (const auto& name : split(view_, ',')) {
      views.push_back(dataset::view_of(trim(name)));
    }
    return views;
  }

  std::vector<report::PublishedScore> read_published(const std::string& data) const {
    if (published_.empty() || (by_ != "fold" && by_ != "cluster")) {
      return {};
    }
    return report::read_published(find_input(published_, data), by_ == "fold" ? "kfold" : "loco");
  }

  /// Folds come from columns of the labels, not of a split.
  bool by_labels() const { return by_ == "chemistry" || by_ == "year"; }

  dataset::Folds folds_by_labels(const dataset::FeatureSet& structures, const store::Reader* store,
                                 const std::string& data, RunRecord& record) const {
    const MeasuredEntries entries(structures, labels_.read_measured_when(data, structures.id), store);
    if (by_ == "chemistry") {
      return dataset::folds_by_value(entries.chemistries(), min_fold_);
    }
    std::vector<int> cuts;
    for (const auto& text : ionsift::split(years_, ',')) {
      cuts.push_back(convert<int>("years", std::string(trim(text))));
    }
    return entries.by_year(cuts, year_tolerance_, record);
  }

  void add_table_entries(const parallel::Communicator& comm, const dataset::Labels& labels,
                         const dataset::JoinReport& joined, const dataset::Split* split,
                         const dataset::Folds& folds, RunRecord& record) {
    IONSIFT_VALIDATE(!by_composition_ && !by_labels(), usage,
                     fmt::format("--table-entries does not go with {}",
                                 by_composition_ ? "--by-composition" : "--by " + by_),
                     "entries without a structure are validated there like all others, or belong to no fold",
                     by_composition_ ? "Leave it out." : "Add --by-composition instead.");
    options_.compositions = LabelInputs::read_table_entries(comm, labels, joined, record);
    options_.composition_fold =
        dataset::folds_of(options_.compositions.id, *split, dataset::fold_kind_of(by_), folds);
  }

  void note(const dataset::FeatureSet& structures, const dataset::Folds& folds,
            const dataset::JoinReport& joined, RunRecord& record) const {
    const auto positive = std::count(structures.label.begin(), structures.label.end(), 1);
    const auto never = std::count(folds.of.begin(), folds.of.end(), -1);
    record.counts() = {{"structures", structures.size()},
                       {"superionic", positive},
                       {"folds", folds.size()},
                       {"never_validated", never},
                       {"variants", options_.variants.size()},
                       {"unlabelled", joined.unlabelled.size()},
                       {"unfeatured", joined.unfeatured.size()},
                       {"without_rows", joined.empty.size()}};
    log::info("{} structures, {} superionic, in {} folds by {}; {} in none, which are always trained on",
              structures.size(), positive, folds.size(), by_, never);
  }

  /// What each fold holds that the others, which are trained on, hold too.
  std::vector<dataset::LeakReport> find_fold_leaks(const parallel::Communicator& comm,
                                                   const store::Reader& store,
                                                   const dataset::FeatureSet& structures,
                                                   const dataset::Folds& folds, const dataset::Labels& labels,
                                                   const std::string& data, RunRecord& record) const {
    const ScopedPhase phase(record.phases(), "leak check");
    std::unordered_map<std::string, crystal::Crystal> by_id;
    for (auto& crystal : all_crystals(store)) {
      by_id.emplace(crystal.id, std::move(crystal));
    }
    const auto crystals_at = [&](const std::vector<std::size_t>& positions) {
      std::vector<crystal::Crystal> crystals;
      crystals.reserve(positions.size());
      for (const auto p : positions) {
        crystals.push_back(by_id.at(structures.id[p]));
      }
      return crystals;
    };
    std::vector<dataset::LeakReport> reports;
    auto named = structures.id;
    named.insert(named.end(), options_.compositions.id.begin(), options_.compositions.id.end());
    const auto icsd = labels_.read_icsd_numbers(data, named);
    const auto publications = publications_of(labels);
    const dataset::Identifiers known(icsd ? &*icsd : nullptr, &publications);
    std::uint64_t entries = 0, by_table = 0, publication = 0;
    for (int f = 0; f < static_cast<int>(folds.size()); ++f) {
      const auto validated = crystals_at(folds.validated(f));
      reports.push_back(dataset::find_leaks(comm, crystals_at(folds.trained(f)), validated, known, known));
      reports.back().note_table(
          dataset::find_table_leaks(dataset::entries_of(labels, table_entries_beside(f)),
                                    dataset::entries_of(validated), known, known));
      const auto same_id = reports.back().entries[static_cast<std::size_t>(dataset::LeakKind::id)];
      IONSIFT_VALIDATE(same_id == 0, conflict,
                       fmt::format("{} structures of fold {} are trained on too", same_id,
                                   folds.name[static_cast<std::size_t>(f)]),
                       "a score on them would be worthless", "Make the folds again.");
      entries += reports.back().entries_of_any_kind;
      by_table += reports.back().by_table_of_any_kind;
      publication += reports.back().entries_by(dataset::LeakKind::doi);
    }
    record.counts()["validated_with_a_like_in_training"] = entries;
    record.counts()["validated_with_a_like_among_table_entries"] = by_table;
    record.counts()["validated_with_a_publication_in_training"] = publication;
    log::info(
        "{} validated structures have the ICSD number, the structure or the composition (also apart from "
        "traces) of one that is trained on, {} those of an entry without a structure that is; {} are from "
        "the publication of a structure that is",
        entries, by_table, publication);
    return reports;
  }

  /// Ids of the entries without a structure that are trained on when fold `f` is validated.
  std::vector<std::string> table_entries_beside(int f) const {
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < options_.compositions.size(); ++i) {
      if (options_.composition_fold[i] != f) {
        ids.push_back(options_.compositions.id[i]);
      }
    }
    return ids;
  }

  void prepare_folder() const {
    if (overwrite_) {
      fs::remove_all(fs::path(out_) / "journal");
    }
  }

  static double total_seconds(const std::vector<learn::FoldTraining>& trainings) {
    double seconds = 0;
    for (const auto& training : trainings) {
      seconds += training.seconds;
    }
    return seconds;
  }

  std::string store_, set_ = "train", by_ = "fold", years_, view_, shares_ = "1", start_, published_, out_,
                      device_ = "auto";
  LabelInputs labels_;
  PlanInputs plan_;
  UnlabelledInputs unlabelled_;
  GivenInputs given_;
  int repeats_ = 0;
  bool table_entries_ = false, overwrite_ = false, by_composition_ = false;
  std::uint64_t min_fold_ = 10;
  double year_tolerance_ = 0.05;
  learn::CrossValidationOptions options_;
};

} // namespace

std::unique_ptr<Command> make_crossvalidate() {
  return std::make_unique<CrossValidate>();
}

} // namespace ionsift::cli
