// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/file.hpp"
#include "ionsift/base/json.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/dataset/descriptors/chemistry.hpp"
#include "ionsift/dataset/labels/id_matching.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/report/candidate_cifs.hpp"
#include "ionsift/report/discovery_tables.hpp"
#include "ionsift/report/ranking.hpp"
#include "ionsift/report/screening_tables.hpp"
#include "ionsift/report/workbook.hpp"
#include "ionsift/screen/kinds.hpp"

#include "command.hpp"
#include "given_inputs.hpp"
#include "held_folder.hpp"
#include "inputs.hpp"
#include "screen_tables.hpp"

#include <iostream>
#include <map>
#include <set>

namespace ionsift::cli {

namespace {

class Screen : public Command {
public:
  void declare(OptionTable& table) override {
    given_.declare_tables(table);
    table.required("store", "FILE", store_, "feature store of the candidates")
        .required("reference", "FILE", reference_, "feature store that holds the training structures")
        .required("ensemble", "DIR", ensemble_, "folder of the trained ensemble")
        .required(
            "out", "DIR", out_,
            "folder of candidates.csv, ranking.csv, lists.csv, kinds.csv, predictions.h5, training.csv and "
            "summary.json")
        .add("previous", "FILE", previous_,
             "predictions.h5 of an earlier screening: what has not changed is taken over; empty: the one in "
             "the "
             "folder of --out, if any; none: everything is predicted")
        .add("gap-parent", "FILE", gap_parent_,
             "MEGNet weights that predict band gaps; empty: none are predicted")
        .add("gap-graph", "own|study", gap_graph_, "the gap parent's own graph, or the study's 5 A graph")
        .add_switch("all-gaps", options_.all_gaps,
                    "predict gaps of all structures, not only of those that all other filters keep")
        .add("gaps", "FILE", gaps_, "CSV of known band gaps in eV; they come before predicted ones")
        .add("gap-id-column", "NAME", options_.gap_columns.id, "column of ids there; empty: found by name")
        .add("gap-column", "NAME", options_.gap_columns.value, "column of gaps there; empty: found by name")
        .add("gap-source-column", "NAME", options_.gap_columns.source,
             "column of the source of each gap; empty: found by name")
        .add("hull", "FILE", hull_, "CSV of energies above the convex hull in eV/atom")
        .add("hull-id-column", "NAME", options_.hull_columns.id, "column of ids there; empty: found by name")
        .add("hull-column", "NAME", options_.hull_columns.value,
             "column of energies there; empty: found by name")
        .add("filters", "LIST", filter_list_,
             fmt::format("active filters, out of {}; their order is fixed", screen::listed_filters()))
        .add("min-probability", "P", options_.filters.min_probability,
             "candidates have P_SI >= P, from 0 to 1; 0 ranks all")
        .add("min-band-gap", "EV", options_.filters.min_band_gap, "candidates have a band gap >= EV")
        .add("unknown-gap", "drop|keep", unknown_gap_,
             "what the filter band_gap does with structures whose gap is not known")
        .add("max-hull", "EV", max_hull_,
             "candidates have an energy above the hull <= EV per atom; empty: inactive")
        .add("unknown-hull", "keep|drop", unknown_hull_,
             "what --max-hull does with structures whose energy is not known")
        .add("min-elements", "N", options_.filters.min_elements, "candidates have at least N elements")
        .add("exclude-elements", "LIST", excluded_, "candidates have none of these elements: Fe,Mn")
        .add("require-elements", "LIST", required_, "candidates have all of these elements")
        .add("novelty-tolerance", "SHARE", options_.novelty_tolerance,
             "atomic fractions this near to a training composition make a structure known")
        .add("min-composition-distance", "D", options_.filters.min_composition_distance,
             "candidates have an element-mover distance >= D to every training composition; 0: inactive")
        .add("component-scaling", "study-code|variance", scaling_,
             "how principal components count in d_training")
        .add("chunk", "N", options_.chunk, "structures predicted at once on a rank")
        .add("keep", "N", options_.keep, "the most rows of candidates.csv")
        .add("group", "N", options_.group,
             "of these, the best N are compared, so that the table numbers each structure once; 0: none")
        .add("barriers", "FILE", barriers_, "CSV of ionsift barrier, for the lists; empty: none")
        .add(
            "known", "FILE", known_,
            "CSV of compounds that are known besides those trained on: an id or a composition, and where "
            "there are any conductivity, superionic, reference, first_year; they are not candidates, and are "
            "shown with what was measured; empty: none")
        .add("calibration", "FILE", calibration_,
             "predictions.csv of a crossvalidate run of the same plan, for likely, open and unlikely in the "
             "lists; empty: without these words")
        .add("coverage", "SHARE", coverage_, "of each class, that these words do not contradict")
        .add("list", "N", list_, "candidates in each list of lists.csv: near, far and rule of thumb")
        .add("comments", "N", comments_, "candidates of ranking.csv that get a comment, and of kinds.csv")
        .add("write-cifs", "N", cifs_,
             "candidates whose structures are written to cifs/001_FORMULA.cif, from the files that they were "
             "read from; 0: none")
        .list("structures", "PATH", structures_,
              "where --write-cifs finds the candidates: the inputs of featurize; empty: those that the "
              "run.json "
              "of the store names")
        .add_switch("xlsx", xlsx_,
                    "also write ranking.xlsx: ranking.csv, candidates.csv and lists.csv as sheets of a "
                    "workbook")
        .add("top", "N", top_, "candidates printed at the end")
        .add_switch("wide", wide_,
                    "print them with all columns and whole texts; without, their tables fit 80 columns")
        .add("device", "auto|cpu|cuda", device_, "where predictions are made");
  }

  std::optional<std::filesystem::path> run_json() const override {
    return std::filesystem::path(out_) / "run.json";
  }
  bool resumes() const override { return true; }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    read_choices();
    options_.device = choose_device(comm, device_, record);
    options_.store = find_input(store_, common.data);
    options_.reference = find_input(reference_, common.data);
    options_.ensemble = find_input(ensemble_, common.data);
    options_.predictions = std::filesystem::path(out_) / "predictions.h5";
    options_.finished = summary_file();
    options_.gap_parent = find_optional(gap_parent_, common.data);
    options_.gaps = find_optional(gaps_, common.data);
    options_.hull = find_optional(hull_, common.data);
    screen::ListOptions lists;
    parallel::together(comm, [&] { lists = read_lists(common.data); });
    name_as_stored(comm, options_.store, known_, lists.known);
    options_.known = lists.known;
    parallel::together(comm, [&] { options_.given = read_given(common.data, record); });
    const HeldFolder held(comm, out_);
    if (previous_.empty() && std::filesystem::exists(options_.predictions)) {
      options_.previous = options_.predictions;
    } else if (previous_ != "none") {
      options_.previous = find_optional(previous_, common.data);
    }

    const auto result = screen::screen(comm, options_, record.phases());
    if (result.interrupted) {
      leave_interrupted(comm, common, record, result.cost, "structures",
                        fmt::format("{} structures are judged", result.finished));
      return;
    }
    const auto& reductions = result.reductions;
    record.counts() = {
        {"structures", reductions.funnel.structures},  {"kept", reductions.funnel.kept},
        {"dropped_by", dropped_by(reductions.funnel)}, {"predictions_taken_over", reductions.copied},
        {"gaps_known", reductions.gaps_known},         {"gaps_predicted", reductions.gaps_predicted}};
    const ScopedPhase phase(record.phases(), "write tables");
    report::RankingOptions ranking{options_.predictions, options_.store, result.scale, comments_};
    const auto statuses =
        report::write_ranking(comm, std::filesystem::path(out_) / "ranking.csv", result.measured, ranking);
    record.counts()["statuses"] = statuses;
    write_kinds(comm, result);
    parallel::on_root(comm, [&] {
      if (cifs_ > 0) {
        write_cifs(result.kept, record);
      }
      write(result, lists, statuses, common.json);
    });
  }

private:
  /// What each filter dropped that dropped anything.
  static nlohmann::json dropped_by(const screen::Funnel& funnel) {
    auto counts = nlohmann::json::object();
    for (const auto filter : screen::all_filters) {
      if (const auto dropped = funnel.dropped[static_cast<std::size_t>(filter)]; dropped > 0) {
        counts[std::string(screen::name_of(filter))] = dropped;
      }
    }
    return counts;
  }

  std::filesystem::path summary_file() const { return std::filesystem::path(out_) / "summary.json"; }

  static std::optional<std::filesystem::path> find_optional(const std::string& path,
                                                            const std::string& data) {
    return path.empty() ? std::nullopt : std::optional(find_input(path, data));
  }

  /// Whether an option is the first of two words. @throws Error usage for a third one
  static bool is_first(const std::string& option, const std::string& given, const std::string& first,
                       const std::string& second) {
    IONSIFT_VALIDATE(given == first || given == second, usage,
                     fmt::format("{} cannot be '{}'", option, given),
                     fmt::format("expected {} or {}", first, second), "Give one of these.");
    return given == first;
  }

  /// @throws Error usage for a number that is not a share
  static void require_share(const std::string& option, double value) {
    const bool is_percent = value > 1 && value <= 100;
    IONSIFT_VALIDATE(value >= 0 && value <= 1, usage, fmt::format("{} cannot be {}", option, value),
                     "it is a share from 0 to 1",
                     is_percent ? fmt::format("Did you mean {}?", value / 100)
                                : std::string("Give a number from 0 to 1."));
  }

  /// The descriptors that the ensemble needs besides those of the store.
  std::shared_ptr<const dataset::GivenDescriptors> read_given(const std::string& data,
                                                              RunRecord& record) const {
    const auto manifest = options_.ensemble / "ensemble.json";
    const auto document =
        std::filesystem::exists(manifest) ? parse_json_or_discard(read_file(manifest)) : nlohmann::json();
    return document.is_object() ? given_.read_for(document, data, record) : nullptr; // reported later
  }

  /// Options that are words, lists or numbers with bounds, before any file is opened.
  void read_choices() {
    IONSIFT_VALIDATE(!xlsx_ || report::can_write_workbooks(), usage, "--xlsx cannot be used here",
                     "this program was built without libxlsxwriter",
                     "Leave the option out and open ranking.csv, or build with libxlsxwriter "
                     "(libxlsxwriter-dev).");
    options_.study_gap_graph = !is_first("--gap-graph", gap_graph_, "own", "study");
    require_share("--min-probability", options_.filters.min_probability);
    require_share("--novelty-tolerance", options_.novelty_tolerance);
    require_share("--coverage", coverage_);
    IONSIFT_VALIDATE(options_.filters.min_elements >= 0, usage,
                     fmt::format("--min-elements cannot be {}", options_.filters.min_elements),
                     "it is a number of elements", "Give 0 or more.");
    options_.scaling = dataset::component_scaling_of(scaling_);
    auto& filters = options_.filters;
    screen::choose_filters(filters, filter_list_);
    filters.excluded = screen::parse_elements(excluded_, "--exclude-elements");
    filters.required = screen::parse_elements(required_, "--require-elements");
    filters.keep_unknown_gap = !is_first("--unknown-gap", unknown_gap_, "drop", "keep");
    filters.keep_unknown_hull = is_first("--unknown-hull", unknown_hull_, "keep", "drop");
    if (!max_hull_.empty()) {
      filters.max_hull = convert<double>("max-hull", max_hull_);
      IONSIFT_VALIDATE(!hull_.empty(), usage, "--max-hull needs energies", "no --hull is given",
                       "Give a CSV with energies above the hull.");
    }
  }

  /// Further data of the lists. Every rank reads them, so that an error occurs before the
  /// screening.
  screen::ListOptions read_lists(const std::string& data) const {
    screen::ListOptions options;
    options.length = list_;
    if (!barriers_.empty()) {
      options.paths = read_barriers(find_input(barriers_, data));
    }
    if (!known_.empty()) {
      options.known = dataset::read_known_compounds(find_input(known_, data));
    }
    if (!calibration_.empty()) {
      options.cuts = read_cuts(find_input(calibration_, data), coverage_);
    }
    return options;
  }

  /// The chemistries of all that the ensemble was trained on, with and without a structure.
  std::set<std::string> trained_chemistries(const screen::ScreeningResult& result) const {
    std::set<std::string> chemistries;
    for (const auto& point : result.training) {
      chemistries.insert(dataset::chemistry_of(crystal::Composition::parse(point.formula)));
    }
    for (const auto& formula : result.ensemble.value().composition_formulas()) {
      chemistries.insert(dataset::chemistry_of(crystal::Composition::parse(formula)));
    }
    return chemistries;
  }

  /// kinds.csv: what each kind of member makes of the first candidates, those that get a comment; collective.
  void write_kinds(const parallel::Communicator& comm, const screen::ScreeningResult& result) const {
    std::vector<std::string> ids;
    std::vector<std::uint64_t> structures;
    for (const auto& row : result.kept) {
      if (row.leads() && ids.size() < comments_) {
        ids.push_back(row.id);
        structures.push_back(row.index);
      }
    }
    structures = comm.broadcast(structures);
    const auto kinds = screen::predict_by_kind(comm, result.ensemble.value(), store::Reader(options_.store),
                                               structures, options_.device, options_.given);
    parallel::on_root(comm,
                      [&] { report::write_kinds(std::filesystem::path(out_) / "kinds.csv", ids, kinds); });
  }

  /// Where the structures of the store were read from: from the option, or the record of featurize.
  std::vector<std::filesystem::path> inputs_of_store() const {
    std::vector<std::string> names = structures_;
    const auto record = std::filesystem::path(options_.store).replace_extension(".run.json");
    if (names.empty() && std::filesystem::exists(record)) {
      const auto document = nlohmann::json::parse(read_file(record), nullptr, false);
      const auto inputs = document.is_object() ? document.value("/input/input"_json_pointer, nlohmann::json())
                                               : nlohmann::json();
      for (const auto& input : inputs.is_array() ? inputs : nlohmann::json::array({inputs})) {
        if (input.is_string()) {
          names.push_back(input.get<std::string>());
        }
      }
    }
    return {names.begin(), names.end()};
  }

  void write_cifs(const std::vector<screen::Candidate>& kept, RunRecord& record) const {
    const auto folder = std::filesystem::path(out_) / "cifs";
    const auto cifs = report::write_cifs(folder, kept, cifs_, inputs_of_store());
    record.counts()["cifs_written"] = cifs.written;
    record.counts()["cifs_source_gone"] = cifs.gone.size();
    record.counts()["cifs_source_changed"] = cifs.changed.size();
    if (!cifs.gone.empty()) {
      log::warning("{} of the first {} candidates have no file in {}: what they were read from is not to be "
                   "found (--structures): {}",
                   cifs.gone.size(), cifs.gone.size() + cifs.changed.size() + cifs.written, folder.string(),
                   dataset::list_examples(cifs.gone));
    }
    if (!cifs.changed.empty()) {
      log::warning("{} of the first {} candidates have no file in {}: their source has changed since it was "
                   "featurized: {}",
                   cifs.changed.size(), cifs.gone.size() + cifs.changed.size() + cifs.written,
                   folder.string(), dataset::list_examples(cifs.changed));
    }
  }

  /// What the candidates were judged by, for tables and pages.
  nlohmann::json identity_of_ensemble(const learn::Ensemble& ensemble) const {
    const auto& document = ensemble.manifest();
    const auto labels = document.value("labels", nlohmann::json::object());
    const auto kept = [&](const char* key) {
      return labels.contains(key) ? labels.at(key) : nlohmann::json();
    };
    return {{"sha256", sha256_of_file(options_.ensemble / "ensemble.json")},
            {"structures", ensemble.training_ids().size()},
            {"labels", kept("table")},
            {"unit", kept("unit")},
            {"threshold_S_per_cm", kept("threshold_S_per_cm")}};
  }

  void write_workbook() const {
    const std::filesystem::path folder = out_;
    const auto path = folder / "ranking.xlsx";
    const auto left_out = report::write_workbook(path, {{"ranking", folder / "ranking.csv"},
                                                        {"candidates", folder / "candidates.csv"},
                                                        {"lists", folder / "lists.csv"}});
    if (left_out.front() > 0) {
      log::warning("{} has the first {} rows of ranking.csv, which a spreadsheet can hold, and not the other "
                   "{}",
                   path.string(), report::most_sheet_rows - 1, left_out.front());
    }
  }

  void write(const screen::ScreeningResult& result, screen::ListOptions& list_options,
             const std::map<std::string, std::uint64_t>& statuses, bool json) const {
    const std::filesystem::path folder = out_;
    report::write_candidates(folder / "candidates.csv", result.kept);
    report::write_training(folder / "training.csv", result.training);
    list_options.trained_chemistries = trained_chemistries(result);
    const auto lists = screen::make_lists(screen::PredictionReader(options_.predictions), list_options);
    report::write_lists(folder / "lists.csv", lists);
    auto summary = report::screening_summary(options_, result);
    summary["lists"] = report::to_json(lists, list_options);
    summary["statuses"] = statuses;
    summary["ensemble"] = identity_of_ensemble(result.ensemble.value());
    if (xlsx_) {
      write_workbook();
    }
    // The last of all: a folder without it holds no whole screening.
    write_file_atomically(summary_file(), [&](std::ostream& out) { out << summary.dump(2) << '\n'; });
    if (json) {
      std::cout << summary.dump(2) << '\n';
    } else {
      report::print_screening(std::cout, result, top_, wide_);
      report::print_lists(std::cout, lists, top_, wide_);
    }
  }

  std::string store_, reference_, ensemble_, out_, previous_, gap_parent_,
      gap_graph_ = "own", gaps_, hull_, max_hull_, unknown_hull_ = "keep", unknown_gap_ = "drop";
  std::string excluded_, required_, device_ = "auto", scaling_ = "study-code";
  std::string barriers_, known_, calibration_;
  std::vector<std::string> structures_;
  double coverage_ = 0.9;
  bool wide_ = false, xlsx_ = false;
  std::uint64_t top_ = 10, comments_ = report::RankingOptions().comments, cifs_ = 0,
                list_ = screen::ListOptions().length;
  screen::ScreeningOptions options_;
  GivenInputs given_;
  std::string filter_list_ = screen::chosen_filters(options_.filters);
};

} // namespace

std::unique_ptr<Command> make_screen() {
  return std::make_unique<Screen>();
}

} // namespace ionsift::cli
