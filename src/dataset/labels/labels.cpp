// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/labels/labels.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/labels/conductivities.hpp"
#include "ionsift/dataset/labels/table_columns.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string_view>
#include <utility>

namespace ionsift::dataset {

namespace {

/// Ids of readable but odd values.
struct Oddities {
  std::vector<std::string> high, zero, approximate, lower_bounds;
};

/// Why the number is not a label; empty if it is one.
std::string complaint_about(const WrittenNumber& number, double threshold) {
  using Kind = WrittenNumber::Kind;
  if ((number.kind == Kind::upper_bound && number.value > threshold) ||
      (number.kind == Kind::lower_bound && number.value < threshold)) {
    return fmt::format("is a bound that leaves the class open, which begins above {} S/cm", threshold);
  }
  return {};
}

Label make_label(std::string id, const WrittenNumber& number, double threshold, Oddities& oddities) {
  using Kind = WrittenNumber::Kind;
  Label label;
  label.id = std::move(id);
  label.conductivity = number.value;
  label.upper_bound = number.kind == Kind::upper_bound;
  label.positive = number.value > threshold || number.kind == Kind::lower_bound ? 1 : 0;
  if (number.value >= suspicious_conductivity) {
    oddities.high.push_back(fmt::format("{} ({:g} S/cm)", label.id, number.value));
  }
  if (number.value == 0) {
    oddities.zero.push_back(label.id);
  }
  if (number.approximate) {
    oddities.approximate.push_back(label.id);
  }
  if (number.kind == Kind::lower_bound) {
    oddities.lower_bounds.push_back(label.id);
  }
  return label;
}

void remark_on_unit(const ConductivityColumn& column, const std::string& heading, const std::string& table,
                    std::vector<TableRemark>& remarks) {
  if (!column.overridden().empty()) {
    remarks.push_back(
        {true, fmt::format("{}: --conductivity-unit {} comes before {}, which the name of \"{}\" "
                           "says",
                           table, column.unit(), column.overridden(), heading)});
  }
  if (!column.conversion().empty()) {
    remarks.push_back({false, fmt::format("{}: \"{}\" is in {}, so S/cm is {}", table, heading, column.unit(),
                                          column.conversion())});
  }
  constexpr double coldest = 273.15, warmest = 323.15; // K, range of room temperature
  const auto temperature = column.temperature();
  if (temperature && (*temperature < coldest || *temperature > warmest)) {
    remarks.push_back({true, fmt::format("{}: \"{}\" was measured at {:g} K, so classes are those at that "
                                         "temperature, not at room temperature; ionsift label makes labels "
                                         "at room temperature of such measurements",
                                         table, heading, *temperature)});
  }
}

void remark_on_oddities(const Oddities& odd, const std::string& table, std::vector<TableRemark>& remarks) {
  const auto remark = [&](bool warning, const std::vector<std::string>& ids, std::string_view text) {
    if (!ids.empty()) {
      remarks.push_back({warning, fmt::format("{}: {} {}: {}", table, ids.size(), text, list_examples(ids))});
    }
  };
  remark(true, odd.high, "conductivities are 1 S/cm or more, which no lithium conductor reaches");
  remark(true, odd.zero, "conductivities are 0 and count as not superionic; leave cells empty where unknown");
  remark(false, odd.approximate, "approximate values are taken as they are");
  remark(false, odd.lower_bounds, "lower bounds are taken as values");
}

} // namespace

namespace {

ConductivityColumn column_of_conductivities(const CsvTable& table, const LabelOptions& options) {
  if (options.unit_where_none_is_said && !options.conductivity_unit.empty()) {
    try {
      return {table, {options.conductivity_column, ""}};
    } catch (const Error& error) {
      if (error.code() != ErrorCode::missing) {
        throw;
      }
    }
  }
  return {table, {options.conductivity_column, options.conductivity_unit}};
}

} // namespace

Labels Labels::read(const std::filesystem::path& path, const LabelOptions& options) {
  const auto table = CsvTable::read(path);
  const auto id_column = find_id_column(table, options.id_column);
  const auto conductivities = column_of_conductivities(table, options);
  const auto references = reference_column(table);
  const auto value_column = conductivities.index();
  const auto composition_column = find_optional_composition_column(table, options.composition_column);

  Labels labels;
  labels.name_ = table.name();
  labels.composition_column_ = composition_column ? table.header()[*composition_column] : "";
  labels.threshold_ = options.threshold;
  auto& about = labels.tables_.front();
  about.name = table.name();
  about.sha256 = sha256_of_file(path);
  about.composition_column = labels.composition_column_;
  about.unit = {conductivities.unit(), conductivities.conversion(), conductivities.temperature()};
  remark_on_unit(conductivities, table.header()[value_column], table.name(), labels.remarks_);
  BadCells bad;
  Oddities odd;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const std::string id(trim(table.cell(row, id_column)));
    const auto& text = table.cell(row, value_column);
    const auto cell = conductivities.read(row);
    if (id.empty() || (!cell.number && cell.complaint.empty())) {
      ++labels.skipped_;
      continue;
    }
    const auto complaint = cell.number ? complaint_about(*cell.number, options.threshold) : cell.complaint;
    if (!complaint.empty()) {
      bad.add(row, id, text, complaint);
      continue;
    }
    auto label = make_label(id, *cell.number, options.threshold, odd);
    if (composition_column && !is_placeholder_formula(table.cell(row, *composition_column))) {
      label.composition = trim_any_blank(table.cell(row, *composition_column));
    }
    if (references) {
      label.reference = trim(table.cell(row, *references));
    }
    if (!labels.add(std::move(label))) {
      bad.add(row, id, text,
              fmt::format("gives it two classes: another row has {:g} S/cm", labels.find(id)->conductivity));
    }
  }
  bad.require_none(
      table.name(), "conductivities",
      "Correct them; leave cells empty where the conductivity is unknown, and keep one row for each "
      "structure.");
  about.labels = labels.labels_.size();
  about.skipped = labels.skipped_;
  about.repeated = labels.repeated_;
  labels.remark_on_rows();
  remark_on_oddities(odd, table.name(), labels.remarks_);
  return labels;
}

bool Labels::add(Label label) {
  const auto [entry, fresh] = index_.try_emplace(label.id, labels_.size());
  if (fresh) {
    labels_.push_back(std::move(label));
    return true;
  }
  if (labels_[entry->second].positive != label.positive) {
    return false;
  }
  repeated_ids_.push_back(label.id);
  ++repeated_;
  return true;
}

void Labels::remark_on_rows() {
  if (skipped_ > 0) {
    remarks_.push_back(
        {false, fmt::format("{}: {} rows are skipped, which have no id or no value", name_, skipped_)});
  }
  if (repeated_ > 0) {
    remarks_.push_back(
        {true, fmt::format("{}: {} rows repeat an id with the same class; the first row counts: {}", name_,
                           repeated_, list_examples(repeated_ids_))});
  }
}

std::vector<std::string> Labels::ids() const {
  std::vector<std::string> ids;
  ids.reserve(labels_.size());
  for (const auto& label : labels_) {
    ids.push_back(label.id);
  }
  return ids;
}

void Labels::rename(const IdMatch& match) {
  if (match.renamed().empty()) {
    return;
  }
  index_.clear();
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    labels_[i].id = match(labels_[i].id);
    index_.emplace(labels_[i].id, i);
  }
}

const Label* Labels::find(const std::string& id) const {
  const auto entry = index_.find(id);
  return entry == index_.end() ? nullptr : &labels_[entry->second];
}

std::optional<crystal::Composition> Labels::composition_of(const std::string& id) const {
  const auto* label = find(id);
  if (label == nullptr) {
    return std::nullopt;
  }
  try {
    auto composition = crystal::Composition::parse(label->composition);
    return composition.total() > 0 ? std::optional(std::move(composition)) : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

} // namespace ionsift::dataset
