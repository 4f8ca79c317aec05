#include "ionsift/screen/prediction_file.hpp"

#include "ionsift/base/error.hpp"

#include "candidate_columns.hpp"

#include <algorithm>

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

/// What the file says of a filter's name.
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
  for (const auto& row : rows) {
    dropped.emplace_back(row.dropped_by ? name_of(*row.dropped_by) : "");
  }
  columns.push_back({dropped_by, std::move(dropped)});
  return columns;
}

PredictionReader::PredictionReader(const std::filesystem::path& path) : file_(h5::File::open(path)) {
  const auto schema = attribute("schema");
  IONSIFT_VALIDATE(attribute("format") == predictions_format &&
                       (schema == predictions_schema || schema == predictions_schema_before),
                   format, fmt::format("{} holds no predictions that this program reads", path.string()),
                   fmt::format("its format is '{}', schema '{}'", attribute("format"), schema),
                   "Screen again with this version.");
  size_ = dataset("P_SI").rows();
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
  // Column by column: the fields of one row tell what there is.
  std::vector<std::pair<std::string, store::TableColumn::Values>> columns;
  Candidate nothing;
  const bool has_components = this->has_components();
  const auto read = [&]<typename Field>(const std::string& name, const Field&) {
    if (!has_components && name.starts_with("PC")) {
      columns.emplace_back(name, std::vector<double>(count, Candidate::unknown));
    } else if constexpr (std::is_same_v<Field, std::string>) {
      columns.emplace_back(name, dataset(name).read_text_rows(first, count));
    } else {
      using Stored = std::conditional_t<std::is_same_v<Field, bool>, std::uint8_t,
                                        std::conditional_t<std::is_same_v<Field, int>, std::int32_t, Field>>;
      columns.emplace_back(name, dataset(name).read_rows<Stored>(first, count));
    }
  };
  visit_columns(nothing, read);
  const auto dropped = dataset(dropped_by).read_text_rows(first, count);
  for (std::uint64_t i = 0; i < count; ++i) {
    std::size_t next = 0;
    visit_columns(rows[i], [&]<typename Field>(const std::string&, Field& field) {
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
          columns[next++].second);
    });
    rows[i].index = first + i;
    rows[i].dropped_by = read_filter(dropped[i], file_);
  }
  if (file_.has("group")) {
    const auto group = dataset("group").read_text_rows(first, count);
    const auto group_size = dataset("group_size").read_rows<std::int32_t>(first, count);
    for (std::uint64_t i = 0; i < count; ++i) {
      rows[i].group = group[i];
      rows[i].group_size = group_size[i];
    }
  }
  return rows;
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
