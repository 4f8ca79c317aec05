#include "ionsift/dataset/split.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/columns.hpp"

#include <limits>
#include <set>
#include <string_view>

namespace ionsift::dataset {

namespace {

int parse_cluster(std::string_view text, const std::string& place) {
  if (text.empty()) {
    return -1;
  }
  const auto value = parse_integer(text);
  IONSIFT_VALIDATE(value && *value >= -1 && *value <= std::numeric_limits<int>::max(), data,
                   fmt::format("{}: \"{}\" is no cluster", place, text),
                   "expected a whole number from 0 on, -1 or nothing where there is none",
                   "Correct the value.");
  return static_cast<int>(*value);
}

} // namespace

Split Split::read(const std::filesystem::path& path, const SplitOptions& options) {
  const auto table = CsvTable::read(path);
  const auto id_column = find_id_column(table, options.id_column);
  const auto set_column =
      find_column(table, options.set_column, {"set", "split"}, "the structures' set", "--set-column");
  const auto cluster_column = find_optional_column(table, options.cluster_column, {"cluster"});

  Split split;
  split.name_ = table.name();
  for (std::size_t i = 0; i < table.size(); ++i) {
    const std::string id(trim(table.cell(i, id_column)));
    SplitRow row{to_lower(trim(table.cell(i, set_column)))};
    if (id.empty() || row.set.empty()) {
      continue;
    }
    const auto place = fmt::format("{}: structure {}", table.name(), id);
    if (cluster_column) {
      row.cluster = parse_cluster(trim(table.cell(i, *cluster_column)), place);
    }
    const auto [known, fresh] = split.rows_.try_emplace(id, row);
    IONSIFT_VALIDATE(fresh || known->second == row, data, fmt::format("{} is listed twice", place),
                     fmt::format("in set {} (cluster {}) and in set {} (cluster {})", known->second.set,
                                 known->second.cluster, row.set, row.cluster),
                     "Keep one row for each structure.");
  }
  return split;
}

const SplitRow* Split::find(const std::string& id) const {
  const auto entry = rows_.find(id);
  return entry == rows_.end() ? nullptr : &entry->second;
}

std::vector<std::string> Split::sets() const {
  std::set<std::string> names;
  for (const auto& [id, row] : rows_) {
    names.insert(row.set);
  }
  return {names.begin(), names.end()};
}

} // namespace ionsift::dataset
