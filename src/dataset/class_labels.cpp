// Classes that a table states by itself.
#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/columns.hpp"
#include "ionsift/dataset/labels.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace ionsift::dataset {

namespace {

int parse_class(std::string_view text, const std::optional<double>& threshold, const std::string& place) {
  const auto value = parse_number(text);
  if (threshold) {
    IONSIFT_VALIDATE(value, data, fmt::format("{}: \"{}\" is no number", place, text),
                     "numbers above the threshold are class 1",
                     "Correct it, or leave it empty where it is unknown.");
    return *value > *threshold ? 1 : 0;
  }
  IONSIFT_VALIDATE(value && (*value == 0 || *value == 1), data,
                   fmt::format("{}: \"{}\" is no class", place, text), "classes are 0 and 1",
                   "Correct it, leave it empty where it is unknown, or give a threshold for numbers.");
  return static_cast<int>(*value);
}

/// Whether a cell says yes.
bool is_set(std::string_view text) {
  const auto value = parse_number(text);
  return !text.empty() && !equal_ignoring_case(text, "false") && !(value && *value == 0);
}

} // namespace

Labels Labels::read_classes(const std::filesystem::path& path, const ClassOptions& options) {
  const auto table = CsvTable::read(path);
  const auto id_column = find_id_column(table, options.id_column);
  const auto label_column = table.column(options.label_column);
  std::vector<std::size_t> exclude;
  for (const auto& name : options.exclude) {
    exclude.push_back(table.column(name));
  }

  Labels labels;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const std::string id(trim(table.cell(row, id_column)));
    const auto text = trim(table.cell(row, label_column));
    if (id.empty() || text.empty()) {
      ++labels.skipped_;
      continue;
    }
    if (std::any_of(exclude.begin(), exclude.end(),
                    [&](std::size_t column) { return is_set(trim(table.cell(row, column))); })) {
      ++labels.excluded_;
      continue;
    }
    const auto place = fmt::format("{}: structure {}", table.name(), id);
    Label label;
    label.id = id;
    label.conductivity = std::numeric_limits<double>::quiet_NaN();
    label.positive = parse_class(text, options.threshold, place);
    labels.add(std::move(label), place);
  }
  return labels;
}

} // namespace ionsift::dataset
