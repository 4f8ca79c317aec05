// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/features/reference.hpp"
#include "ionsift/dataset/labels/known_compounds.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/report/cost_report.hpp"
#include "ionsift/report/recovery_tables.hpp"
#include "ionsift/screen/property_table.hpp"

#include "command.hpp"
#include "held_folder.hpp"
#include "inputs.hpp"
#include "presets.hpp"
#include "unlabelled_inputs.hpp"

#include <algorithm>
#include <iostream>
#include <numeric>
#include <set>

namespace ionsift::cli {

namespace {

namespace fs = std::filesystem;

constexpr screen::Property barrier_property = {
    "barrier", "barrier_3d,barrier_eV,barrier", "", "--barrier-column", "eV", 0};

/// Labels with and without a structure, and when and of what each is.
struct LabelledEntries {
  dataset::FeatureSet structures, compositions;
  std::vector<crystal::Composition> structure_composition, entry_composition;
  std::vector<dataset::MeasuredWhen> structure_when, entry_when;
};

class Recover : public Command {
public:
  void declare(OptionTable& table) override {
    table.required("store", "FILE", store_, "feature store of the labelled structures");
    labels_.declare(table);
    table.add("set", "NAME", set_, "set of the split to train on; 'all' takes every label");
    plan_.declare(table);
    unlabelled_.declare(table);
    table.required("candidates", "FILE", candidates_, "feature store of the candidates")
        .required("known", "FILE", known_,
                  "CSV of what is known of candidates by now: id, superionic, first_year, "
                  "first_superionic_year, chemistry")
        .add("years", "YEAR,...", years_, "train on what was published until then; empty: none")
        .add("chemistries", "NAME,...|all", chemistries_,
             "train without these values of the column chemistry, one after the other; all: every one of "
             "which "
             "the known compounds have a superionic member; empty: none")
        .add("barriers", "FILE", barriers_, "CSV of barriers, as ionsift barrier writes it; empty: none")
        .add("barrier-column", "NAME", barrier_columns_.value, "column of barriers there; empty: barrier_3d")
        .add("novelty-tolerance", "SHARE", tolerance_,
             "atomic fractions this near to a composition that was trained on make a candidate known")
        .add("list", "N", list_, "candidates of each ranking in lists.csv")
        .required("out", "DIR", out_, "folder of recovery.json, found.csv, lists.csv and the ensembles")
        .add("seed", "N", seed_, "of members and intervals")
        .add("draws", "N", resampling_.draws, "draws of the bootstrap of average precision")
        .add("confidence", "SHARE", resampling_.confidence, "of the intervals")
        .add("device", "auto|cpu|cuda", device_, "where members are trained and predict")
        .add_switch("overwrite", overwrite_, "replace ensembles in the folder that were trained otherwise")
        .only_with({"barriers"}, {"barrier-column"});
  }

  std::optional<fs::path> run_json() const override { return fs::path(out_) / "run.json"; }

  bool resumes() const override { return true; }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    resampling_.seed = seed_;
    const auto device = choose_device(comm, device_, record);
    auto plan = plan_.read(common.data);
    unlabelled_.apply({&plan});
    const store::Reader store(find_input(store_, common.data));
    const store::Reader candidates(find_input(candidates_, common.data));
    const auto entries = read_entries(comm, store, plan, common.data, record);
    const auto known = dataset::read_known_compounds(find_input(known_, common.data), true);
    const auto barriers = read_barriers(common.data);
    const auto scenarios = read_scenarios(known);
    const auto pool = screen::pool_candidates(candidates);
    record.counts()["candidates"] = candidates.size();
    record.counts()["intermetallic"] = pool.intermetallic;
    record.counts()["without_an_anion"] = pool.without_anion;
    record.counts()["compositions"] = pool.compositions.size();
    log::info(
        "{} candidates: {} intermetallic and {} without an anion former left out, {} compositions ranked",
        candidates.size(), pool.intermetallic, pool.without_anion, pool.compositions.size());

    const auto features = [&] {
      const ScopedPhase phase(record.phases(), "read candidates");
      return screen::read_candidates(comm, candidates, pool, plan.content());
    }();

    const auto unlabelled = unlabelled_.read(comm, common.data, record);
    const HeldFolder held(comm, out_);
    report::LookingBack back;
    back.trained_on = fmt::format("plan {}, labels {}", plan_.preset.empty() ? plan_.members : plan_.preset,
                                  labels_.names());
    for (const auto& scenario : scenarios) {
      learn::TrainOptions options;
      options.plan = plan;
      options.unlabelled = unlabelled.set;
      options.unlabelled_facts = unlabelled.facts;
      options.seed = seed_;
      options.device = device;
      options.provenance = store.provenance();
      const auto train = training_part(scenario, entries, options.compositions);
      const auto folder = fs::path(out_) / scenario.name;
      if (!is_trained(comm, folder, learn::training_fingerprint(train.structures, options))) {
        const auto trained =
            learn::train_ensemble(comm, train.structures, options, folder, overwrite_, record.phases());
        if (trained.interrupted()) {
          leave_interrupted(comm, common, record, trained.cost, "members",
                            fmt::format("{} of {} members of {} are trained", trained.members.size(),
                                        trained.planned, scenario.name));
          return;
        }
      }
      const ScopedPhase phase(record.phases(), "rank");
      const auto ensemble = learn::Ensemble::load(folder);
      auto rankings = screen::rank_by_ensemble(comm, features, pool, ensemble, device);
      auto nearest = screen::rank_by_nearest(comm, pool, train.compositions, train.label);
      parallel::on_root(comm, [&] {
        back.scenarios.push_back(
            look_back(scenario, pool, known, barriers, train, std::move(rankings), std::move(nearest)));
      });
    }
    parallel::on_root(comm, [&] { write(back, pool, common.json, record); });
  }

private:
  /// Whether an earlier run of the same command has trained the ensemble of a scenario. Otherwise notes in
  /// the folder, before the first member is trained, what is trained there. Collective.
  bool is_trained(const parallel::Communicator& comm, const fs::path& folder,
                  const std::string& fingerprint) const {
    const auto manifest = folder / "ensemble.json";
    const auto note = folder / "training.txt";
    std::uint64_t trained = 0;
    parallel::on_root(comm, [&] {
      if (fs::exists(manifest) && fs::exists(note) && trim(read_file(note)) == fingerprint) {
        log::info("{} was trained by an earlier run", folder.string());
        trained = 1;
      } else if (overwrite_ || !fs::exists(manifest)) {
        fs::remove(manifest); // it is not what the note describes
        make_folder(folder);
        write_file_atomically(note, [&](std::ostream& out) { out << fingerprint << '\n'; });
      }
    });
    return comm.all_reduce(trained, parallel::Reduction::max) == 1;
  }

  /// What a scenario trains on, with and without structure.
  struct TrainingPart {
    dataset::FeatureSet structures;
    std::vector<crystal::Composition> compositions;
    std::vector<int> label;
  };

  LabelledEntries read_entries(const parallel::Communicator& comm, const store::Reader& store,
                               const learn::MemberPlan& plan, const std::string& data,
                               RunRecord& record) const {
    auto labels = labels_.read_labels(comm, store, data, record);
    auto split = labels_.read_split(data);
    if (split) {
      align_ids(comm, labels, *split, record);
    }
    dataset::JoinReport joined;
    LabelledEntries entries;
    entries.structures = dataset::join(store, plan.content(), labels, split ? &*split : nullptr,
                                       split ? set_ : "all", joined, comm);
    if (!labels.composition_column().empty()) {
      entries.compositions = LabelInputs::read_table_entries(comm, labels, joined, record);
    }
    auto known = entries.structures.id;
    known.insert(known.end(), entries.compositions.id.begin(), entries.compositions.id.end());
    const auto when = labels_.read_measured_when(data, known);
    const auto find_when = [&](const std::string& id) {
      const auto found = when.find(id);
      return found == when.end() ? dataset::MeasuredWhen{} : found->second;
    };
    std::size_t undated = 0;
    const auto positions = dataset::locate(store, entries.structures.id);
    for (std::size_t i = 0; i < positions.size(); ++i) {
      entries.structure_composition.push_back(store.crystals(positions[i], 1).front().composition());
      entries.structure_when.push_back(find_when(entries.structures.id[i]));
      undated += entries.structure_when.back().year == 0 ? 1U : 0U;
    }
    for (std::size_t i = 0; i < entries.compositions.size(); ++i) {
      entries.entry_composition.push_back(crystal::Composition::parse(entries.compositions.formula[i]));
      entries.entry_when.push_back(find_when(entries.compositions.id[i]));
      undated += entries.entry_when.back().year == 0 ? 1U : 0U;
    }
    record.counts()["structures"] = entries.structures.size();
    record.counts()["labels_without_a_year"] = undated;
    if (undated > 0 && !years_.empty()) {
      log::warning("{} labels have no year and are not trained on when --years is given", undated);
    }
    return entries;
  }

  std::unordered_map<std::string, double> read_barriers(const std::string& data) const {
    std::unordered_map<std::string, double> barriers;
    if (!barriers_.empty()) {
      for (const auto& [id, value] :
           screen::read_property(find_input(barriers_, data), barrier_property, barrier_columns_)) {
        barriers.emplace(id, value.value);
      }
    }
    return barriers;
  }

  std::vector<screen::Scenario>
  read_scenarios(const std::unordered_map<std::string, dataset::KnownCompound>& known) const {
    std::vector<screen::Scenario> scenarios;
    for (const auto& text : split(years_, ',')) {
      const int year = convert<int>("years", std::string(trim(text)));
      IONSIFT_VALIDATE(year > 0, usage, fmt::format("{} is not a year", year), "years are positive",
                       "Give for example 2010.");
      scenarios.push_back({std::to_string(year), year, ""});
    }
    std::set<std::string> chemistries;
    if (chemistries_ == "all") {
      for (const auto& [id, compound] : known) {
        if (compound.superionic && !compound.chemistry.empty()) {
          chemistries.insert(compound.chemistry);
        }
      }
    } else {
      for (const auto& text : split(chemistries_, ',')) {
        chemistries.insert(std::string(trim(text)));
      }
    }
    for (const auto& chemistry : chemistries) {
      const bool any = std::ranges::any_of(
          known, [&](const auto& one) { return one.second.superionic && one.second.chemistry == chemistry; });
      IONSIFT_VALIDATE(any, usage,
                       fmt::format("no known superionic compound is of the chemistry {}", chemistry),
                       fmt::format("{} has none", known_), "Choose another, or all.");
      std::string name = chemistry;
      std::ranges::replace(name, '*', 'x'); // a folder has this name
      scenarios.push_back({name, 0, chemistry});
    }
    IONSIFT_VALIDATE(!scenarios.empty(), usage, "it is not clear what to look back at",
                     "neither --years nor --chemistries is given", "Give for example --years 2010,2015.");
    return scenarios;
  }

  static TrainingPart training_part(const screen::Scenario& scenario, const LabelledEntries& entries,
                                    dataset::FeatureSet& compositions) {
    const auto chosen = [&](const std::vector<dataset::MeasuredWhen>& when) {
      std::vector<std::size_t> positions;
      for (std::size_t i = 0; i < when.size(); ++i) {
        if (scenario.trains_on(when[i])) {
          positions.push_back(i);
        }
      }
      return positions;
    };
    TrainingPart part;
    const auto structures = chosen(entries.structure_when), others = chosen(entries.entry_when);
    part.structures = entries.structures.select(structures);
    compositions = entries.compositions.select(others);
    for (const auto i : structures) {
      part.compositions.push_back(entries.structure_composition[i]);
      part.label.push_back(entries.structures.label[i]);
    }
    for (const auto i : others) {
      part.compositions.push_back(entries.entry_composition[i]);
      part.label.push_back(entries.compositions.label[i]);
    }
    const auto superionic = std::ranges::count(part.structures.label, 1);
    IONSIFT_VALIDATE(superionic > 0 && superionic < static_cast<std::ptrdiff_t>(part.structures.size()), data,
                     fmt::format("{}: {} of {} structures to train on are superionic", scenario.name,
                                 superionic, part.structures.size()),
                     "both classes are needed", "Choose a later year, or another chemistry.");
    return part;
  }

  screen::ScenarioResult look_back(const screen::Scenario& scenario, const screen::CandidatePool& pool,
                                   const std::unordered_map<std::string, dataset::KnownCompound>& known,
                                   const std::unordered_map<std::string, double>& barriers,
                                   const TrainingPart& train, std::vector<screen::Ranking> rankings,
                                   screen::Ranking nearest) const {
    const auto probability = rankings.front();
    rankings.push_back(std::move(nearest));
    rankings.push_back(screen::rank_by_rule(pool));
    if (!barriers.empty()) {
      const auto rule = rankings.back();
      const auto barrier = screen::rank_by_barrier(pool, barriers);
      rankings.push_back(barrier);
      rankings.push_back(screen::mean_of_ranks("P_SI and barrier", {probability, barrier}));
      rankings.push_back(screen::mean_of_ranks("P_SI and rule", {probability, rule}));
      rankings.push_back(screen::mean_of_ranks("barrier and rule", {barrier, rule}));
      rankings.push_back(screen::mean_of_ranks("P_SI, barrier and rule", {probability, barrier, rule}));
    }
    auto result = screen::look_back(scenario, pool, known, train.compositions, tolerance_,
                                    std::move(rankings), resampling_);
    result.trained_superionic = static_cast<std::size_t>(std::ranges::count(train.label, 1));
    if (result.results.empty()) {
      log::warning("{}: no candidate was found superionic later; there is nothing to recover", scenario.name);
    }
    return result;
  }

  void write(report::LookingBack& back, const screen::CandidatePool& pool, bool json,
             RunRecord& record) const {
    std::vector<std::vector<screen::Recovery>> by_ranking;
    for (const auto& result : back.scenarios) {
      for (std::size_t r = 0; result.scenario.year == 0 && r < result.results.size(); ++r) {
        by_ranking.resize(std::max(by_ranking.size(), r + 1));
        by_ranking[r].push_back(result.results[r].recovery);
      }
    }
    for (std::size_t r = 0; r < by_ranking.size() && by_ranking[r].size() > 1; ++r) {
      back.pooled.push_back(
          {back.scenarios.front().rankings[r].name, screen::pooled(by_ranking[r], resampling_)});
    }
    const fs::path folder = out_;
    report::write_found(folder / "found.csv", back, pool);
    report::write_lists(folder / "lists.csv", back, pool, list_);
    const auto document = report::to_json(back);
    write_file_atomically(folder / "recovery.json",
                          [&](std::ostream& out) { out << document.dump(2) << '\n'; });
    record.counts()["scenarios"] = back.scenarios.size();
    if (json) {
      std::cout << document.dump(2) << '\n';
    } else {
      report::print_recovery(std::cout, back);
    }
  }

  std::string store_, set_ = "train", candidates_, known_, years_, chemistries_, barriers_, out_,
                      device_ = "auto";
  LabelInputs labels_;
  PlanInputs plan_;
  UnlabelledInputs unlabelled_;
  screen::PropertyColumns barrier_columns_;
  learn::Resampling resampling_;
  double tolerance_ = 0.02;
  std::uint64_t seed_ = 1, list_ = 100;
  bool overwrite_ = false;
};

} // namespace

std::unique_ptr<Command> make_recover() {
  return std::make_unique<Recover>();
}

} // namespace ionsift::cli
