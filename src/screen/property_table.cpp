// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/screen/property_table.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/labels/id_matching.hpp"
#include "ionsift/dataset/labels/table_columns.hpp"
#include "ionsift/dataset/labels/written_number.hpp"
#include "ionsift/parallel/together.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace ionsift::screen {

const Property band_gap_property = {
    "band gap", "band_gap_eV,band_gap,gap_eV,gap", "band_gap_source", "--gap-column", "eV", 0};
const Property hull_property = {"energy above the hull",
                                "e_above_hull,energy_above_hull,e_hull,ehull,e_above_hull_eV_per_atom",
                                "",
                                "--hull-column",
                                "eV/atom",
                                -std::numeric_limits<double>::infinity()};

std::unordered_map<std::string, KnownValue>
read_property(const std::filesystem::path& path, const Property& property, const PropertyColumns& columns) {
  const auto table = CsvTable::read(path);
  const auto id_column = dataset::find_id_column(table, columns.id);
  const auto value_column = dataset::find_column(table, columns.value, split(property.columns, ','),
                                                 fmt::format("the {}", property.name), property.option);
  const auto source_column =
      dataset::find_optional_column(table, columns.source, split(property.source, ','));

  const dataset::NumberColumn numbers(table, value_column);
  dataset::BadCells bad;
  std::unordered_map<std::string, KnownValue> values;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const std::string id(trim(table.cell(row, id_column)));
    const auto text = trim(table.cell(row, value_column));
    const auto cell = numbers.read(row);
    if (id.empty() || cell.is_unknown()) {
      continue;
    }
    auto complaint = cell.number ? "" : cell.complaint;
    if (cell.number &&
        !(cell.number->unit.empty() || equal_ignoring_case(cell.number->unit, property.unit))) {
      complaint = fmt::format("is not a number of {}", property.unit);
    } else if (cell.number && cell.number->kind != dataset::WrittenNumber::Kind::value) {
      complaint = "is a bound and not a value";
    } else if (cell.number && cell.number->value < property.smallest) {
      complaint = fmt::format("is less than {:g} {}", property.smallest, property.unit);
    }
    if (!complaint.empty()) {
      bad.add(row, id, text, complaint);
      continue;
    }
    const double value = cell.number->value;
    const auto source = source_column ? trim(table.cell(row, *source_column)) : std::string_view{};
    KnownValue entry{value, source.empty() ? path.filename().string() : std::string(source)};
    const auto [known, fresh] = values.try_emplace(id, std::move(entry));
    if (!fresh && known->second.value != value) {
      bad.add(row, id, text,
              fmt::format("gives it two {}s: another row has {} {}", property.name, known->second.value,
                          property.unit));
    }
  }
  bad.require_none(table.name(), fmt::format("{}s", property.name),
                   "Correct them, leave cells empty where the value is unknown, and keep one row for each "
                   "structure.");
  return values;
}

namespace {

/// Ids that more than one structure has.
std::set<std::string> shared_ids(std::vector<std::string> ids) {
  std::ranges::sort(ids);
  std::set<std::string> shared;
  for (std::size_t i = 1; i < ids.size(); ++i) {
    if (ids[i] == ids[i - 1]) {
      shared.insert(ids[i]);
    }
  }
  return shared;
}

/// Gives values the ids of a store's structures; for the root.
void take_ids(std::unordered_map<std::string, KnownValue>& values, const store::Reader& structures,
              const std::filesystem::path& path, const Property& property) {
  const auto known = structures.ids(0, structures.size());
  if (known.empty()) {
    return;
  }
  std::vector<std::string> ids;
  for (const auto& [id, value] : values) {
    ids.push_back(id);
  }
  std::ranges::sort(ids);
  const dataset::IdMatch match(ids, known, path.string(), structures.path().string());
  IONSIFT_VALIDATE(match.matched() > 0 || match.size() == 0, data,
                   fmt::format("{} has the {} of none of the structures", path.string(), property.name),
                   match.remark_on_unmatched(), "Name the structures of the table as the store does.");
  if (const auto text = match.remark_on_loose(); !text.empty()) {
    log::info("{}", text);
  }
  if (const auto text = match.remark_on_unmatched(); !text.empty()) {
    log::warning("{}", text);
  }
  for (const auto& [from, to] : match.renamed()) {
    auto value = values.extract(from);
    value.key() = to;
    values.insert(std::move(value));
  }
  std::vector<std::string> joined_by_none;
  for (const auto& id : shared_ids(known)) {
    if (values.erase(id) > 0) {
      joined_by_none.push_back(id);
    }
  }
  if (!joined_by_none.empty()) {
    log::warning(
        "{} ids of {} belong to more than one structure, whose {} is therefore not taken from {}: {}",
        joined_by_none.size(), structures.path().string(), property.name, path.string(),
        dataset::list_examples(joined_by_none));
  }
}

} // namespace

PropertyTable PropertyTable::read(const parallel::Communicator& comm, const std::filesystem::path& path,
                                  const Property& property, const PropertyColumns& columns) {
  std::unordered_map<std::string, KnownValue> values;
  parallel::on_root(comm, [&] { values = read_property(path, property, columns); });
  return share(comm, values);
}

PropertyTable PropertyTable::read(const parallel::Communicator& comm, const std::filesystem::path& path,
                                  const Property& property, const PropertyColumns& columns,
                                  const store::Reader& structures) {
  std::unordered_map<std::string, KnownValue> values;
  parallel::on_root(comm, [&] {
    values = read_property(path, property, columns);
    take_ids(values, structures, path, property);
  });
  return share(comm, values);
}

PropertyTable PropertyTable::share(const parallel::Communicator& comm,
                                   const std::unordered_map<std::string, KnownValue>& values) {
  struct Row {
    std::uint64_t key;
    double value;
    std::uint32_t source;
  };
  std::vector<Row> rows;
  std::string sources;
  parallel::on_root(comm, [&] {
    std::map<std::string, std::uint32_t> positions;
    for (const auto& [id, known] : values) {
      const auto next = static_cast<std::uint32_t>(positions.size());
      const auto [position, fresh] = positions.emplace(known.source, next);
      sources += fresh ? known.source + '\n' : "";
      rows.push_back({sha256_key(id), known.value, position->second});
    }
    std::ranges::sort(rows, {}, &Row::key);
  });
  rows = comm.broadcast(std::move(rows));
  sources = comm.broadcast(sources);
  PropertyTable table;
  table.sources_ = split(sources, '\n');
  for (const auto& row : rows) {
    table.keys_.push_back(row.key);
    table.values_.push_back(row.value);
    table.source_.push_back(row.source);
  }
  return table;
}

std::optional<KnownValue> PropertyTable::find(const std::string& id) const {
  const auto key = sha256_key(id);
  const auto found = std::ranges::lower_bound(keys_, key);
  if (found == keys_.end() || *found != key) {
    return std::nullopt;
  }
  const auto position = static_cast<std::size_t>(found - keys_.begin());
  return KnownValue{values_[position], sources_[source_[position]]};
}

} // namespace ionsift::screen
