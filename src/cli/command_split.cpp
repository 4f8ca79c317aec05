// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/labels/table_columns.hpp"
#include "ionsift/dataset/labels/written_number.hpp"
#include "ionsift/dataset/split/groups.hpp"
#include "ionsift/dataset/split/make_split.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/store/read/reader.hpp"

#include "command.hpp"
#include "inputs.hpp"
#include "output_table.hpp"

#include <algorithm>
#include <iostream>
#include <map>
#include <set>
#include <unordered_map>

namespace ionsift::cli {

namespace {

/// How many structures, superionic ones and groups a part of the split has.
struct Part {
  std::size_t structures = 0, superionic = 0;
  std::set<std::string> groups;
};

class MakeSplit : public Command {
public:
  void declare(OptionTable& table) override {
    table
        .required_list("labels", "FILE", labels_,
                       "CSV of conductivities measured at room temperature; several: as for train")
        .required("out", "FILE", out_, "CSV of id, set, fold, group and cluster")
        .add("store", "FILE", store_, "split only what this feature store holds; empty: all that is labelled")
        .add("split", "FILE", split_,
             "CSV whose sets and clusters are reused: only folds are drawn; empty: a test set is drawn as "
             "well")
        .add("test", "SHARE", draw_.test_share, "share of the test set, of each class")
        .add("folds", "N", draw_.folds, "folds, even in class; 0: none")
        .add("repeats", "N", draw_.repeats, "times the folds are drawn (columns fold, fold_2, ...)")
        .add("set", "NAME", draw_.fold_set, "set of the split that is divided into folds")
        .add("group-column", "LIST", group_columns_,
             "columns, separated by commas, whose equal values are never divided, as DOI or Family")
        .add("groups", "FILE", groups_,
             "CSV with these columns, as the tables of dedup and cluster; empty: the labels")
        .add_switch("group-compositions", group_compositions_, "nor are similar compositions divided")
        .add("composition-tolerance", "SHARE", criteria_.composition_tolerance,
             "compositions of the same elements are similar when no atomic fraction differs by more")
        .add("composition-column", "NAME", composition_column_,
             "column of compositions in the labels; empty: found by name")
        .add("clusters", "FILE", clusters_, "CSV of ids and clusters to carry along, as cluster writes it")
        .add("seed", "N", draw_.seed, "the same seed gives the same split")
        .add("id-column", "NAME", label_options_.id_column,
             "column of ids in the labels; empty: found by name")
        .add("conductivity-column", "NAME", label_options_.conductivity_column,
             "column of conductivities; empty: found by name")
        .add("conductivity-unit", "UNIT", label_options_.conductivity_unit,
             "their unit; empty: from the column's name or its cells")
        .add("threshold", "S/CM", label_options_.threshold, "conductivities strictly greater are superionic")
        .add("split-id-column", "NAME", split_options_.id_column,
             "column of ids in the split; empty: found by name")
        .add("set-column", "NAME", split_options_.set_column,
             "column of sets in the split; empty: found by name")
        .add_switch("overwrite", overwrite_, OutputTable::overwrite_help)
        .only_with({"split"}, {"split-id-column", "set-column"})
        .only_with({"group-compositions"}, {"composition-tolerance"});
  }

  std::optional<std::filesystem::path> run_json() const override {
    return std::filesystem::path(out_).replace_extension(".run.json");
  }

  void run(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) override {
    parallel::on_root(comm, [&] { split(comm, common, record); });
  }

private:
  void split(const parallel::Communicator& comm, const CommonOptions& common, RunRecord& record) {
    const OutputTable output(out_, *run_json(), overwrite_);
    auto members = labelled_members(comm, common.data, record);
    add_groups(members, common.data);
    add_clusters(members, common.data);
    draw_.fold_set = to_lower(trim(draw_.fold_set));
    const auto drawn = dataset::draw_split(std::move(members), draw_);
    output.make_folder();
    dataset::write_split(out_, drawn);
    output.note_written(record);
    report(drawn, common.json, record);
  }

  /// What is labelled, in the store if there is one, and in the given split if there is one.
  std::vector<dataset::SplitMember> labelled_members(const parallel::Communicator& comm,
                                                     const std::string& data, RunRecord& record) const {
    std::optional<store::Reader> reader;
    std::vector<std::string> ids;
    if (!store_.empty()) {
      reader.emplace(find_input(store_, data));
      ids = reader->ids(0, reader->size());
    }
    auto labels = read_labels(comm, find_inputs(labels_, data), label_options_, record, ids);
    std::optional<std::set<std::string>> stored;
    if (reader) {
      stored.emplace(ids.begin(), ids.end());
      align_ids(comm, *reader, labels, record);
    }
    std::optional<dataset::Split> sets;
    if (!split_.empty()) {
      sets = dataset::Split::read(find_input(split_, data), split_options_);
      align_ids(comm, labels, *sets, record);
    }
    std::vector<dataset::SplitMember> members;
    for (const auto& label : labels.all()) {
      const auto* row = sets ? sets->find(label.id) : nullptr;
      if ((stored && !stored->contains(label.id)) || (sets && row == nullptr)) {
        continue;
      }
      members.push_back({label.id, label.positive, row ? row->set : "", row ? row->cluster : -1, ""});
    }
    record.counts() = {{"labelled", labels.all().size()}, {"structures", members.size()}};
    return members;
  }

  /// The values of a column by id.
  static std::unordered_map<std::string, std::string> values_of(const CsvTable& table, std::size_t id_column,
                                                                std::size_t column) {
    std::unordered_map<std::string, std::string> values;
    for (std::size_t row = 0; row < table.size(); ++row) {
      values.try_emplace(std::string(trim(table.cell(row, id_column))), trim(table.cell(row, column)));
    }
    return values;
  }

  /// Gives values the ids by which the labels know the structures.
  static void take_names(std::unordered_map<std::string, std::string>& values,
                         const std::vector<std::string>& ids, const std::string& table,
                         bool may_be_of_others = false) {
    std::vector<std::string> names;
    for (const auto& [id, value] : values) {
      names.push_back(id);
    }
    std::ranges::sort(names);
    const dataset::IdMatch match(names, ids, table, "the labels");
    IONSIFT_VALIDATE(match.matched() > 0 || may_be_of_others, data,
                     fmt::format("no labelled structure is in {}", table), match.remark_on_unmatched(),
                     "Use the same names for structures in both tables.");
    if (const auto text = match.remark_on_loose(); !text.empty()) {
      log::info("{}", text);
    }
    for (const auto& [from, to] : match.renamed()) {
      values[to] = values.at(from);
    }
  }

  /// The same of several tables: the value for an id in the first one that has the column. `column` finds it
  /// in a table, nothing where that has none.
  template <typename Find>
  static std::vector<std::string> column_of_tables(const std::vector<CsvTable>& tables,
                                                   const std::string& id_column, const Find& column,
                                                   const std::vector<std::string>& ids) {
    std::vector<std::string> values(ids.size());
    for (const auto& table : tables) {
      const auto found = column(table);
      if (!found) {
        continue;
      }
      const bool named = table.has(id_column);
      // Of several tables one may have lost all its entries to others.
      const auto of_table =
          column_of(table, named || tables.size() == 1 ? id_column : "", *found, ids, tables.size() > 1);
      for (std::size_t i = 0; i < ids.size(); ++i) {
        if (values[i].empty()) {
          values[i] = of_table[i];
        }
      }
    }
    return values;
  }

  /// The values of a column of a table for these ids, empty where it lacks one.
  static std::vector<std::string> column_of(const CsvTable& table, const std::string& id_column,
                                            std::size_t column, const std::vector<std::string>& ids,
                                            bool may_be_of_others) {
    auto values = values_of(table, dataset::find_id_column(table, id_column), column);
    take_names(values, ids, table.name(), may_be_of_others);
    std::vector<std::string> of_ids;
    for (const auto& id : ids) {
      const auto entry = values.find(id);
      of_ids.push_back(entry == values.end() ? "" : entry->second);
    }
    return of_ids;
  }

  void add_groups(std::vector<dataset::SplitMember>& members, const std::string& data) {
    std::vector<std::string> ids;
    for (const auto& member : members) {
      ids.push_back(member.id);
    }
    if (!group_columns_.empty()) {
      const auto tables = read_tables(groups_.empty() ? labels_ : std::vector{groups_}, data);
      for (const auto& text : ionsift::split(group_columns_, ',')) {
        const std::string name(trim(text));
        const auto has = [&](const CsvTable& table) { return table.has(name); };
        if (std::ranges::none_of(tables, has)) {
          tables.front().column(name); // reports similar names
        }
        criteria_.values.push_back(column_of_tables(
            tables, groups_.empty() ? label_options_.id_column : "",
            [&](const CsvTable& table) {
              return has(table) ? std::optional(table.column(name)) : std::nullopt;
            },
            ids));
      }
    }
    if (group_compositions_) {
      const auto tables = read_tables(labels_, data);
      const auto find = [&](const CsvTable& table) -> std::optional<std::size_t> {
        const bool named = table.has(composition_column_);
        return dataset::find_optional_composition_column(table, named ? composition_column_ : "");
      };
      const bool named =
          std::ranges::any_of(tables, [&](const CsvTable& table) { return table.has(composition_column_); });
      if ((!composition_column_.empty() && !named) ||
          std::ranges::none_of(tables, [&](const CsvTable& table) { return find(table).has_value(); })) {
        dataset::find_composition_column(tables.front(), composition_column_); // says what was looked for
      }
      const auto formulas = column_of_tables(tables, label_options_.id_column, find, ids);
      for (std::size_t i = 0; i < ids.size(); ++i) {
        criteria_.compositions.push_back(parse_composition(ids[i], formulas[i]));
      }
    }
    if (criteria_.values.empty() && criteria_.compositions.empty()) {
      return;
    }
    const auto groups = dataset::find_groups(ids, criteria_);
    for (std::size_t i = 0; i < members.size(); ++i) {
      members[i].group = groups[i];
    }
  }

  static std::vector<CsvTable> read_tables(const std::vector<std::string>& names, const std::string& data) {
    std::vector<CsvTable> tables;
    for (const auto& path : find_inputs(names, data)) {
      tables.push_back(CsvTable::read(path));
    }
    return tables;
  }

  /// Empty where the formula is unknown, and with a warning where it cannot be read.
  static crystal::Composition parse_composition(const std::string& id, const std::string& formula) {
    if (dataset::is_placeholder_formula(formula)) {
      return {};
    }
    try {
      return crystal::Composition::parse(formula);
    } catch (const Error& error) {
      log::warning("structure {} is similar to none: {}", id, error.what());
      return {};
    }
  }

  void add_clusters(std::vector<dataset::SplitMember>& members, const std::string& data) const {
    if (clusters_.empty()) {
      return;
    }
    const auto table = CsvTable::read(find_input(clusters_, data));
    auto clusters = values_of(table, dataset::find_id_column(table, ""), table.column("cluster"));
    std::vector<std::string> ids;
    for (const auto& member : members) {
      ids.push_back(member.id);
    }
    take_names(clusters, ids, table.name());
    for (auto& member : members) {
      const auto entry = clusters.find(member.id);
      const auto text = entry == clusters.end() ? std::string() : entry->second;
      const auto cluster = text.empty() ? std::optional<long long>(-1) : parse_integer(text);
      IONSIFT_VALIDATE(
          cluster && *cluster >= -1, data,
          fmt::format("{}: structure {}: \"{}\" is not a cluster", table.name(), member.id, text),
          "expected a whole number from 0 on, -1 or nothing where there is none", "Correct the value.");
      member.cluster = static_cast<int>(*cluster);
    }
  }

  void report(const dataset::DrawnSplit& drawn, bool json, RunRecord& record) const {
    std::map<std::string, Part> parts;
    for (std::size_t i = 0; i < drawn.members.size(); ++i) {
      const auto& member = drawn.members[i];
      const auto add = [&](const std::string& name) {
        auto& part = parts[name];
        ++part.structures;
        part.superionic += static_cast<std::size_t>(member.positive);
        part.groups.insert(member.group.empty() ? "\n" + member.id : member.group);
      };
      add(member.set);
      if (!drawn.folds.empty() && drawn.folds.front()[i] >= 0) {
        add(fmt::format("{}, fold {}", member.set, drawn.folds.front()[i]));
      }
    }
    const auto divided = dataset::divided_groups(drawn.members);
    if (!divided.empty()) {
      log::warning("{} groups have members in more than one set, for example {}: the sets were given and are "
                   "kept",
                   divided.size(), divided.front());
    }
    auto& result = record.result();
    result["seed"] = draw_.seed;
    result["groups_in_more_than_one_set"] = divided.size();
    for (const auto& [name, part] : parts) {
      result["parts"][name] = {
          {"structures", part.structures}, {"superionic", part.superionic}, {"groups", part.groups.size()}};
    }
    if (json) {
      std::cout << record.document().dump(2) << '\n';
      return;
    }
    std::cout << fmt::format("{} structures; the split is {}\n  {:<24}{:>10}{:>12}{:>8}\n",
                             drawn.members.size(), out_, "", "structures", "superionic", "groups");
    for (const auto& [name, part] : parts) {
      std::cout << fmt::format("  {:<24}{:>10}{:>12}{:>8}\n", name, part.structures, part.superionic,
                               part.groups.size());
    }
  }

  std::vector<std::string> labels_;
  std::string out_, store_, split_, groups_, group_columns_, composition_column_, clusters_;
  bool group_compositions_ = false, overwrite_ = false;
  dataset::LabelOptions label_options_;
  dataset::SplitOptions split_options_;
  dataset::GroupCriteria criteria_;
  dataset::SplitDraw draw_;
};

} // namespace

std::unique_ptr<Command> make_split() {
  return std::make_unique<MakeSplit>();
}

} // namespace ionsift::cli
