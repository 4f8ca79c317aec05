#include "ionsift/screen/property_table.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/columns.hpp"
#include "ionsift/parallel/together.hpp"

#include <algorithm>
#include <limits>
#include <map>

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

  std::unordered_map<std::string, KnownValue> values;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const std::string id(trim(table.cell(row, id_column)));
    const auto text = trim(table.cell(row, value_column));
    if (id.empty() || text.empty()) {
      continue;
    }
    const auto place = fmt::format("{}: structure {}", table.name(), id);
    const auto value = parse_number(text);
    IONSIFT_VALIDATE(value && *value >= property.smallest, data,
                     fmt::format("{}: \"{}\" is no {}", place, text, property.name),
                     fmt::format("expected a number of {}{}", property.unit,
                                 property.smallest == 0 ? ", zero or more" : ""),
                     "Correct it, or leave it empty where it is unknown.");
    const auto source = source_column ? trim(table.cell(row, *source_column)) : std::string_view{};
    KnownValue entry{*value, source.empty() ? path.filename().string() : std::string(source)};
    const auto [known, fresh] = values.try_emplace(id, std::move(entry));
    IONSIFT_VALIDATE(
        fresh || known->second.value == *value, data, fmt::format("{} has two {}s", place, property.name),
        fmt::format("{} {} and {} {}", known->second.value, property.unit, *value, property.unit),
        "Keep one row for each structure.");
  }
  return values;
}

PropertyTable PropertyTable::read(const parallel::Communicator& comm, const std::filesystem::path& path,
                                  const Property& property, const PropertyColumns& columns) {
  struct Row {
    std::uint64_t key;
    double value;
    std::uint32_t source;
  };
  std::vector<Row> rows;
  std::string sources;
  parallel::on_root(comm, [&] {
    std::map<std::string, std::uint32_t> positions;
    for (const auto& [id, known] : read_property(path, property, columns)) {
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
