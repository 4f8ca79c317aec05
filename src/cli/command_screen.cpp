#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/atomistic.hpp"
#include "ionsift/dataset/chemistry.hpp"
#include "ionsift/dataset/lithium_paths.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/report/discovery_lists.hpp"
#include "ionsift/report/screening_tables.hpp"

#include "command.hpp"
#include "held_folder.hpp"
#include "inputs.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <iostream>
#include <set>

namespace ionsift::cli {

namespace {

class Screen : public Command {
public:
  void declare(OptionTable& table) override {
    table.required("store", "FILE", store_, "feature store of the candidates")
        .required("reference", "FILE", reference_, "feature store that holds the training structures")
        .required("ensemble", "DIR", ensemble_, "folder of the trained ensemble")
        .required("out", "DIR", out_,
                  "folder of candidates.csv, lists.csv, predictions.h5, training.csv and summary.json")
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
             "column that says where each gap is from; empty: found by name")
        .add("hull", "FILE", hull_, "CSV of energies above the convex hull in eV/atom")
        .add("hull-id-column", "NAME", options_.hull_columns.id, "column of ids there; empty: found by name")
        .add("hull-column", "NAME", options_.hull_columns.value,
             "column of energies there; empty: found by name")
        .add("filters", "LIST", filter_list_,
             "filters that are asked, of probability, intermetallic, metallic, hydrogen, redox_metals, "
             "radioactive, toxic, scarce, novelty, band_gap; the order is fixed")
        .add("min-probability", "P", options_.filters.min_probability, "candidates have P_SI >= P")
        .add("min-band-gap", "EV", options_.filters.min_band_gap, "candidates have a band gap >= EV")
        .add("max-hull", "EV", max_hull_,
             "candidates have an energy above the hull <= EV per atom; empty: not asked")
        .add("unknown-hull", "keep|drop", unknown_hull_,
             "what --max-hull does with structures whose energy is not known")
        .add("min-elements", "N", options_.filters.min_elements, "candidates have at least N elements")
        .add("exclude-elements", "LIST", excluded_, "candidates have none of these elements: Fe,Mn")
        .add("require-elements", "LIST", required_, "candidates have all of these elements")
        .add("novelty-tolerance", "SHARE", options_.novelty_tolerance,
             "atomic fractions this near to a training composition make a structure known")
        .add("min-composition-distance", "D", options_.filters.min_composition_distance,
             "candidates have an element-mover distance >= D to every training composition; 0: not asked")
        .add("component-scaling", "study-code|variance", scaling_,
             "how principal components count in d_training")
        .add("chunk", "N", options_.chunk, "structures predicted at once on a rank")
        .add("keep", "N", options_.keep, "the most rows of candidates.csv")
        .add("group", "N", options_.group,
             "of these, the best N are compared, so that the table numbers each structure once; 0: none")
        .add("barriers", "FILE", barriers_, "CSV of ionsift barrier, for the lists; empty: none")
        .add("known", "FILE", known_,
             "CSV of what is known of candidates (id, superionic, log10_conductivity, first_year), shown in "
             "the "
             "lists; empty: none")
        .add("calibration", "FILE", calibration_,
             "predictions.csv of a crossvalidate run of the same plan, for likely, open and unlikely in the "
             "lists; empty: without these words")
        .add("coverage", "SHARE", coverage_, "of each class, that these words do not contradict")
        .add("list", "N", list_, "candidates in each list of lists.csv: near, far and rule of thumb")
        .add("top", "N", top_, "candidates printed at the end")
        .add("device", "auto|cpu|cuda", device_, "where predictions are made");
  }

  std::optional<std::filesystem::path> run_json() const override {
    return std::filesystem::path(out_) / "run.json";
  }
  bool resumes() const override { return true; }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    options_.device = choose_device(comm, device_, record);
    options_.store = find_input(store_, common.data);
    options_.reference = find_input(reference_, common.data);
    options_.ensemble = find_input(ensemble_, common.data);
    options_.predictions = std::filesystem::path(out_) / "predictions.h5";
    options_.finished = summary_file();
    options_.gap_parent = find_optional(gap_parent_, common.data);
    options_.gaps = find_optional(gaps_, common.data);
    options_.hull = find_optional(hull_, common.data);
    read_choices();
    screen::ListOptions lists;
    parallel::together(comm, [&] { lists = read_lists(common.data); });
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
    record.counts() = {{"structures", reductions.funnel.structures},
                       {"kept", reductions.funnel.kept},
                       {"predictions_taken_over", reductions.copied},
                       {"gaps_known", reductions.gaps_known},
                       {"gaps_predicted", reductions.gaps_predicted}};
    const ScopedPhase phase(record.phases(), "write tables");
    parallel::on_root(comm, [&] { write(result, lists, common.json); });
  }

private:
  std::filesystem::path summary_file() const { return std::filesystem::path(out_) / "summary.json"; }

  static std::optional<std::filesystem::path> find_optional(const std::string& path,
                                                            const std::string& data) {
    return path.empty() ? std::nullopt : std::optional(find_input(path, data));
  }

  /// Options that are words or lists.
  void read_choices() {
    IONSIFT_VALIDATE(gap_graph_ == "own" || gap_graph_ == "study", usage,
                     fmt::format("--gap-graph cannot be '{}'", gap_graph_), "expected own or study",
                     "Give one of these.");
    options_.study_gap_graph = gap_graph_ == "study";
    options_.scaling = dataset::component_scaling_of(scaling_);
    auto& filters = options_.filters;
    screen::choose_filters(filters, filter_list_);
    filters.excluded = screen::parse_elements(excluded_, "--exclude-elements");
    filters.required = screen::parse_elements(required_, "--require-elements");
    IONSIFT_VALIDATE(unknown_hull_ == "keep" || unknown_hull_ == "drop", usage,
                     fmt::format("--unknown-hull cannot be '{}'", unknown_hull_), "expected keep or drop",
                     "Give one of these.");
    filters.keep_unknown_hull = unknown_hull_ == "keep";
    if (!max_hull_.empty()) {
      filters.max_hull = convert<double>("max-hull", max_hull_);
      IONSIFT_VALIDATE(options_.hull, usage, "--max-hull needs energies", "no --hull is given",
                       "Give a CSV with energies above the hull.");
    }
  }

  /// What the lists show beside the predictions. Every rank reads it, so that a fault is one before the
  /// screening.
  screen::ListOptions read_lists(const std::string& data) const {
    screen::ListOptions options;
    options.length = list_;
    if (!barriers_.empty()) {
      options.paths = read_paths(find_input(barriers_, data));
    }
    if (!known_.empty()) {
      options.known = dataset::read_known_compounds(find_input(known_, data));
    }
    if (!calibration_.empty()) {
      options.cuts = read_cuts(find_input(calibration_, data));
    }
    return options;
  }

  static std::unordered_map<std::string, screen::PathValues> read_paths(const std::filesystem::path& path) {
    const auto table = dataset::FeatureTable::read(path);
    screen::PathValues nothing;
    nothing.fill(screen::Candidate::unknown);
    std::array<std::size_t, nothing.size()> column{};
    for (std::size_t i = 0; i < column.size(); ++i) {
      const auto name = dataset::lithium_path_names[i];
      column[i] = static_cast<std::size_t>(std::ranges::find(table.names, name) - table.names.begin());
      IONSIFT_VALIDATE(
          column[i] < table.names.size(), missing, fmt::format("{} has no column {}", path.string(), name),
          fmt::format("its columns are {}", fmt::join(table.names, ", ")), "Make it with ionsift barrier.");
    }
    std::unordered_map<std::string, screen::PathValues> paths;
    for (std::size_t row = 0; row < table.ids.size(); ++row) {
      auto& values = paths.emplace(table.ids[row], nothing).first->second;
      for (std::size_t i = 0; i < column.size(); ++i) {
        values[i] = table.values[row][column[i]];
      }
    }
    return paths;
  }

  /// Of the first variant that the file has.
  learn::ConformalCuts read_cuts(const std::filesystem::path& path) const {
    const auto table = CsvTable::read(path);
    const auto variant = table.column("variant"), label = table.column("label"),
               probability = table.column("P_SI");
    std::vector<int> labels;
    std::vector<double> probabilities;
    for (std::size_t row = 0; row < table.size(); ++row) {
      const auto value = parse_number(trim(table.cell(row, probability)));
      if (value && table.cell(row, variant) == table.cell(0, variant)) {
        labels.push_back(trim(table.cell(row, label)) == "1" ? 1 : 0);
        probabilities.push_back(*value);
      }
    }
    return learn::conformal_cuts(labels, probabilities, coverage_);
  }

  /// The chemistries of all that the ensemble was trained on, with and without a structure.
  std::set<std::string> trained_chemistries(const screen::ScreeningResult& result) const {
    std::set<std::string> chemistries;
    for (const auto& point : result.training) {
      chemistries.insert(dataset::chemistry_of(crystal::Composition::parse(point.formula)));
    }
    for (const auto& formula : learn::Ensemble::load(options_.ensemble).composition_formulas()) {
      chemistries.insert(dataset::chemistry_of(crystal::Composition::parse(formula)));
    }
    return chemistries;
  }

  void write(const screen::ScreeningResult& result, screen::ListOptions& list_options, bool json) const {
    const std::filesystem::path folder = out_;
    report::write_candidates(folder / "candidates.csv", result.kept);
    report::write_training(folder / "training.csv", result.training);
    list_options.trained_chemistries = trained_chemistries(result);
    const auto lists = screen::make_lists(screen::PredictionReader(options_.predictions), list_options);
    report::write_lists(folder / "lists.csv", lists);
    auto summary = report::screening_summary(options_, result);
    summary["lists"] = report::to_json(lists, list_options);
    // The last of the three: a folder without it holds no whole screening.
    write_file_atomically(summary_file(), [&](std::ostream& out) { out << summary.dump(2) << '\n'; });
    if (json) {
      std::cout << summary.dump(2) << '\n';
    } else {
      report::print_screening(std::cout, result, top_);
      report::print_lists(std::cout, lists, top_);
    }
  }

  std::string store_, reference_, ensemble_, out_, previous_, gap_parent_, gap_graph_ = "own", gaps_, hull_,
                                                                           max_hull_, unknown_hull_ = "keep";
  std::string excluded_, required_, device_ = "auto", scaling_ = "study-code";
  std::string barriers_, known_, calibration_;
  double coverage_ = 0.9;
  std::uint64_t top_ = 10, list_ = screen::ListOptions().length;
  screen::ScreeningOptions options_;
  std::string filter_list_ = screen::chosen_filters(options_.filters);
};

} // namespace

std::unique_ptr<Command> make_screen() {
  return std::make_unique<Screen>();
}

} // namespace ionsift::cli
