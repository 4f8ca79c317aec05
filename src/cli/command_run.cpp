// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/labels/table_columns.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/report/workbook.hpp"
#include "ionsift/store/read/reader.hpp"

#include "campaign.hpp"
#include "held_folder.hpp"
#include "inputs.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <set>

namespace ionsift::cli {

namespace {

namespace fs = std::filesystem;

/// Headings of columns of groups of compounds, in lower case.
constexpr std::array group_headings = {"family", "doi", "publication", "reference", "chemistry", "group"};

/// From structures and measured conductivities to a ranked table and a page: the other commands, in order,
/// with options that suit most collections.
class Run : public Command {
public:
  void declare(OptionTable& table) override {
    table
        .required_list("input", "PATH", labelled_,
                       "structures that were measured: CIF files, folders, archives")
        .positional("input")
        .required_list("labels", "FILE", labels_,
                       "table of their measured conductivities; several: as for train")
        .list("screen", "PATH", candidates_,
              "structures to screen; without any, the model is trained and cross-validated and nothing is "
              "screened")
        .required("out", "DIR", out_,
                  "folder of everything that is made; the same command again resumes there")
        .add("parent", "FILE", parent_,
             "MEGNet weights that make the features; empty: the best that is found")
        .add("preset", "NAME", preset_, "the members of the ensemble, as train --preset")
        .add("id-column", "NAME", id_column_, "column of ids in the labels; empty: found by name")
        .add("conductivity-column", "NAME", conductivity_column_,
             "column of conductivities in the labels; empty: found by name")
        .add("conductivity-unit", "UNIT", conductivity_unit_,
             "their unit; empty: from the column's name or its cells")
        .add("group-columns", "LIST", group_columns_,
             "columns of the labels whose equal values are never divided in the cross-validation; empty: "
             "family, doi and "
             "the like, where there are any; none: similar compositions alone are kept together")
        .add("folds", "N", folds_, "folds of the cross-validation; 0: none is made")
        .add("gap-parent", "FILE", gap_parent_,
             "MEGNet weights that predict band gaps; empty: no band gaps are predicted")
        .add("gaps", "FILE", gaps_, "CSV of known band gaps in eV")
        .add("known", "FILE", known_,
             "CSV of compounds that are known or were measured, as screen --known; empty: none")
        .add("write-cifs", "N", cifs_, "candidates whose structures are written as files; 0: none")
        .add("title", "TEXT", title_, "heading of the page")
        .add("seed", "N", seed_, "the same seed gives the same result")
        .add("device", "auto|cpu|cuda", device_, "where members are trained");
  }

  std::optional<fs::path> run_json() const override { return fs::path(out_) / "run.json"; }
  bool resumes() const override { return true; }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    const HeldFolder held(comm, out_);
    for (auto& path : labels_) {
      path = find_input(path, common.data).string();
    }
    if (!known_.empty()) {
      known_ = find_input(known_, common.data).string();
    }
    Campaign campaign(comm, common, record, out_);
    parallel::on_root(comm, [&] { write_configuration(record.input()); });
    if (!campaign.run(featurize("labelled", "features of the measured structures", labelled_)) ||
        (!candidates_.empty() &&
         !campaign.run(featurize("candidates", "features of the structures to screen", candidates_))) ||
        !validate(comm, campaign) || !campaign.run(train()) ||
        (!candidates_.empty() && (!campaign.run(screen()) || !campaign.run(page())))) {
      return;
    }
    record.result()["up_to_date"] = campaign.skipped();
    parallel::on_root(comm, [&] { print(common.json, record); });
  }

private:
  /// The options of this run as a file for --config, so that it can be repeated or varied.
  void write_configuration(const nlohmann::json& input) const {
    write_file_atomically(in_out("campaign.ini"), [&](std::ostream& out) {
      out << "# ionsift run --config campaign.ini repeats this run.\n";
      const std::set<std::string> not_in_files = {"config", "help", "dump-default"};
      for (const auto& [option, value] : input.items()) {
        const auto values = value.is_array() ? value : nlohmann::json::array({value});
        for (const auto& text : values) {
          if (!not_in_files.contains(option) && !text.get<std::string>().empty()) {
            out << fmt::format("{} = {}\n", option, text.get<std::string>());
          }
        }
      }
    });
  }

  std::string in_out(const std::string& name) const { return (fs::path(out_) / name).string(); }

  CampaignStep featurize(const std::string& store, const std::string& title,
                         const std::vector<std::string>& inputs) const {
    CampaignStep step{store, "featurize", title, {"--input"}, {}, in_out(store + ".h5"), false};
    step.arguments.insert(step.arguments.end(), inputs.begin(), inputs.end());
    append(step, {"--store", in_out(store + ".h5")});
    append_if(step, "--parent", parent_);
    return step;
  }

  /// Divides the labelled structures into folds and validates the plan on them.
  bool validate(const parallel::Communicator& comm, Campaign& campaign) {
    const auto folds = fillable_folds(comm);
    if (folds == 0) {
      return true;
    }
    CampaignStep split{"folds",
                       "split",
                       "folds for the cross-validation",
                       {"--store", in_out("labelled.h5"), "--out", in_out("folds.csv"), "--test", "0",
                        "--folds", std::to_string(folds), "--seed", std::to_string(seed_)},
                       and_labels({in_out("labelled.h5")}),
                       in_out("folds.csv"),
                       false};
    append_labels(split);
    if (const auto columns = group_columns(); !columns.empty()) {
      append(split, {"--group-column", columns});
    }
    CampaignStep validation{"validation",
                            "crossvalidate",
                            "cross-validation",
                            {"--store", in_out("labelled.h5"), "--split", in_out("folds.csv"), "--preset",
                             preset_, "--out", in_out("crossvalidation"), "--seed", std::to_string(seed_),
                             "--every", "0", "--device", device_},
                            and_labels({in_out("labelled.h5"), in_out("folds.csv")}),
                            in_out("crossvalidation/crossvalidation.json"),
                            true};
    append_labels(validation);
    append_entries(validation);
    return campaign.run(split) && campaign.run(validation);
  }

  CampaignStep train() const {
    CampaignStep step{"ensemble",
                      "train",
                      "training the ensemble",
                      {"--store", in_out("labelled.h5"), "--preset", preset_, "--ensemble",
                       in_out("ensemble"), "--seed", std::to_string(seed_), "--device", device_},
                      and_labels({in_out("labelled.h5")}),
                      in_out("ensemble/ensemble.json"),
                      true};
    append_labels(step);
    append_entries(step);
    return step;
  }

  CampaignStep screen() const {
    CampaignStep step{"screening",
                      "screen",
                      "screening",
                      {"--store", in_out("candidates.h5"), "--reference", in_out("labelled.h5"), "--ensemble",
                       in_out("ensemble"), "--out", in_out("screening"), "--device", device_, "--write-cifs",
                       std::to_string(cifs_)},
                      {},
                      in_out("screening/summary.json"),
                      false};
    append_if(step, "--gap-parent", gap_parent_);
    append_if(step, "--gaps", gaps_);
    append_if(step, "--known", known_);
    if (report::can_write_workbooks()) {
      append(step, {"--xlsx"});
    }
    if (cifs_ > 0) {
      append(step, {"--structures"});
      step.arguments.insert(step.arguments.end(), candidates_.begin(), candidates_.end());
    }
    return step;
  }

  CampaignStep page() const {
    CampaignStep step{"page",
                      "report",
                      "the page",
                      {"--out", in_out("report"), "--title", title_, "--screening", in_out("screening"),
                       "--runs", in_out("candidates.run.json"), in_out("ensemble/run.json")},
                      {},
                      in_out("report/report.html"),
                      false};
    append_labels(step);
    if (fs::exists(in_out("crossvalidation/crossvalidation.json"))) {
      append(step, {"--crossvalidation", in_out("crossvalidation")});
    }
    return step;
  }

  static void append(CampaignStep& step, std::initializer_list<std::string> arguments) {
    step.arguments.insert(step.arguments.end(), arguments);
  }
  static void append_if(CampaignStep& step, const std::string& option, const std::string& value) {
    if (!value.empty()) {
      append(step, {option, value});
    }
  }
  void append_labels(CampaignStep& step) const {
    append(step, {"--labels"});
    step.arguments.insert(step.arguments.end(), labels_.begin(), labels_.end());
    append_if(step, "--id-column", id_column_);
    append_if(step, "--conductivity-column", conductivity_column_);
    append_if(step, "--conductivity-unit", conductivity_unit_);
  }
  /// Files that a step needs, the tables of labels among them.
  std::vector<fs::path> and_labels(const std::vector<fs::path>& others) const {
    std::vector<fs::path> files(labels_.begin(), labels_.end());
    files.insert(files.end(), others.begin(), others.end());
    return files;
  }
  /// Labelled compounds without a structure train the members that look at compositions alone, where a table
  /// has any compositions.
  void append_entries(CampaignStep& step) const {
    const bool any = std::ranges::any_of(labels_, [](const std::string& path) {
      return dataset::find_optional_composition_column(CsvTable::read(path), "").has_value();
    });
    if (any) {
      append(step, {"--table-entries"});
    }
  }

  /// The columns of groups that were requested or found.
  std::string group_columns() const {
    if (!group_columns_.empty()) {
      return group_columns_ == "none" ? "" : group_columns_;
    }
    std::string found;
    std::set<std::string> met;
    for (const auto& path : labels_) {
      const auto table = CsvTable::read(path);
      for (const auto& heading : table.header()) {
        if (std::ranges::count(group_headings, to_lower(trim(heading))) > 0 && met.insert(heading).second) {
          found += (found.empty() ? "" : ",") + heading;
        }
      }
    }
    if (!found.empty()) {
      log::info("compounds with the same {} stay in one fold", found);
    }
    return found;
  }

  /// How many folds the labelled structures can fill with at least two of each class; the same on every rank.
  std::uint64_t fillable_folds(const parallel::Communicator& comm) const {
    std::uint64_t folds = 0;
    parallel::on_root(comm, [&] {
      const store::Reader store(in_out("labelled.h5"));
      const auto ids = store.ids(0, store.size());
      const std::set<std::string> stored(ids.begin(), ids.end());
      dataset::LabelOptions options;
      options.id_column = id_column_;
      options.conductivity_column = conductivity_column_;
      options.conductivity_unit = conductivity_unit_;
      std::array<std::uint64_t, 2> of_class{};
      auto labels = dataset::Labels::read_tables({labels_.begin(), labels_.end()}, options, ids);
      labels.rename(dataset::IdMatch(labels.ids(), ids, labels.name(), store.path().string()));
      for (const auto& label : labels.all()) {
        if (stored.contains(label.id)) {
          ++of_class.at(static_cast<std::size_t>(label.positive));
        }
      }
      folds = std::min(folds_, *std::ranges::min_element(of_class) / 2);
      if (folds < folds_) {
        log::warning("{} superionic and {} other compounds fill {} folds instead of {}", of_class[1],
                     of_class[0], folds < 2 ? "no" : std::to_string(folds), folds_);
      }
    });
    folds = comm.all_reduce(folds, parallel::Reduction::max);
    return folds < 2 ? 0 : folds;
  }

  void print(bool json, const RunRecord& record) const {
    if (json) {
      std::cout << record.document().dump(2) << '\n';
      return;
    }
    std::cout << '\n';
    if (!candidates_.empty()) {
      std::cout << fmt::format(
          "ranking     {}\ncandidates  {}\n{}page        {}\n",
          in_out(report::can_write_workbooks() ? "screening/ranking.xlsx, .csv" : "screening/ranking.csv"),
          in_out("screening/candidates.csv"),
          cifs_ > 0 ? fmt::format("structures  {}\n", in_out("screening/cifs")) : "",
          in_out("report/report.html"));
    }
    std::cout << fmt::format("ensemble    {}\n", in_out("ensemble"));
    if (fs::exists(in_out("crossvalidation/crossvalidation.json"))) {
      std::cout << fmt::format("validation  {}\n", in_out("crossvalidation"));
    }
  }

  std::vector<std::string> labels_, labelled_, candidates_;
  std::string out_, parent_, preset_ = "default", id_column_, conductivity_column_, conductivity_unit_,
                             group_columns_, gap_parent_, gaps_, known_,
                             title_ = "Screening for superionic lithium conductors", device_ = "auto";
  std::uint64_t folds_ = 5, seed_ = 1, cifs_ = 20;
};

} // namespace

std::unique_ptr<Command> make_run() {
  return std::make_unique<Run>();
}

} // namespace ionsift::cli
