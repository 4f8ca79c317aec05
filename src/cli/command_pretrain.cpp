// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/log.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/learn/ensemble/pretrain.hpp"

#include "command.hpp"
#include "held_folder.hpp"
#include "inputs.hpp"

#include <algorithm>
#include <iostream>
#include <optional>

namespace ionsift::cli {

namespace {

class Pretrain : public Command {
public:
  void declare(OptionTable& table) override {
    table.required("store", "FILE", store_, "feature store of the structures")
        .required("labels", "FILE", labels_, "CSV of classes or numbers")
        .required("label-column", "NAME", class_options_.label_column, "column of 0 and 1, as is_metal")
        .add("label-threshold", "X", threshold_,
             "the column holds numbers, strictly greater ones are class 1; empty: it holds classes")
        .add("id-column", "NAME", class_options_.id_column,
             "column of ids in the labels; empty: found by name")
        .add("exclude-column", "LIST", exclude_,
             "columns, separated by commas; rows where one is set are left out, as has_li")
        .required("members", "FILE", members_, "configurations (JSON), as inputs/members.json")
        .required("out", "DIR", out_, "folder of the start weights")
        .add("epochs", "N", options_.epochs, "epochs of each configuration")
        .add("batch", "N", options_.batch, "smallest batch; configurations with a larger one are unchanged")
        .add("validation", "SHARE", options_.validation_share, "share of each class that is held out")
        .add("seed", "N", options_.seed, "the same seed gives the same weights")
        .add("device", "auto|cpu|cuda", device_, "where configurations are trained")
        .add_switch("overwrite", overwrite_, "replace existing start weights");
  }

  std::optional<std::filesystem::path> run_json() const override {
    return std::filesystem::path(out_) / "run.json";
  }
  bool resumes() const override { return true; }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    validate_options();
    options_.plan = learn::MemberPlan::read(find_input(members_, common.data));
    // Only these have weights to start from; the input of the others is not read from the store.
    std::erase_if(options_.plan.configurations, [](const learn::Configuration& configuration) {
      return !std::holds_alternative<learn::AtomSetsConfiguration>(configuration.model);
    });
    options_.device = choose_device(comm, device_, record);
    const store::Reader store(find_input(store_, common.data));
    options_.provenance = store.provenance();
    const auto structures = labelled(comm, store, common.data, record);
    const HeldFolder held(comm, out_);
    const auto result = learn::pretrain(comm, structures, options_, out_, overwrite_, record.phases());
    if (result.interrupted()) {
      leave_interrupted(comm, common, record, result.work, "configurations", "configurations are trained");
    } else if (comm.is_root()) {
      report(result.records, common.json, record);
    }
  }

private:
  void validate_options() {
    IONSIFT_VALIDATE(options_.epochs >= 1 && options_.batch >= 1, usage,
                     fmt::format("--epochs {} --batch {}", options_.epochs, options_.batch),
                     "both are at least 1", "Correct them.");
    IONSIFT_VALIDATE(options_.validation_share > 0 && options_.validation_share < 1, usage,
                     fmt::format("--validation {}", options_.validation_share),
                     "the best epoch is chosen on the structures held out, so it is between 0 and 1",
                     "Give 0.1, for example.");
    if (!threshold_.empty()) {
      class_options_.threshold = parse_number(threshold_);
      IONSIFT_VALIDATE(class_options_.threshold, usage, fmt::format("--label-threshold {}", threshold_),
                       "it is not a number", "Correct it.");
    }
    for (const auto& column : split(exclude_, ',')) {
      class_options_.exclude.emplace_back(trim(column));
    }
  }

  dataset::FeatureSet labelled(const parallel::Communicator& comm, const store::Reader& store,
                               const std::string& data, RunRecord& record) {
    const auto path = find_input(labels_, data);
    auto labels = dataset::Labels::read_classes(path, class_options_);
    for (const auto& remark : labels.remarks()) {
      say(comm, record, remark);
    }
    align_ids(comm, store, labels, record);
    options_.labels = {{"sha256", sha256_of_file(path)},
                       {"column", class_options_.label_column},
                       {"threshold", nullptr},
                       {"excluded_by", class_options_.exclude},
                       {"excluded", labels.excluded()}};
    if (class_options_.threshold) {
      options_.labels["threshold"] = *class_options_.threshold;
    }
    dataset::JoinReport joined;
    auto structures = dataset::join(store, options_.plan.content(), labels, nullptr, "all", joined);
    const auto positive = std::count(structures.label.begin(), structures.label.end(), 1);
    record.counts() = {{"structures", structures.size()},        {"class_1", positive},
                       {"excluded", labels.excluded()},          {"unlabelled", joined.unlabelled.size()},
                       {"unfeatured", joined.unfeatured.size()}, {"without_rows", joined.empty.size()}};
    log::info("{} structures, {} of class 1 ({} left out by {})", structures.size(), positive,
              labels.excluded(), exclude_.empty() ? "no column" : exclude_);
    return structures;
  }

  void report(const std::vector<learn::PretrainRecord>& records, bool json, RunRecord& record) const {
    auto result = nlohmann::json::array();
    for (const auto& r : records) {
      nlohmann::json entry = {{"name", r.name},
                              {"epochs", r.epochs.size()},
                              {"best", r.best},
                              {"seconds", r.seconds},
                              {"diverged", r.diverged}};
      if (r.best > 0) {
        const auto& best = r.epochs[static_cast<std::size_t>(r.best) - 1];
        entry["auc_pr"] = best.auc_pr;
        entry["average_precision"] = best.average_precision;
        entry["mcc"] = best.mcc;
        entry["roc_auc"] = best.roc_auc;
        entry["accuracy"] = best.accuracy;
        entry["seconds_per_epoch"] = r.seconds / static_cast<double>(r.epochs.size());
      }
      result.push_back(std::move(entry));
    }
    record.result() = {{"configurations", result}};
    if (json) {
      std::cout << record.document().dump(2) << '\n';
      return;
    }
    std::cout << fmt::format("{:<24}{:>7}{:>6}{:>8}{:>8}{:>10}{:>9}\n", "held out", "epochs", "best",
                             "AUC-PR", "MCC", "accuracy", "s/epoch");
    for (const auto& entry : result) {
      if (entry["best"] == 0) {
        std::cout << fmt::format("{:<24} diverged\n", entry["name"].get<std::string>());
        continue;
      }
      std::cout << fmt::format("{:<24}{:>7}{:>6}{:>8.4f}{:>8.4f}{:>10.4f}{:>9.2f}\n",
                               entry["name"].get<std::string>(), entry["epochs"].get<int>(),
                               entry["best"].get<int>(), entry["auc_pr"].get<double>(),
                               entry["mcc"].get<double>(), entry["accuracy"].get<double>(),
                               entry["seconds_per_epoch"].get<double>());
    }
    std::cout << fmt::format("start weights in {}\n", out_);
  }

  std::string store_, labels_, members_, out_, threshold_, exclude_, device_ = "auto";
  dataset::ClassOptions class_options_;
  learn::PretrainOptions options_;
  bool overwrite_ = false;
};

} // namespace

std::unique_ptr<Command> make_pretrain() {
  return std::make_unique<Pretrain>();
}

} // namespace ionsift::cli
