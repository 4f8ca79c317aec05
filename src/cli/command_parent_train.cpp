// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/memory.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/labels/table_columns.hpp"
#include "ionsift/parallel/together.hpp"

#include "command.hpp"
#include "held_folder.hpp"
#include "inputs.hpp"
#include "parent_options.hpp"

#include <algorithm>
#include <cmath>
#include <iostream>

namespace ionsift::cli {

namespace {

class ParentTrain : public Command {
public:
  void declare(OptionTable& table) override {
    options_.declare(table);
    table.required("labels", "FILE", labels_, "CSV of the property, by structure id")
        .required("target", "COLUMN", target_, "column to be learned, as formation_energy_eV_per_atom")
        .add("id-column", "NAME", id_column_, "column of ids in the labels; empty: found by name")
        .add("unit", "TEXT", unit_, "of the property, for those who use the parent")
        .add_switch("classes", options_.training.sigmoid,
                    "the column holds 0 and 1, as is_metal: a classifier")
        .add("loss", "squared|absolute", loss_, "what is made small, of numbers")
        .add("cutoff", "A", cutoff_, "neighbours within this distance; the 100 centres are stretched with it")
        .add(
            "beside", "FILE", beside_,
            "another parent, such as the published one, whose error on the same test structures is reported, "
            "too");
  }

  std::optional<std::filesystem::path> run_json() const override { return options_.folder() / "run.json"; }
  bool resumes() const override { return true; }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    IONSIFT_VALIDATE(loss_ == "squared" || loss_ == "absolute", usage, fmt::format("--loss {}", loss_),
                     "expected squared or absolute", "Give one of these.");
    options_.training.squared = loss_ == "squared";
    options_.settle(common.data);
    options_.examples.converter = megnet::GraphConverter::study().with_cutoff(cutoff_);
    std::optional<megnet::Parent> beside;
    if (!beside_.empty()) {
      beside = megnet::Parent::load(find_input(beside_, common.data));
    }
    const auto targets = read_targets(find_input(labels_, common.data));
    options_.prepare_folder(comm);
    const HeldFolder held(comm, options_.folder());
    keep_freed_memory();
    const auto set = [&] {
      const ScopedPhase phase(record.phases(), "graphs");
      return learn::read_examples(comm, options_.examples, &targets, nullptr);
    }();
    const auto fit = options_.fit(comm, set, record);
    if (fit.interrupted) {
      options_.leave(comm, fit, record);
      return;
    }
    const ScopedPhase phase(record.phases(), "judge");
    parallel::on_root(comm, [&] { options_.write(set, fit, describe(), notes(fit, common.data)); });
    const auto own = megnet::Parent::load(options_.file());
    record.result().update(result_of(fit));
    record.result()["test"] = to_json(judge(comm, set, fit, own));
    record.result()["test_by_training_mean"] = error_of_mean(set, fit);
    record.result()["sha256"] = own.sha256;
    if (beside) {
      record.result()["test_beside"] = to_json(judge(comm, set, fit, *beside));
      record.result()["beside"] = beside->name;
    }
    if (comm.is_root()) {
      print(common.json, record);
    }
  }

private:
  learn::Targets read_targets(const std::filesystem::path& path) const {
    const auto table = CsvTable::read(path);
    const auto ids = dataset::find_id_column(table, id_column_);
    const auto column = table.column(target_);
    learn::Targets targets;
    for (std::size_t row = 0; row < table.size(); ++row) {
      const std::string id(trim(table.cell(row, ids)));
      const auto text = trim(table.cell(row, column));
      if (id.empty() || text.empty()) {
        continue; // unknown
      }
      const auto value = parse_number(text);
      IONSIFT_VALIDATE(value && std::isfinite(*value), data,
                       fmt::format("{}: {} of {} is \"{}\"", table.name(), target_, id, text),
                       "a number is expected", "Correct it, or leave it empty where it is unknown.");
      IONSIFT_VALIDATE(targets.emplace(id, *value).second, data,
                       fmt::format("{}: {} occurs twice", table.name(), id), "an id has one value",
                       "Leave one of the rows out.");
    }
    IONSIFT_VALIDATE(!targets.empty(), data, fmt::format("{}: no row has {}", table.name(), target_),
                     "there is nothing to learn", "Name another column.");
    return targets;
  }

  megnet::Parent describe() const {
    megnet::Parent parent;
    parent.name = options_.name.empty() ? target_ : options_.name;
    parent.sigmoid = options_.training.sigmoid;
    parent.unit = parent.sigmoid && unit_.empty() ? "probability" : unit_;
    return parent;
  }

  nlohmann::json notes(const learn::ParentFit& fit, const std::string& data) const {
    const bool sigmoid = options_.training.sigmoid;
    return {{"target", target_},
            {"labels sha256", sha256_of_file(find_input(labels_, data))},
            {"metric", sigmoid ? "accuracy" : "mae"},
            {"metric value", sigmoid ? fit.test.accuracy : fit.test.mean_absolute_error},
            {"target mean", fit.target_mean},
            {"target deviation", fit.target_scale}};
  }

  learn::HeldOut judge(const parallel::Communicator& comm, const learn::ExampleSet& set,
                       const learn::ParentFit& fit, const megnet::Parent& parent) const {
    return learn::judge_parent(comm, set.examples, fit.set, parent, options_.examples.converter);
  }

  static double error_of_mean(const learn::ExampleSet& set, const learn::ParentFit& fit) {
    double sum = 0, n = 0;
    for (std::size_t p = 0; p < fit.set.size(); ++p) {
      if (fit.set[p] == learn::ParentSet::test) {
        sum += std::abs(set.examples.target[p] - fit.target_mean);
        n += 1;
      }
    }
    return n > 0 ? sum / n : 0;
  }

  nlohmann::json to_json(const learn::HeldOut& held_out) const {
    nlohmann::json json = {{"structures", held_out.structures}, {"mae", held_out.mean_absolute_error}};
    if (options_.training.sigmoid) {
      json["accuracy"] = held_out.accuracy;
    }
    return json;
  }

  nlohmann::json result_of(const learn::ParentFit& fit) const {
    return {{"epochs", fit.epochs.size()},
            {"best_epoch", fit.best},
            {"elements", fit.elements.size()},
            {"trained_on", std::count(fit.set.begin(), fit.set.end(), learn::ParentSet::train)},
            {"validation", to_json(fit.validation)}};
  }

  void print(bool json, RunRecord& record) const {
    if (json) {
      std::cout << record.document().dump(2) << '\n';
      return;
    }
    const auto& result = record.result();
    const bool sigmoid = options_.training.sigmoid;
    const auto line = [&](const char* who, const nlohmann::json& held_out) {
      return sigmoid ? fmt::format("{:<16}{} test structures, accuracy {:.4f}\n", who,
                                   held_out["structures"].dump(), held_out["accuracy"].get<double>())
                     : fmt::format("{:<16}{} test structures, mean absolute error {:.4f} {}\n", who,
                                   held_out["structures"].dump(), held_out["mae"].get<double>(), unit_);
    };
    std::cout << fmt::format("{}: {} structures with {} elements, {} epochs, the best {}\n",
                             options_.file().string(), result["trained_on"].dump(), result["elements"].dump(),
                             result["epochs"].dump(), result["best_epoch"].dump())
              << line("this parent", result["test"]);
    if (result.contains("test_beside")) {
      std::cout << line("the one beside", result["test_beside"]);
    }
    if (!sigmoid) {
      std::cout << fmt::format("training mean   {:.4f} {}\n", result["test_by_training_mean"].get<double>(),
                               unit_);
    }
  }

  ParentOptions options_;
  std::string labels_, target_, id_column_, unit_, loss_ = "squared", beside_;
  double cutoff_ = 5.0;
};

} // namespace

std::unique_ptr<Command> make_parent_train() {
  return std::make_unique<ParentTrain>();
}

} // namespace ionsift::cli
