// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/report/page_table.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/crystal/chemistry/element.hpp"
#include "ionsift/screen/element_lists.hpp"
#include "ionsift/screen/measured.hpp"
#include "ionsift/screen/prediction_file.hpp"

#include "csv_records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace ionsift::report {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// How many steps one has in a column of the page.
constexpr double probability_scale = 1e4, distance_scale = 1e3, energy_scale = 1e3;

json scaled(double value, double scale) {
  return std::isfinite(value) ? json(std::llround(value * scale)) : json();
}

/// Texts that occur more than once.
class Dictionary {
public:
  std::size_t operator()(const std::string& text) {
    const auto [found, fresh] = place_.try_emplace(text, values_.size());
    if (fresh) {
      values_.push_back(text);
    }
    return found->second;
  }
  const std::vector<std::string>& values() const { return values_; }

private:
  std::vector<std::string> values_;
  std::unordered_map<std::string, std::size_t> place_;
};

/// A column of such texts.
struct TextColumn {
  Dictionary dictionary;
  json of = json::array();

  void add(const std::string& text) { of.push_back(dictionary(text)); }
  json document() const { return {{"values", dictionary.values()}, {"of", of}}; }
};

/// The first records of a CSV file, header included, as they are.
struct FirstRecords {
  std::string text;
  std::uint64_t all = 0; ///< records of the file without its header
};
FirstRecords first_records(const fs::path& path, std::uint64_t most) {
  CsvRecords in(path);
  IONSIFT_VALIDATE(
      in.is_open(), missing, fmt::format("{} is missing or cannot be read", path.string()),
      "the screening was not finished, or an earlier version made it, which did not rank all structures",
      "Run ionsift screen again with the same --out: what has not changed is taken over.");
  FirstRecords records;
  std::uint64_t read = 0;
  for (; const auto record = in.next(); ++read) {
    if (read <= most) {
      records.text += *record + '\n';
    }
  }
  records.all = read - std::min<std::uint64_t>(read, 1);
  return records;
}

/// "Li6PS5Cl: < 2.0e-03 S/cm (10.1/x)" in its parts, as screen::nearest_measured wrote it.
json measured_parts(const std::string& text) {
  const auto colon = text.find(": ");
  const auto formula = text.substr(0, colon);
  auto rest = colon == std::string::npos ? std::string() : text.substr(colon + 2);
  std::string reference;
  if (const auto open = rest.find('('); open != std::string::npos && rest.ends_with(')')) {
    reference = rest.substr(open + 1, rest.size() - open - 2);
    rest = std::string(trim(rest.substr(0, open)));
  }
  return {{"formula", formula}, {"conductivity", rest == "-" ? "" : rest}, {"reference", reference}};
}

/// Where a structure was read from, without its id: most sources are alike but for that.
std::string pattern_of(const std::string& source, const std::string& id) {
  const auto place = id.empty() ? std::string::npos : source.rfind(id);
  return place == std::string::npos ? source
                                    : source.substr(0, place) + '\x01' + source.substr(place + id.size());
}

std::string key_of(const std::string& id, const std::string& source) {
  return id + '\n' + source;
}

/// What predictions.h5 knows of a row of the table.
struct Known {
  screen::Candidate row;
  bool found = false;
};

std::vector<Known> find_predictions(const fs::path& path, const CsvTable& table) {
  const auto id = table.column("id"), source = table.column("source");
  std::unordered_map<std::string, std::size_t> place;
  for (std::size_t row = 0; row < table.size(); ++row) {
    place.emplace(key_of(table.cell(row, id), table.cell(row, source)), row);
  }
  std::vector<Known> known(table.size());
  const screen::PredictionReader reader(path);
  for (std::uint64_t first = 0; first < reader.size(); first += screen::rows_at_once) {
    for (auto& row : reader.rows(first, std::min(screen::rows_at_once, reader.size() - first))) {
      if (const auto found = place.find(key_of(row.id, row.source)); found != place.end()) {
        known[found->second] = {std::move(row), true};
      }
    }
  }
  return known;
}

std::string verdicts_of(const screen::Candidate& row) {
  std::string text;
  for (std::size_t filter = 0; filter < screen::all_filters.size(); ++filter) {
    text += row.verdicts[filter] == screen::verdict_passed   ? '1'
            : row.verdicts[filter] == screen::verdict_failed ? '0'
                                                             : '-';
  }
  return text;
}

json element_lists() {
  json lists;
  for (const auto& [name, set] :
       {std::pair("redox metals", &screen::redox_metals()), std::pair("toxic", &screen::toxic_elements()),
        std::pair("radioactive", &screen::radioactive_elements()),
        std::pair("scarce", &screen::scarce_elements())}) {
    lists[name] = json::array();
    for (const int number : *set) {
      lists[name].push_back(std::string(crystal::element(number).symbol));
    }
  }
  return lists;
}

json filters() {
  json list = json::array();
  for (const auto filter : screen::all_filters) {
    list.push_back({{"name", screen::name_of(filter)}, {"reason", screen::reason_of(filter)}});
  }
  return list;
}

/// The columns of numbers: name, steps in one, and where a row has it.
struct NumberColumn {
  const char* name;
  double scale;
  double (*value)(const screen::Candidate& row);
};
constexpr std::array number_columns = {
    NumberColumn{"P_SI", probability_scale, [](const screen::Candidate& row) { return row.probability; }},
    NumberColumn{"SD", probability_scale, [](const screen::Candidate& row) { return row.sd; }},
    NumberColumn{"P_SI_05", probability_scale,
                 [](const screen::Candidate& row) { return row.quantile.front(); }},
    NumberColumn{"P_SI_95", probability_scale,
                 [](const screen::Candidate& row) { return row.quantile.back(); }},
    NumberColumn{"d_training", distance_scale, [](const screen::Candidate& row) { return row.d_training; }},
    NumberColumn{"band_gap_eV", energy_scale, [](const screen::Candidate& row) { return row.band_gap; }},
    NumberColumn{"energy_above_hull", energy_scale, [](const screen::Candidate& row) { return row.hull; }}};

/// Fills the table column by column.
class TableMaker {
public:
  TableMaker(const CsvTable& ranking, const std::vector<Known>& known) : ranking_(ranking), known_(known) {}

  json make() {
    json document = {{"rows", ranking_.size()}, {"filters", filters()}, {"element_lists", element_lists()}};
    for (const auto* name : {"id", "formula"}) {
      const auto column = ranking_.column(name);
      document[name] = json::array();
      for (std::size_t row = 0; row < ranking_.size(); ++row) {
        document[name].push_back(ranking_.cell(row, column));
      }
    }
    for (const auto& column : number_columns) {
      document["scales"][column.name] = column.scale;
      document[column.name] = json::array();
      for (const auto& known : known_) {
        document[column.name].push_back(known.found ? scaled(column.value(known.row), column.scale) : json());
      }
    }
    add_texts(document);
    add_nearest(document);
    return document;
  }

private:
  void add_texts(json& document) {
    const auto status = ranking_.column("status"), source = ranking_.column("source"),
               id = ranking_.column("id"), comment = ranking_.column("comment");
    TextColumn statuses, details, gaps, verdicts, sources;
    std::string ordered;
    document["same_as"] = json::object();
    document["comments"] = json::object();
    for (std::size_t row = 0; row < ranking_.size(); ++row) {
      const auto& text = ranking_.cell(row, status);
      const auto colon = text.find(": ");
      statuses.add(text.substr(0, colon));
      details.add(colon == std::string::npos ? "" : text.substr(colon + 2));
      sources.add(pattern_of(ranking_.cell(row, source), ranking_.cell(row, id)));
      const auto& known = known_[row];
      gaps.add(known.found ? known.row.band_gap_source : "");
      verdicts.add(known.found ? verdicts_of(known.row) : "");
      ordered += known.found ? (known.row.ordered ? '1' : '0') : '-';
      if (known.found && !known.row.leads()) {
        document["same_as"][std::to_string(row)] = known.row.group;
      }
      if (const auto& words = ranking_.cell(row, comment); !words.empty()) {
        document["comments"][std::to_string(row)] = words;
      }
    }
    document["status"] = statuses.document();
    document["detail"] = details.document();
    document["band_gap_source"] = gaps.document();
    document["verdicts"] = verdicts.document();
    document["source"] = sources.document();
    document["ordered"] = ordered;
  }

  void add_nearest(json& document) {
    Dictionary dictionary;
    json of = json::array();
    for (std::size_t n = 1; n <= screen::measured_neighbours; ++n) {
      const auto column = ranking_.column(fmt::format("nearest_measured_{}", n));
      of.push_back(json::array());
      for (std::size_t row = 0; row < ranking_.size(); ++row) {
        const auto& text = ranking_.cell(row, column);
        of.back().push_back(text.empty() ? -1 : static_cast<std::int64_t>(dictionary(text)));
      }
    }
    json values = json::array();
    for (const auto& text : dictionary.values()) {
      values.push_back(measured_parts(text));
    }
    document["nearest"] = {{"values", values}, {"of", of}};
  }

  const CsvTable& ranking_;
  const std::vector<Known>& known_;
};

bool is_candidate(const Known& known) {
  return known.found && !known.row.dropped_by && known.row.leads() && std::isfinite(known.row.probability);
}

/// The first of each list, by id.
std::unordered_set<std::string> first_listed(const json& lists, std::uint64_t most) {
  std::unordered_set<std::string> ids;
  if (lists.is_null()) {
    return ids;
  }
  const auto place = [&](const char* name) {
    const auto& columns = lists["columns"];
    return static_cast<std::size_t>(std::ranges::find(columns, name) - columns.begin());
  };
  const auto rank = place("rank"), id = place("id");
  for (const auto& row : lists["rows"]) {
    const auto number = parse_integer(row[rank].get<std::string>());
    if (number && static_cast<std::uint64_t>(*number) <= most) {
      ids.insert(row[id].get<std::string>());
    }
  }
  return ids;
}

} // namespace

PageTable read_page_table(const fs::path& screening, const PageTableOptions& options) {
  const auto path = screening / "ranking.csv";
  const auto records = first_records(path, options.rows);
  const auto ranking = CsvTable::parse(records.text, path.string());
  const auto known = find_predictions(screening / "predictions.h5", ranking);
  PageTable table;
  table.columns = TableMaker(ranking, known).make();
  table.columns["structures"] = records.all;
  constexpr std::uint64_t lists_share = 5;
  const auto listed =
      first_listed(read_page_lists(screening), (options.pictures + lists_share - 1) / lists_share);
  std::uint64_t pictures = 0;
  for (const auto& one : known) {
    const bool first = is_candidate(one) && pictures < options.pictures;
    pictures += first ? 1 : 0;
    if (first || (one.found && listed.contains(one.row.id))) {
      table.pictured.push_back({one.row.id, one.row.sha256, one.row.index});
    }
    if (is_candidate(one) && table.candidates.size() < options.marked) {
      table.candidates.push_back(one.row.id);
    }
  }
  return table;
}

json read_page_lists(const fs::path& screening) {
  const auto path = screening / "lists.csv";
  if (!fs::exists(path)) {
    return {};
  }
  const auto table = CsvTable::read(path);
  json rows = json::array();
  for (std::size_t row = 0; row < table.size(); ++row) {
    rows.push_back(table.row(row));
  }
  return {{"columns", table.header()}, {"rows", rows}};
}

json read_page_kinds(const fs::path& screening) {
  const auto path = screening / "kinds.csv";
  if (!fs::exists(path)) {
    return {};
  }
  const auto table = CsvTable::read(path);
  const auto id = table.column("id");
  json kinds = {{"kinds", json::array()}, {"of", json::object()}};
  for (const auto& name : table.header()) {
    if (name != "id") {
      kinds["kinds"].push_back(name);
    }
  }
  for (std::size_t row = 0; row < table.size(); ++row) {
    auto& values = kinds["of"][table.cell(row, id)] = json::array();
    for (std::size_t column = 0; column < table.header().size(); ++column) {
      if (column != id) {
        const auto number = parse_number(table.cell(row, column));
        values.push_back(number ? json(*number) : json());
      }
    }
  }
  return kinds;
}

} // namespace ionsift::report
