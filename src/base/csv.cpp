#include "ionsift/base/csv.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/text.hpp"

#include <csv.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ostream>

namespace ionsift {

namespace {

/// What libcsv's callbacks fill.
struct Records {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> current;
};

void on_field(void* text, std::size_t length, void* target) {
  static_cast<Records*>(target)->current.emplace_back(static_cast<const char*>(text), length);
}

void on_row(int, void* target) {
  auto& records = *static_cast<Records*>(target);
  records.rows.push_back(std::move(records.current));
  records.current.clear();
}

std::vector<std::vector<std::string>> parse_records(std::string_view text, const std::string& name) {
  csv_parser parser{};
  IONSIFT_VALIDATE(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) == 0, internal,
                   "the CSV parser cannot start", "libcsv refused", "Check the libcsv installation.");
  Records records;
  const bool good = csv_parse(&parser, text.data(), text.size(), on_field, on_row, &records) == text.size() &&
                    csv_fini(&parser, on_field, on_row, &records) == 0;
  const std::string reason = good ? "" : csv_strerror(csv_error(&parser));
  csv_free(&parser);
  IONSIFT_VALIDATE(good, format,
                   fmt::format("{} is not a CSV table after record {}", name, records.rows.size()), reason,
                   "Check the quotes there.");
  return std::move(records.rows);
}

} // namespace

CsvTable CsvTable::read(const std::filesystem::path& path) {
  return parse(read_file(path), path.string());
}

CsvTable CsvTable::parse(std::string_view text, const std::string& name) {
  if (text.starts_with("\xEF\xBB\xBF")) { // spreadsheet programs begin UTF-8 files so
    text.remove_prefix(3);
  }
  auto records = parse_records(text, name);
  IONSIFT_VALIDATE(!records.empty(), format, fmt::format("{} is empty", name), "a table begins with a header",
                   "Give a CSV file with a header line.");
  CsvTable table;
  table.name_ = name;
  table.header_ = std::move(records.front());
  for (auto& cell : table.header_) {
    cell = std::string(trim(cell));
  }
  for (std::size_t i = 1; i < records.size(); ++i) {
    IONSIFT_VALIDATE(
        records[i].size() == table.header_.size(), format,
        fmt::format("{} has {} cells in record {}", name, records[i].size(), i + 1),
        fmt::format("its header has {}", table.header_.size()),
        "Quote cells that contain commas, and fill missing ones with nothing between two commas.");
  }
  records.erase(records.begin());
  table.rows_ = std::move(records);
  return table;
}

bool CsvTable::has(std::string_view column) const {
  return std::find(header_.begin(), header_.end(), column) != header_.end();
}

std::size_t CsvTable::column(std::string_view column) const {
  const auto found = std::find(header_.begin(), header_.end(), column);
  if (found == header_.end()) {
    const auto near = nearest_word(column, header_);
    throw Error(ErrorCode::missing, fmt::format("{} has no column '{}'", name_, column),
                fmt::format("its columns are {}", fmt::join(header_, ", ")),
                near ? fmt::format("Did you mean '{}'?", *near) : "Name one of these.");
  }
  return static_cast<std::size_t>(found - header_.begin());
}

void write_csv_row(std::ostream& out, const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto& cell = cells[i];
    out << (i > 0 ? "," : "");
    if (cell.find_first_of(",\"\r\n") == std::string::npos) {
      out << cell;
      continue;
    }
    out << '"';
    for (const char c : cell) {
      out << (c == '"' ? "\"\"" : std::string(1, c));
    }
    out << '"';
  }
  out << '\n';
}

} // namespace ionsift
