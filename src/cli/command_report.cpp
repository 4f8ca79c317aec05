// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/file.hpp"
#include "ionsift/base/json.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/report/figures.hpp"
#include "ionsift/report/page.hpp"
#include "ionsift/report/page_recovery.hpp"
#include "ionsift/report/page_table.hpp"

#include "command.hpp"
#include "inputs.hpp"

#include <algorithm>
#include <iostream>
#include <optional>
#include <utility>

namespace ionsift::cli {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

json read_document(const fs::path& path, const std::string& maker) {
  auto document = parse_json_or_discard(read_file(path));
  IONSIFT_VALIDATE(document.is_object(), format, fmt::format("{} is not a JSON object", path.string()),
                   "it is damaged, or something else wrote it", fmt::format("Run ionsift {} again.", maker));
  return document;
}

class Report : public Command {
public:
  void declare(OptionTable& table) override {
    table.required("out", "DIR", out_, "folder of report.html and figures/")
        .add("title", "TEXT", title_, "heading of the page")
        .add("screening", "DIR", screening_, "folder that screen wrote")
        .add("evaluation", "DIR", evaluation_, "folder that evaluate wrote")
        .list("crossvalidation", "DIR", crossvalidations_, "folders that crossvalidate wrote")
        .add("recovery", "DIR", recovery_, "folder that recover wrote")
        .list("scaling", "DIR", scalings_, "folders that scaling wrote")
        .add("clusters", "FILE", clusters_, "CSV that cluster wrote")
        .list("labels", "FILE", labels_, "CSV of measured conductivities; several: as for train")
        .add("id-column", "NAME", label_options_.id_column, "column of ids there; empty: found by name")
        .add("conductivity-column", "NAME", label_options_.conductivity_column,
             "column of conductivities there; empty: found by name")
        .add("conductivity-unit", "UNIT", label_options_.conductivity_unit,
             "their unit; empty: from the column's name or its cells")
        .list("runs", "FILE", runs_, "run.json of further commands, as what the page's results were made by")
        .add("store", "FILE", store_,
             "feature store of the candidates, for pictures of their structures; empty: the one that was "
             "screened")
        .add("rows", "N", table_.rows, "structures in the table of the page, at most: the first by P_SI")
        .add("structures", "N", table_.pictures,
             "candidates whose structures the page draws, and a fifth as many of each list")
        .add("points", "N", points_, "structures besides these in the figures that show single ones, at most")
        .add_switch("no-pictures", no_pictures_,
                    "write data and scripts of the figures, but do not call gnuplot");
  }

  std::optional<fs::path> run_json() const override { return fs::path(out_) / "run.json"; }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    parallel::on_root(comm, [&] {
      report::PageInputs inputs;
      inputs.title = title_;
      {
        const ScopedPhase phase(record.phases(), "read");
        collect(inputs, common.data);
      }
      IONSIFT_VALIDATE(!inputs.figures.empty() || !inputs.table.is_null(), usage,
                       "there is nothing to report", "no results were named",
                       "Give --screening, --evaluation, --crossvalidation, --recovery or --labels.");
      {
        const ScopedPhase phase(record.phases(), "figures");
        write_figures(inputs);
      }
      const auto page = fs::path(out_) / "report.html";
      report::write_page(page, inputs);
      record.counts() = {
          {"figures", inputs.figures.size()},
          {"structures", inputs.table.is_null() ? 0 : inputs.table["rows"].get<std::uint64_t>()},
          {"pictured", inputs.structures.size()},
          {"bytes", fs::file_size(page)}};
      record.result() = {{"page", page.string()}};
      if (common.json) {
        std::cout << record.counts().dump(2) << '\n';
      } else {
        std::cout << fmt::format("{}: {} structures, {} of them drawn, {} figures, {:.1f} MB\n",
                                 page.string(), record.counts()["structures"].get<std::uint64_t>(),
                                 inputs.structures.size(), inputs.figures.size(),
                                 static_cast<double>(fs::file_size(page)) / 1e6);
      }
    });
  }

private:
  void collect(report::PageInputs& inputs, const std::string& data) const {
    const auto add = [&](std::vector<report::Figure> figures) {
      for (auto& figure : figures) {
        if (!figure.empty()) {
          inputs.figures.push_back(std::move(figure));
        }
      }
    };
    for (const auto& path : runs_) {
      inputs.runs.push_back(read_document(find_input(path, data), "that command"));
    }
    if (!evaluation_.empty()) {
      const auto folder = find_input(evaluation_, data);
      inputs.evaluation = read_document(folder / "evaluation.json", "evaluate");
      add_run(inputs, folder);
      add(report::evaluation_figures(inputs.evaluation));
    }
    if (!screening_.empty()) {
      const auto folder = find_input(screening_, data);
      inputs.summary = read_document(folder / "summary.json", "screen");
      auto table = report::read_page_table(folder, table_);
      inputs.table = std::move(table.columns);
      inputs.lists = report::read_page_lists(folder);
      inputs.kinds = report::read_page_kinds(folder);
      if (const auto store = find_store(inputs.summary, folder, data)) {
        inputs.structures = report::read_page_structures(*store, table.pictured);
      }
      add_run(inputs, folder);
      add(report::screening_figures(inputs.summary));
      add(report::structure_figures(folder, inputs.summary, table.candidates, points_));
    }
    add(report::crossvalidation_figures(read_crossvalidations(inputs, data)));
    if (!recovery_.empty()) {
      const auto folder = find_input(recovery_, data);
      inputs.recovery = report::read_page_recovery(folder, report::recovery_listed);
      add_run(inputs, folder);
      add(report::recovery_figures(folder, inputs.recovery));
    }
    if (!labels_.empty()) {
      const auto paths = find_inputs(labels_, data);
      const auto labels = dataset::Labels::read_tables(paths, label_options_);
      for (const auto& remark : labels.remarks()) {
        log::write(remark.is_warning ? log::Level::warning : log::Level::info, remark.text);
      }
      add(report::conductivity_figures(labels, paths));
    }
    if (!clusters_.empty()) {
      add({report::cluster_figure(find_input(clusters_, data))});
    }
    std::vector<json> scalings;
    for (const auto& folder : scalings_) {
      scalings.push_back(read_document(find_input(folder, data) / "scaling.json", "scaling"));
    }
    add({report::scaling_figure(scalings)});
  }

  /// The store that was screened: from the option, from the screening's record, or next to its folder.
  std::optional<fs::path> find_store(const json& summary, const fs::path& folder,
                                     const std::string& data) const {
    if (!store_.empty()) {
      return find_input(store_, data);
    }
    const fs::path named = summary.value("/options/store"_json_pointer, "");
    for (const auto& path : {named, folder.parent_path() / named.filename()}) {
      if (!named.empty() && fs::is_regular_file(path)) {
        return path;
      }
    }
    log::warning(
        "the page has no pictures of structures: the store that was screened, {}, is not to be found "
        "(--store)",
        named.string());
    return std::nullopt;
  }

  std::vector<report::CrossvalidationInput> read_crossvalidations(report::PageInputs& inputs,
                                                                  const std::string& data) const {
    std::vector<report::CrossvalidationInput> read;
    for (const auto& name : crossvalidations_) {
      const auto folder = find_input(name, data);
      read.push_back(report::read_crossvalidation(folder));
      add_run(inputs, folder);
      // Two of a kind are distinguished by their folders.
      const auto same = std::ranges::count(read, read.back().name, &report::CrossvalidationInput::name);
      if (same > 1) {
        read.back().name += fmt::format(" ({})", folder.filename().string());
      }
      inputs.crossvalidations.push_back(
          report::crossvalidation_scores(read.back().name, read.back().document));
    }
    return read;
  }

  static void add_run(report::PageInputs& inputs, const fs::path& folder) {
    if (fs::exists(folder / "run.json")) {
      inputs.runs.push_back(read_document(folder / "run.json", "that command"));
    }
  }

  void write_figures(const report::PageInputs& inputs) const {
    const auto folder = fs::path(out_) / "figures";
    make_folder(folder);
    for (const auto& figure : inputs.figures) {
      report::write_figure_files(folder, figure);
    }
    if (no_pictures_) {
      return;
    }
    if (const auto reason = report::draw_figures(folder, inputs.figures)) {
      log::warning("no pictures were drawn: {}; figures/*.csv and figures/*.gp are there", *reason);
    }
  }

  std::string out_, screening_, evaluation_, recovery_, clusters_, store_;
  std::string title_ = "Screening for superionic lithium conductors";
  std::vector<std::string> labels_, crossvalidations_, scalings_, runs_;
  report::PageTableOptions table_;
  std::uint64_t points_ = 3000;
  bool no_pictures_ = false;
  dataset::LabelOptions label_options_;
};

} // namespace

std::unique_ptr<Command> make_report() {
  return std::make_unique<Report>();
}

} // namespace ionsift::cli
