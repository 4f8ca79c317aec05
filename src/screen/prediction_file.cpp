// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/screen/prediction_file.hpp"

#include "ionsift/base/checksum.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/base/version.hpp"

#include "candidate_columns.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>

namespace ionsift::screen {

namespace {

/// Puts a field behind the values of its column; in the file bool is uint8 and int is int32.
class Collector {
public:
  explicit Collector(std::vector<store::TableColumn>& columns) : columns_(columns) {}

  void operator()(const std::string&, const std::string& text) const { put(text); }
  void operator()(const std::string&, double value) const { put(value); }
  void operator()(const std::string&, int value) const { put(static_cast<std::int32_t>(value)); }
  void operator()(const std::string&, std::int8_t value) const { put(value); }
  void operator()(const std::string&, bool value) const { put(static_cast<std::uint8_t>(value ? 1 : 0)); }

private:
  template <typename T>
  void put(const T& value) const {
    std::get<std::vector<T>>(columns_[next_++].values).push_back(value);
  }
  std::vector<store::TableColumn>& columns_;
  mutable std::size_t next_ = 0;
};

/// Columns of no rows.
class Namer {
public:
  explicit Namer(std::vector<store::TableColumn>& columns) : columns_(columns) {}

  void operator()(const std::string& name, const std::string&) const { name_as<std::string>(name); }
  void operator()(const std::string& name, double) const { name_as<double>(name); }
  void operator()(const std::string& name, int) const { name_as<std::int32_t>(name); }
  void operator()(const std::string& name, std::int8_t) const { name_as<std::int8_t>(name); }
  void operator()(const std::string& name, bool) const { name_as<std::uint8_t>(name); }

private:
  template <typename T>
  void name_as(const std::string& name) const {
    columns_.push_back({name, std::vector<T>()});
  }
  std::vector<store::TableColumn>& columns_;
};

constexpr auto dropped_by = "dropped_by";
constexpr auto checksum = "checksum";

std::string dropping_filter(const Candidate& row) {
  return row.dropped_by ? std::string(name_of(*row.dropped_by)) : "";
}

/// Of all columns of a row but those on groups, as they are in the file.
/// @param lacks returns whether the file lacks a column
template <typename Lacks>
std::uint64_t checksum_of(const Candidate& row, const Lacks& lacks) {
  Checksum sum;
  visit_columns(row, [&]<typename Field>(const std::string& name, const Field& field) {
    if (lacks(name)) {
      return;
    }
    if constexpr (std::is_same_v<Field, std::string>) {
      sum.add_text(field);
    } else if constexpr (std::is_same_v<Field, bool>) {
      sum.add(static_cast<std::uint8_t>(field ? 1 : 0));
    } else {
      sum.add(field);
    }
  });
  return sum.add_text(dropping_filter(row)).value();
}

std::string names_of_filters() {
  std::vector<std::string_view> names;
  for (const auto filter : all_filters) {
    names.push_back(name_of(filter));
  }
  return fmt::format("{}", fmt::join(names, ","));
}

/// Attributes that readers look at, and a checksum of them.
constexpr std::array summed_attributes = {"program_version", "filters", "prediction_key", "gap_key"};

template <typename Get>
std::string checksum_of_attributes(const Get& get) {
  Checksum sum;
  for (const auto* name : summed_attributes) {
    sum.add_text(get(name));
  }
  return fmt::format("{:016x}", sum.value());
}

/// The file's entry for a filter's name.
std::optional<Filter> read_filter(const std::string& name, const h5::File& file) {
  const auto filter = filter_of(name);
  IONSIFT_VALIDATE(filter || name.empty(), format, fmt::format("{} names a filter '{}'", file.name(), name),
                   "this program has none of that name", "Screen again with this version.");
  return filter;
}

} // namespace

std::vector<store::TableColumn> columns_of(const std::vector<Candidate>& rows) {
  std::vector<store::TableColumn> columns;
  const Candidate nothing;
  visit_columns(nothing, Namer(columns));
  for (const auto& row : rows) {
    visit_columns(row, Collector(columns));
  }
  std::vector<std::string> dropped;
  std::vector<std::uint64_t> sums;
  for (const auto& row : rows) {
    dropped.push_back(dropping_filter(row));
    sums.push_back(checksum_of(row, [](const std::string&) { return false; }));
  }
  columns.push_back({dropped_by, std::move(dropped)});
  columns.push_back({checksum, std::move(sums)});
  return columns;
}

void write_attributes(store::TableWriter& table, const std::string& prediction_key,
                      const std::string& gap_key) {
  const std::map<std::string, std::string> attributes = {{"program_version", std::string(version())},
                                                         {"filters", names_of_filters()},
                                                         {"prediction_key", prediction_key},
                                                         {"gap_key", gap_key}};
  table.set_attribute("format", predictions_format);
  table.set_attribute("schema", predictions_schema);
  for (const auto& [name, text] : attributes) {
    table.set_attribute(name, text);
  }
  table.set_attribute(checksum,
                      checksum_of_attributes([&](const char* name) { return attributes.at(name); }));
}

std::uint64_t group_checksum(const std::string& group, std::int32_t size) {
  return Checksum().add_text(group).add(size).value();
}

PredictionReader::PredictionReader(const std::filesystem::path& path) : file_(h5::File::open(path)) {
  const auto schema = attribute("schema");
  const bool ours =
      schema == predictions_schema || std::ranges::count(predictions_schemas_before, schema) > 0;
  IONSIFT_VALIDATE(attribute("format") == predictions_format && ours, format,
                   fmt::format("{} holds no predictions that this program reads", path.string()),
                   fmt::format("its format is '{}', schema '{}'", attribute("format"), schema),
                   "Screen again with this version.");
  schema_ = static_cast<int>(parse_integer(schema).value_or(0));
  const auto sum = checksum_of_attributes([&](const char* name) { return attribute(name); });
  IONSIFT_VALIDATE(!has_checksums() || attribute(checksum) == sum, data,
                   fmt::format("the attributes of {} are damaged", path.string()),
                   "they differ from their checksum", "Copy the file again, or screen again.");
  for (const auto& name : split(attribute("filters"), ',')) {
    filters_.emplace(trim(name));
  }
  size_ = dataset("P_SI").rows();
}

bool PredictionReader::lacks(const std::string& column) const {
  constexpr std::string_view verdict = "passes_";
  if (column.starts_with(verdict)) {
    return !filters_.contains(std::string_view(column).substr(verdict.size()));
  }
  static const std::set<std::string, std::less<>> since_4 = {
      "lithium", "composition_distance_2", "nearest_composition_id_2", "composition_distance_3",
      "nearest_composition_id_3"};
  return (!has_components() && column.starts_with("PC")) || (schema_ < 4 && since_4.contains(column));
}

std::string PredictionReader::attribute(std::string_view name) const {
  return file_.has_attribute("/", name) ? file_.text_attribute("/", name) : "";
}

const h5::Dataset& PredictionReader::dataset(std::string_view name) const {
  const auto found = open_.find(name);
  return found != open_.end() ? found->second
                              : open_.emplace(std::string(name), file_.dataset(name)).first->second;
}

std::vector<std::string> PredictionReader::texts(std::string_view column, std::uint64_t first,
                                                 std::uint64_t count) const {
  return dataset(column).read_text_rows(first, count);
}

std::vector<Candidate> PredictionReader::rows(std::uint64_t first, std::uint64_t count) const {
  std::vector<Candidate> rows(count);
  // Column by column: the fields of one row determine the columns.
  std::vector<std::optional<store::TableColumn::Values>> columns;
  Candidate nothing;
  const auto read = [&]<typename Field>(const std::string& name, const Field&) {
    if (lacks(name)) {
      columns.emplace_back();
    } else if constexpr (std::is_same_v<Field, std::string>) {
      columns.emplace_back(dataset(name).read_text_rows(first, count));
    } else {
      using Stored = std::conditional_t<std::is_same_v<Field, bool>, std::uint8_t,
                                        std::conditional_t<std::is_same_v<Field, int>, std::int32_t, Field>>;
      columns.emplace_back(dataset(name).read_rows<Stored>(first, count));
    }
  };
  visit_columns(nothing, read);
  const auto dropped = dataset(dropped_by).read_text_rows(first, count);
  for (std::uint64_t i = 0; i < count; ++i) {
    std::size_t next = 0;
    rows[i].verdicts.fill(verdict_not_asked);
    visit_columns(rows[i], [&]<typename Field>(const std::string&, Field& field) {
      const auto& column = columns[next++];
      if (!column) {
        return;
      }
      std::visit(
          [&]<typename Stored>(const std::vector<Stored>& values) {
            if constexpr (std::is_same_v<Stored, std::string> == std::is_same_v<Field, std::string>) {
              if constexpr (std::is_same_v<Field, bool>) {
                field = values[i] != 0;
              } else {
                field = static_cast<Field>(values[i]);
              }
            }
          },
          *column);
    });
    rows[i].index = first + i;
    rows[i].dropped_by = read_filter(dropped[i], file_);
  }
  if (has_checksums()) {
    require_intact(rows, first);
  }
  if (file_.has("group")) {
    read_groups(rows, first);
  }
  return rows;
}

void PredictionReader::read_groups(std::vector<Candidate>& rows, std::uint64_t first) const {
  const auto group = dataset("group").read_text_rows(first, rows.size());
  const auto group_size = dataset("group_size").read_rows<std::int32_t>(first, rows.size());
  const auto sums = has_checksums() ? dataset("group_checksum").read_rows<std::uint64_t>(first, rows.size())
                                    : std::vector<std::uint64_t>();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    IONSIFT_VALIDATE(sums.empty() || sums[i] == group_checksum(group[i], group_size[i]), data,
                     fmt::format("{}: the group of row {} is damaged", file_.name(), first + i),
                     "it differs from its checksum", "Copy the file again, or screen again.");
    rows[i].group = group[i];
    rows[i].group_size = group_size[i];
  }
}

void PredictionReader::require_intact(const std::vector<Candidate>& rows, std::uint64_t first) const {
  const auto sums = dataset(checksum).read_rows<std::uint64_t>(first, rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto sum = checksum_of(rows[i], [&](const std::string& column) { return lacks(column); });
    IONSIFT_VALIDATE(sums[i] == sum, data,
                     fmt::format("{}: row {} (\"{}\") is damaged", file_.name(), first + i, rows[i].id),
                     "it differs from its checksum", "Copy the file again, or screen again.");
  }
}

std::vector<Candidate> PredictionReader::rows_at(const std::vector<std::uint64_t>& positions) const {
  std::vector<Candidate> found;
  found.reserve(positions.size());
  for (auto next = positions.begin(); next != positions.end();) {
    const auto block = *next / rows_at_once * rows_at_once;
    const auto end = std::find_if(next, positions.end(),
                                  [&](std::uint64_t position) { return position >= block + rows_at_once; });
    const auto first = *next;
    auto some = rows(first, *(end - 1) - first + 1);
    for (; next != end; ++next) {
      found.push_back(std::move(some[*next - first]));
    }
  }
  return found;
}

} // namespace ionsift::screen
