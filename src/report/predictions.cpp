#include "ionsift/base/error.hpp"
#include "ionsift/base/hdf5.hpp"
#include "ionsift/base/version.hpp"
#include "ionsift/report/screening_tables.hpp"

#include <fmt/ranges.h>

#include <span>
#include <system_error>

namespace ionsift::report {

namespace {

/// Writes columns of the table, one dataset each.
class ColumnWriter {
public:
  ColumnWriter(h5::File& file, const std::vector<screen::Candidate>& rows) : file_(file), rows_(rows) {}

  template <typename Value>
  void text(const char* name, const Value& value) {
    std::vector<std::string> column;
    column.reserve(rows_.size());
    for (const auto& row : rows_) {
      column.emplace_back(value(row));
    }
    file_.write_text(name, std::span<const std::string>(column));
  }
  template <typename T, typename Value>
  void number(const char* name, const Value& value) {
    std::vector<T> column;
    column.reserve(rows_.size());
    for (const auto& row : rows_) {
      column.push_back(static_cast<T>(value(row)));
    }
    file_.write(name, {column.size()}, std::span<const T>(column));
  }

private:
  h5::File& file_;
  const std::vector<screen::Candidate>& rows_;
};

void write_columns(h5::File& file, const std::vector<screen::Candidate>& rows) {
  using screen::Candidate;
  ColumnWriter columns(file, rows);
  columns.text("id", [](const Candidate& row) { return row.id; });
  columns.text("formula", [](const Candidate& row) { return row.formula; });
  columns.text("source", [](const Candidate& row) { return row.source; });
  columns.number<std::uint8_t>("ordered", [](const Candidate& row) { return row.ordered ? 1 : 0; });
  columns.number<std::uint8_t>("intermetallic",
                               [](const Candidate& row) { return row.intermetallic ? 1 : 0; });
  columns.number<double>("P_SI", [](const Candidate& row) { return row.probability; });
  columns.number<double>("SD", [](const Candidate& row) { return row.sd; });
  columns.number<double>("d_training", [](const Candidate& row) { return row.d_training; });
  columns.text("nearest_training_id", [](const Candidate& row) { return row.nearest_id; });
  columns.number<std::int32_t>("nearest_training_class", [](const Candidate& row) {
    return row.nearest_id.empty() ? -1 : row.nearest_label;
  });
  columns.number<double>("band_gap", [](const Candidate& row) { return row.band_gap; });
  columns.text("band_gap_source", [](const Candidate& row) { return row.band_gap_source; });
  columns.number<double>("predicted_band_gap", [](const Candidate& row) { return row.predicted_gap; });
  columns.text("known_as", [](const Candidate& row) { return row.known_as; });
  columns.text("dropped_by", [](const Candidate& row) {
    return row.dropped_by ? std::string(screen::name_of(*row.dropped_by)) : std::string();
  });
}

std::string names_of_filters() {
  std::vector<std::string_view> names;
  for (const auto filter : screen::all_filters) {
    names.push_back(screen::name_of(filter));
  }
  return fmt::format("{}", fmt::join(names, ","));
}

} // namespace

void write_predictions(const std::filesystem::path& path, const std::vector<screen::Candidate>& rows) {
  const std::filesystem::path partial = path.string() + ".partial";
  {
    auto file = h5::File::create(partial);
    file.set_attribute("/", "program_version", version());
    file.set_attribute("/", "filters", names_of_filters());
    write_columns(file, rows);
    file.flush();
  }
  std::error_code error;
  std::filesystem::rename(partial, path, error);
  IONSIFT_VALIDATE(!error, io, fmt::format("cannot name {} {}", partial.string(), path.string()),
                   error.message(), "Check the folder's permissions.");
}

} // namespace ionsift::report
