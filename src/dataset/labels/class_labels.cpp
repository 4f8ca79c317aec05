// SPDX-License-Identifier: BSD-3-Clause
// Reading of classes given in a table.
#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/labels/labels.hpp"
#include "ionsift/dataset/labels/table_columns.hpp"
#include "ionsift/dataset/labels/written_number.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace ionsift::dataset {

namespace {

/// Why a cell is not a class; empty if it is one.
std::string complaint_about(const NumberCell& cell, const std::optional<double>& threshold) {
  if (!cell.number) {
    return cell.complaint;
  }
  const auto& number = *cell.number;
  if (!number.unit.empty() || number.kind != WrittenNumber::Kind::value) {
    return "is not a plain number";
  }
  return threshold || number.value == 0 || number.value == 1 ? "" : "is not a class: classes are 0 and 1";
}

/// Whether a cell means yes.
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

  const NumberColumn numbers(table, label_column);
  Labels labels;
  labels.name_ = table.name();
  labels.tables_.front().name = table.name();
  BadCells bad;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const std::string id(trim(table.cell(row, id_column)));
    const auto& text = table.cell(row, label_column);
    const auto cell = numbers.read(row);
    if (id.empty() || cell.is_unknown()) {
      ++labels.skipped_;
      continue;
    }
    if (std::any_of(exclude.begin(), exclude.end(),
                    [&](std::size_t column) { return is_set(trim(table.cell(row, column))); })) {
      ++labels.excluded_;
      continue;
    }
    if (auto complaint = complaint_about(cell, options.threshold); !complaint.empty()) {
      bad.add(row, id, text, complaint);
      continue;
    }
    Label label;
    label.id = id;
    label.conductivity = std::numeric_limits<double>::quiet_NaN();
    label.positive = cell.number->value > options.threshold.value_or(0) ? 1 : 0;
    if (!labels.add(std::move(label))) {
      bad.add(row, id, text, "gives it two classes");
    }
  }
  bad.require_none(table.name(), options.threshold ? "numbers" : "classes",
                   "Correct them, or leave them empty where they are unknown; a threshold makes classes of "
                   "numbers.");
  labels.remark_on_rows();
  return labels;
}

} // namespace ionsift::dataset
