#include "ionsift/base/file.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/report/screening_tables.hpp"

#include "command.hpp"
#include "inputs.hpp"

#include <iostream>

namespace ionsift::cli {

namespace {

class Screen : public Command {
public:
  void declare(OptionTable& table) override {
    table.required("store", "FILE", store_, "feature store of the candidates")
        .required("reference", "FILE", reference_, "feature store that holds the training structures")
        .required("ensemble", "DIR", ensemble_, "folder of the trained ensemble")
        .required("out", "DIR", out_, "folder of candidates.csv, predictions.h5 and summary.json")
        .add("gap-parent", "FILE", gap_parent_,
             "MEGNet weights that predict band gaps; empty: none are predicted")
        .add("gap-graph", "own|study", gap_graph_, "the gap parent's own graph, or the study's 5 A graph")
        .add("gaps", "FILE", gaps_, "CSV of known band gaps in eV; they come before predicted ones")
        .add("gap-id-column", "NAME", options_.gap_options.id_column,
             "column of ids there; empty: found by name")
        .add("gap-column", "NAME", options_.gap_options.gap_column,
             "column of gaps there; empty: found by name")
        .add("gap-source-column", "NAME", options_.gap_options.source_column,
             "column that says where each gap is from; empty: found by name")
        .add("min-probability", "P", options_.min_probability, "candidates have P_SI >= P")
        .add("min-band-gap", "EV", options_.min_band_gap, "candidates have a band gap >= EV")
        .add("novelty-tolerance", "SHARE", options_.novelty_tolerance,
             "atomic fractions this near to a training composition make a structure known")
        .add("component-scaling", "study-code|variance", scaling_,
             "how principal components count in d_training")
        .add("chunk", "N", options_.chunk, "structures predicted at once on a rank")
        .add("top", "N", top_, "candidates printed at the end")
        .add("device", "auto|cpu|cuda", device_, "where predictions are made");
  }

  std::optional<std::filesystem::path> run_json() const override {
    return std::filesystem::path(out_) / "run.json";
  }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    options_.device = choose_device(comm, device_, record);
    options_.store = find_input(store_, common.data);
    options_.reference = find_input(reference_, common.data);
    options_.ensemble = find_input(ensemble_, common.data);
    if (!gap_parent_.empty()) {
      options_.gap_parent = find_input(gap_parent_, common.data);
    }
    if (!gaps_.empty()) {
      options_.gaps = find_input(gaps_, common.data);
    }
    IONSIFT_VALIDATE(gap_graph_ == "own" || gap_graph_ == "study", usage,
                     fmt::format("--gap-graph cannot be '{}'", gap_graph_), "expected own or study",
                     "Give one of these.");
    options_.study_gap_graph = gap_graph_ == "study";
    options_.scaling = dataset::component_scaling_of(scaling_);

    const auto result = screen::screen(comm, options_, record.phases());
    record.counts() = {{"structures", result.funnel.structures},
                       {"kept", result.funnel.kept},
                       {"gaps_known", result.gaps_known},
                       {"gaps_predicted", result.gaps_predicted}};
    const ScopedPhase phase(record.phases(), "write tables");
    parallel::on_root(comm, [&] { write(result, common.json); });
  }

private:
  void write(const screen::ScreeningResult& result, bool json) const {
    const std::filesystem::path folder = out_;
    make_folder(folder);
    report::write_candidates(folder / "candidates.csv", result.rows);
    report::write_predictions(folder / "predictions.h5", result.rows);
    const auto summary = report::screening_summary(options_, result);
    write_file_atomically(folder / "summary.json",
                          [&](std::ostream& out) { out << summary.dump(2) << '\n'; });
    if (json) {
      std::cout << summary.dump(2) << '\n';
    } else {
      report::print_screening(std::cout, result, top_);
    }
  }

  std::string store_, reference_, ensemble_, out_, gap_parent_, gap_graph_ = "own", gaps_, device_ = "auto",
                                                                scaling_ = "study-code";
  std::uint64_t top_ = 10;
  screen::ScreeningOptions options_;
};

} // namespace

std::unique_ptr<Command> make_screen() {
  return std::make_unique<Screen>();
}

} // namespace ionsift::cli
