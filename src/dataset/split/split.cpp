// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/split/split.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/labels/table_columns.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <string_view>

namespace ionsift::dataset {

namespace {

/// @param what "fold" or "cluster", for the message
int parse_part(std::string_view text, std::string_view what, const std::string& place) {
  if (text.empty()) {
    return -1;
  }
  const auto value = parse_integer(text);
  IONSIFT_VALIDATE(value && *value >= -1 && *value <= std::numeric_limits<int>::max(), data,
                   fmt::format("{}: \"{}\" is not a {}", place, text, what),
                   "expected a whole number from 0 on, -1 or nothing where there is none",
                   "Correct the value.");
  return static_cast<int>(*value);
}

std::string describe(const SplitRow& row) {
  return fmt::format("set {}, fold {}, cluster {}, group \"{}\"", row.set, row.fold, row.cluster, row.group);
}

/// The distinct values of one field of the rows, ascending, without the one for "none".
template <typename T>
std::vector<T> distinct(const std::unordered_map<std::string, SplitRow>& rows, T SplitRow::*member,
                        const T& none) {
  std::set<T> values;
  for (const auto& [id, row] : rows) {
    values.insert(row.*member);
  }
  values.erase(none);
  return {values.begin(), values.end()};
}

} // namespace

Split Split::read(const std::filesystem::path& path, const SplitOptions& options) {
  const auto table = CsvTable::read(path);
  const auto id_column = find_id_column(table, options.id_column);
  const auto set_column =
      find_column(table, options.set_column, {"set", "split"}, "the structures' set", "--set-column");
  const auto cluster_column = find_optional_column(table, options.cluster_column, {"cluster"});
  const auto fold_column = find_optional_column(table, options.fold_column, {"fold", "kfold"});
  const auto group_column = find_optional_column(table, options.group_column, {"group"});

  Split split;
  split.name_ = table.name();
  for (std::size_t i = 0; i < table.size(); ++i) {
    const std::string id(trim(table.cell(i, id_column)));
    SplitRow row;
    row.set = to_lower(trim(table.cell(i, set_column)));
    if (id.empty() || row.set.empty()) {
      continue;
    }
    const auto place = fmt::format("{}: structure {}", table.name(), id);
    if (cluster_column) {
      row.cluster = parse_part(trim(table.cell(i, *cluster_column)), "cluster", place);
    }
    if (fold_column) {
      row.fold = parse_part(trim(table.cell(i, *fold_column)), "fold", place);
    }
    if (group_column) {
      row.group = trim(table.cell(i, *group_column));
    }
    const auto [known, fresh] = split.rows_.try_emplace(id, row);
    IONSIFT_VALIDATE(fresh || known->second == row, data, fmt::format("{} is listed twice", place),
                     fmt::format("as {} and as {}", describe(known->second), describe(row)),
                     "Keep one row for each structure.");
  }
  return split;
}

std::vector<std::string> Split::ids() const {
  std::vector<std::string> ids;
  ids.reserve(rows_.size());
  for (const auto& [id, row] : rows_) {
    ids.push_back(id);
  }
  std::ranges::sort(ids);
  return ids;
}

void Split::rename(const IdMatch& match) {
  for (const auto& [from, to] : match.renamed()) {
    if (auto row = rows_.extract(from)) {
      row.key() = to;
      rows_.insert(std::move(row));
    }
  }
}

const SplitRow* Split::find(const std::string& id) const {
  const auto entry = rows_.find(id);
  return entry == rows_.end() ? nullptr : &entry->second;
}

std::vector<std::string> Split::sets() const {
  return distinct(rows_, &SplitRow::set, std::string());
}

std::vector<int> Split::folds() const {
  return distinct(rows_, &SplitRow::fold, -1);
}

std::vector<int> Split::clusters() const {
  return distinct(rows_, &SplitRow::cluster, -1);
}

std::vector<std::string> Split::groups() const {
  return distinct(rows_, &SplitRow::group, std::string());
}

} // namespace ionsift::dataset
