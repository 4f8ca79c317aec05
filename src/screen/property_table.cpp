#include "ionsift/screen/property_table.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/columns.hpp"
#include "ionsift/parallel/together.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace ionsift::screen {

namespace {

using Values = std::unordered_map<std::string, KnownValue>;

/// An id without the ending of a structure's file, blanks at its ends, and letter case.
std::string loose_id(std::string_view id) {
  std::string loose = to_lower(trim(id));
  const auto erase = [&](std::string_view blank) {
    for (std::size_t at = 0; (at = loose.find(blank, at)) != std::string::npos;) {
      loose.erase(at, blank.size());
    }
  };
  erase("\xEF\xBB\xBF"); // byte order mark
  erase("\xC2\xA0");     // no-break space
  for (const std::string_view ending : {".gz", ".cif", ".mcif", ".vasp", ".poscar", ".xyz", ".json"}) {
    if (loose.size() > ending.size() && loose.ends_with(ending)) {
      loose.erase(loose.size() - ending.size());
    }
  }
  return loose;
}

/// What a table has for ids of the store, by these; and what is to be said of the others.
class IdMatcher {
public:
  IdMatcher(const Values& values, std::string table) : values_(values), table_(std::move(table)) {
    for (const auto& [id, value] : values) {
      const auto [known, fresh] = loose_.try_emplace(loose_id(id), id);
      known->second = fresh ? id : std::string(); // of two ids that are alike none is meant
    }
  }

  void add(const std::string& id) {
    const auto exact = values_.find(id);
    const auto loose = exact == values_.end() ? loose_.find(loose_id(id)) : loose_.end();
    const auto found = exact != values_.end() || loose == loose_.end() ? exact : values_.find(loose->second);
    if (found == values_.end()) {
      return;
    }
    used_.insert(found->first);
    if (exact == values_.end() && loosely_++ == 0) {
      example_ = fmt::format("'{}' for '{}'", found->first, id);
    }
    const auto [known, fresh] = matched_.try_emplace(id, found->second);
    if (!fresh) {
      repeated_.insert(id);
    }
  }

  Values take(const Property& property, std::size_t structures) {
    for (const auto& id : repeated_) {
      matched_.erase(id);
    }
    if (!repeated_.empty()) {
      log::warning(
          "{}: the {} of {} ids was not used, for example of '{}': several structures have these ids", table_,
          property.name, repeated_.size(), *repeated_.begin());
    }
    if (loosely_ > 0) {
      log::info("{}: {} ids match without endings, blanks and letter case, for example {}", table_, loosely_,
                example_);
    }
    warn_of_others(property, structures);
    return std::move(matched_);
  }

private:
  void warn_of_others(const Property& property, std::size_t structures) const {
    std::vector<std::string> others;
    for (const auto& [id, value] : values_) {
      if (!used_.contains(id)) {
        others.push_back(id);
      }
    }
    std::ranges::sort(others);
    constexpr std::size_t most = 5;
    const std::vector<std::string> examples(
        others.begin(), others.begin() + static_cast<std::ptrdiff_t>(std::min(most, others.size())));
    IONSIFT_VALIDATE(
        others.size() < values_.size() || values_.empty() || structures == 0, missing,
        fmt::format("none of the {} ids of {} is in the store", values_.size(), table_),
        fmt::format("its ids are {}", fmt::join(examples, ", ")),
        fmt::format("Give the {} by the ids of the store, which ionsift inspect shows.", property.name));
    if (!others.empty()) {
      log::warning("{}: {} of {} ids are not in the store, for example {}", table_, others.size(),
                   values_.size(), fmt::join(examples, ", "));
    }
  }

  const Values& values_;
  std::string table_;
  std::unordered_map<std::string, std::string> loose_; ///< the table's id by its loose form; empty: several
  Values matched_;                                     ///< by ids of the store
  std::set<std::string> used_;                         ///< ids of the table
  std::set<std::string> repeated_;                     ///< ids of the store that several structures have
  std::size_t loosely_ = 0;
  std::string example_;
};

Values match_ids(const Values& values, const std::filesystem::path& path, const Property& property,
                 const std::vector<std::string>& ids) {
  IdMatcher matcher(values, path.filename().string());
  for (const auto& id : ids) {
    matcher.add(id);
  }
  return matcher.take(property, ids.size());
}

} // namespace

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
                                  const Property& property, const PropertyColumns& columns,
                                  const std::vector<std::string>& ids) {
  struct Row {
    std::uint64_t key;
    double value;
    std::uint32_t source;
  };
  std::vector<Row> rows;
  std::string sources;
  parallel::on_root(comm, [&] {
    std::map<std::string, std::uint32_t> positions;
    for (const auto& [id, known] : match_ids(read_property(path, property, columns), path, property, ids)) {
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
