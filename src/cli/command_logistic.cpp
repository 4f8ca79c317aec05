// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/descriptors/atomistic.hpp"
#include "ionsift/dataset/split/folds.hpp"
#include "ionsift/learn/metrics/scores.hpp"
#include "ionsift/learn/tabular/logistic.hpp"
#include "ionsift/parallel/together.hpp"

#include "command.hpp"
#include "inputs.hpp"

#include <algorithm>
#include <iostream>
#include <unordered_map>

namespace ionsift::cli {

namespace {

using Positions = std::vector<std::size_t>;

/// Labelled structures with features and a place in the split.
struct Structures {
  std::vector<std::string> id;
  std::vector<int> label;
  std::vector<const dataset::SplitRow*> row;
  Matrix<double> features;
  std::size_t without_features = 0;
};

/// A part of the structures that was predicted by what was trained on others.
struct Part {
  std::string name;
  Positions held;
  std::vector<double> probability;
  learn::ScaledLogistic model;
  learn::Scores scores;
};

class Logistic : public Command {
public:
  void declare(OptionTable& table) override {
    table.required("features", "FILE", features_, "CSV of ids and features, as atomistic writes it");
    labels_.declare(table);
    table.add("by", "fold|cluster|group", by_, "parts of the training set that are left out in turn")
        .add("fold-column", "NAME", labels_.split_options.fold_column,
             "column of folds in the split; empty: found by name")
        .add("cluster-column", "NAME", labels_.split_options.cluster_column,
             "column of clusters in the split; empty: found by name")
        .add("group-column", "NAME", labels_.split_options.group_column,
             "column of groups in the split; empty: found by name")
        .add("set", "NAME", set_, "set of the split to train on")
        .add("test-set", "NAME", test_set_, "set to predict by all of the training set; empty: none")
        .required("out", "DIR", out_, "folder of scores.csv, predictions.csv and coefficients.csv")
        .add("lowest-c", "C", path_.lowest,
             "weight of the data against the regularisation, first of the path")
        .add("highest-c", "C", path_.highest, "last of the path")
        .add("values", "N", path_.values, "of C, evenly in the logarithm")
        .add("inner-folds", "N", path_.folds, "inside the training structures, which choose C")
        .add("seed", "N", path_.seed, "of the inner folds");
  }

  std::optional<std::filesystem::path> run_json() const override {
    return std::filesystem::path(out_) / "run.json";
  }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    dataset::fold_kind_of(by_); // before any work
    IONSIFT_VALIDATE(!labels_.split.empty(), usage, "--split is missing",
                     "nothing defines the training and the test set", "Give a table of split.");
    parallel::on_root(comm, [&] { fit(comm, common, record); });
  }

private:
  void fit(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) {
    const auto table = dataset::FeatureTable::read(find_input(features_, common.data));
    auto labels = labels_.read_labels(comm, common.data, record, table.ids);
    align_ids(comm, table.ids, features_, labels, record);
    auto split = *labels_.read_split(common.data);
    align_ids(comm, labels, split, record);
    set_ = to_lower(trim(set_));
    test_set_ = to_lower(trim(test_set_));
    const auto structures = join(table, labels, split);
    const auto train = members(structures, set_);
    std::vector<Part> parts;
    for (const auto& [name, held] : parts_of(structures, train, split)) {
      parts.push_back(predict(structures, train, name, held));
    }
    const auto validated = parts.size();
    const auto all = learn::fit_path(rows(structures, train), classes(structures, train), path_);
    if (!test_set_.empty()) {
      Part test{test_set_, members(structures, test_set_), {}, all, {}};
      judge(structures, test);
      parts.push_back(std::move(test));
    }
    write(structures, parts, table.names, all);
    report(structures, train, parts, validated, table.names, all, common.json, record);
  }

  Structures join(const dataset::FeatureTable& table, const dataset::Labels& labels,
                  const dataset::Split& split) const {
    std::unordered_map<std::string, std::size_t> position;
    for (std::size_t i = 0; i < table.ids.size(); ++i) {
      position.emplace(table.ids[i], i);
    }
    auto ordered = labels.all(); // by id, so that the inner folds do not depend on the order of the file
    std::ranges::sort(ordered, {}, &dataset::Label::id);
    Structures joined;
    Positions chosen;
    for (const auto& label : ordered) {
      const auto* row = split.find(label.id);
      if (row == nullptr || (row->set != set_ && row->set != test_set_)) {
        continue;
      }
      const auto entry = position.find(label.id);
      if (entry == position.end()) {
        ++joined.without_features;
        continue;
      }
      joined.id.push_back(label.id);
      joined.label.push_back(label.positive);
      joined.row.push_back(row);
      chosen.push_back(entry->second);
    }
    joined.features.resize(static_cast<Eigen::Index>(chosen.size()),
                           static_cast<Eigen::Index>(table.names.size()));
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      for (std::size_t column = 0; column < table.names.size(); ++column) {
        joined.features(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(column)) =
            table.values[chosen[i]][column];
      }
    }
    return joined;
  }

  Positions members(const Structures& structures, const std::string& set) const {
    Positions found;
    for (std::size_t i = 0; i < structures.id.size(); ++i) {
      if (structures.row[i]->set == set) {
        found.push_back(i);
      }
    }
    IONSIFT_VALIDATE(!found.empty(), data, fmt::format("no structure of the set {} can be used", set),
                     "none of it has a label and features", "Check --set and --test-set, and the ids.");
    return found;
  }

  /// The parts that are left out in turn: a name and positions of each.
  std::vector<std::pair<std::string, Positions>>
  parts_of(const Structures& structures, const Positions& train, const dataset::Split& split) const {
    std::vector<std::string> ids;
    for (const auto i : train) {
      ids.push_back(structures.id[i]);
    }
    const auto folds = dataset::make_folds(ids, split, dataset::fold_kind_of(by_));
    IONSIFT_VALIDATE(folds.size() >= 2, data, fmt::format("the set {} has no {}s to leave out", set_, by_),
                     fmt::format("the split has {} of them", folds.size()),
                     "Choose --by fold, cluster or group, or make a split with ionsift split.");
    std::vector<std::pair<std::string, Positions>> parts;
    for (std::size_t fold = 0; fold < folds.size(); ++fold) {
      Positions held;
      for (const auto i : folds.validated(static_cast<int>(fold))) {
        held.push_back(train[i]);
      }
      parts.emplace_back(folds.name[fold], std::move(held));
    }
    return parts;
  }

  static Matrix<double> rows(const Structures& structures, const Positions& positions) {
    return structures.features(std::vector<Eigen::Index>(positions.begin(), positions.end()), Eigen::all);
  }

  static std::vector<int> classes(const Structures& structures, const Positions& positions) {
    std::vector<int> chosen;
    for (const auto i : positions) {
      chosen.push_back(structures.label[i]);
    }
    return chosen;
  }

  static void judge(const Structures& structures, Part& part) {
    part.probability = learn::probabilities(part.model, rows(structures, part.held));
    part.scores = learn::score(classes(structures, part.held), part.probability);
  }

  Part predict(const Structures& structures, const Positions& train, const std::string& name,
               const Positions& held) const {
    Positions others;
    std::ranges::set_difference(train, held, std::back_inserter(others));
    Part part{name, held, {}, {}, {}};
    part.model = learn::fit_path(rows(structures, others), classes(structures, others), path_);
    judge(structures, part);
    return part;
  }

  void write(const Structures& structures, const std::vector<Part>& parts,
             const std::vector<std::string>& names, const learn::ScaledLogistic& all) const {
    const std::filesystem::path folder(out_);
    make_folder(folder);
    write_file_atomically(folder / "scores.csv", [&](std::ostream& out) {
      std::vector<std::string> header = {"part", "structures", "superionic", "C"};
      for (const auto& score : learn::score_names) {
        header.emplace_back(score.key);
      }
      write_csv_row(out, header);
      for (const auto& part : parts) {
        const auto labels = classes(structures, part.held);
        std::vector<std::string> cells = {part.name, fmt::format("{}", labels.size()),
                                          fmt::format("{}", std::ranges::count(labels, 1)),
                                          fmt::format("{:.6g}", part.model.c)};
        for (const auto& score : learn::score_names) {
          cells.push_back(fmt::format("{:.6f}", part.scores.*score.value));
        }
        write_csv_row(out, cells);
      }
    });
    write_file_atomically(folder / "predictions.csv", [&](std::ostream& out) {
      write_csv_row(out, {"id", "part", "superionic", "probability"});
      for (const auto& part : parts) {
        for (std::size_t i = 0; i < part.held.size(); ++i) {
          write_csv_row(out, {structures.id[part.held[i]], part.name,
                              fmt::format("{}", structures.label[part.held[i]]),
                              fmt::format("{:.6f}", part.probability[i])});
        }
      }
    });
    write_file_atomically(folder / "coefficients.csv", [&](std::ostream& out) {
      write_csv_row(out, {"feature", "coefficient", "at_0", "at_1", "superionic_with"});
      for (std::size_t i = 0; i < names.size(); ++i) {
        const auto column = static_cast<Eigen::Index>(i);
        const double weight = all.model.weight(column), low = all.scale.low(column);
        write_csv_row(out, {names[i], fmt::format("{:.6f}", weight), fmt::format("{:.6g}", low),
                            fmt::format("{:.6g}", low + all.scale.width(column)),
                            dataset::in_words(names[i], weight > 0)});
      }
      write_csv_row(out, {"intercept", fmt::format("{:.6f}", all.model.intercept), "", "", ""});
    });
  }

  void report(const Structures& structures, const Positions& train, const std::vector<Part>& parts,
              std::size_t validated, const std::vector<std::string>& names, const learn::ScaledLogistic& all,
              bool json, RunRecord& record) const {
    std::vector<learn::Scores> list;
    for (std::size_t i = 0; i < validated; ++i) {
      list.push_back(parts[i].scores);
    }
    const auto spread = learn::mean_and_spread(list);
    record.counts() = {{"structures", structures.id.size()},
                       {"training", train.size()},
                       {"without_features", structures.without_features},
                       {"parts", validated}};
    auto& result = record.result();
    result["C"] = all.c;
    for (const auto& score : learn::score_names) {
      result["validation"][score.key] = {{"mean", spread.mean.*score.value}, {"sd", spread.sd.*score.value}};
      if (parts.size() > validated) {
        result["test"][score.key] = parts.back().scores.*score.value;
      }
    }
    if (json) {
      std::cout << record.document().dump(2) << '\n';
      return;
    }
    std::cout << fmt::format("{} training structures, {} {}s left out in turn; tables in {}\n", train.size(),
                             validated, by_, out_);
    for (const auto& score : learn::score_names) {
      std::cout << fmt::format("  {:<18}{:7.4f} +- {:.4f}", score.title, spread.mean.*score.value,
                               spread.sd.*score.value);
      std::cout << (parts.size() > validated
                        ? fmt::format("   {} {:7.4f}\n", parts.back().name, parts.back().scores.*score.value)
                        : std::string("\n"));
    }
    std::cout << fmt::format("fitted to all of them with C = {:.4g}, superionic conductors have\n", all.c);
    for (std::size_t i = 0; i < names.size(); ++i) {
      const double weight = all.model.weight(static_cast<Eigen::Index>(i));
      std::cout << fmt::format("  {:+8.3f}  {}\n", weight, dataset::in_words(names[i], weight > 0));
    }
  }

  std::string features_, by_ = "fold", set_ = "train", test_set_, out_;
  LabelInputs labels_;
  learn::LogisticPath path_;
};

} // namespace

std::unique_ptr<Command> make_logistic() {
  return std::make_unique<Logistic>();
}

} // namespace ionsift::cli
