#include "ionsift/dataset/labels.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/columns.hpp"

#include <fmt/ranges.h>

#include <cctype>
#include <cmath>
#include <string_view>
#include <utility>

namespace ionsift::dataset {

namespace {

bool holds_unit(const std::string& lower_name, std::string_view prefix) {
  for (const char* unit : {"s cm", "s/cm", "s_cm", "s_per_cm", "s per cm"}) {
    const auto at = lower_name.find(std::string(prefix) + unit);
    // The S must not be the end of another word or of mS.
    if (at != std::string::npos &&
        (at == 0 || !std::isalnum(static_cast<unsigned char>(lower_name[at - 1])))) {
      return true;
    }
  }
  return false;
}

std::size_t find_conductivity_column(const CsvTable& table, const std::string& requested) {
  if (!requested.empty()) {
    return table.column(requested);
  }
  std::vector<std::size_t> found;
  std::string other_unit;
  for (std::size_t i = 0; i < table.header().size(); ++i) {
    const std::string name = to_lower(table.header()[i]);
    if (name.find("conductivity") == std::string::npos) {
      continue;
    }
    if (holds_unit(name, "")) {
      found.push_back(i);
    } else if (holds_unit(name, "m")) {
      other_unit = table.header()[i];
    }
  }
  IONSIFT_VALIDATE(found.size() == 1, missing,
                   fmt::format("{} has {} column with conductivities in S/cm", table.name(),
                               found.empty() ? "no" : "more than one"),
                   other_unit.empty()
                       ? fmt::format("looked for a name with \"conductivity\" and \"S cm\" or \"S/cm\"; its "
                                     "columns are {}",
                                     fmt::join(table.header(), ", "))
                       : fmt::format("\"{}\" has another unit", other_unit),
                   other_unit.empty() ? "Name the column with --conductivity-column."
                                      : "Convert the values to S/cm.");
  return found.front();
}

Label parse_label(std::string id, std::string_view text, double threshold, const std::string& place) {
  Label label;
  label.id = std::move(id);
  label.upper_bound = text.starts_with('<');
  const auto value = parse_number(trim(label.upper_bound ? text.substr(1) : text));
  IONSIFT_VALIDATE(value, data, fmt::format("{}: \"{}\" is no conductivity", place, text),
                   "expected a number in S/cm, or < and a number for an upper bound",
                   "Correct the value, or leave it empty where it is unknown.");
  IONSIFT_VALIDATE(*value >= 0, data, fmt::format("{}: the conductivity {} is negative", place, text),
                   "conductivities are given in S/cm, not as logarithms",
                   "Give 10 to the power of the value.");
  IONSIFT_VALIDATE(!label.upper_bound || *value <= threshold, data,
                   fmt::format("{}: the upper bound {} leaves the class open", place, text),
                   fmt::format("class 1 begins above {} S/cm", threshold),
                   "Leave the value empty, or choose a threshold not below the bound.");
  label.conductivity = *value;
  label.positive = label.conductivity > threshold ? 1 : 0;
  return label;
}

} // namespace

Labels Labels::read(const std::filesystem::path& path, const LabelOptions& options) {
  const auto table = CsvTable::read(path);
  const auto id_column = find_id_column(table, options.id_column);
  const auto value_column = find_conductivity_column(table, options.conductivity_column);
  const auto composition_column = find_optional_composition_column(table, options.composition_column);

  Labels labels;
  labels.threshold_ = options.threshold;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const std::string id(trim(table.cell(row, id_column)));
    const auto text = trim(table.cell(row, value_column));
    if (id.empty() || text.empty()) {
      ++labels.skipped_;
      continue;
    }
    const auto place = fmt::format("{}: structure {}", table.name(), id);
    auto label = parse_label(id, text, options.threshold, place);
    if (composition_column) {
      label.composition = trim(table.cell(row, *composition_column));
    }
    labels.add(std::move(label), place);
  }
  return labels;
}

void Labels::add(Label label, const std::string& place) {
  const auto [entry, fresh] = index_.try_emplace(label.id, labels_.size());
  if (fresh) {
    labels_.push_back(std::move(label));
    return;
  }
  const auto& known = labels_[entry->second];
  IONSIFT_VALIDATE(known.positive == label.positive, data, fmt::format("{} has two classes", place),
                   std::isnan(label.conductivity) ? "it occurs with 0 and with 1"
                                                  : fmt::format("it occurs with {} and with {} S/cm",
                                                                known.conductivity, label.conductivity),
                   "Keep one row for each structure.");
  ++repeated_;
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
