// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/text.hpp"

#include <csv.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <ostream>

namespace ionsift {

namespace {

/// State filled by libcsv's callbacks.
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

using Rows = std::vector<std::vector<std::string>>;

/// The rows, or a complaint after some of them.
struct Parsed {
  Rows rows;
  std::string complaint;
};

Parsed parse_records(std::string_view text, char separator) {
  csv_parser parser{};
  IONSIFT_VALIDATE(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) == 0, internal,
                   "the CSV parser cannot start", "libcsv refused", "Check the libcsv installation.");
  csv_set_delim(&parser, static_cast<unsigned char>(separator));
  Records records;
  const bool good = csv_parse(&parser, text.data(), text.size(), on_field, on_row, &records) == text.size() &&
                    csv_fini(&parser, on_field, on_row, &records) == 0;
  const std::string complaint = good ? "" : csv_strerror(csv_error(&parser));
  csv_free(&parser);
  return {std::move(records.rows), complaint};
}

bool is_even(const Parsed& parsed) {
  return parsed.complaint.empty() && !parsed.rows.empty() && parsed.rows.front().size() > 1 &&
         std::all_of(parsed.rows.begin(), parsed.rows.end(),
                     [&](const auto& row) { return row.size() == parsed.rows.front().size(); });
}

/// Characters of the first line outside quotes.
std::size_t count_in_header(std::string_view text, char sign) {
  std::size_t count = 0;
  bool quoted = false;
  for (const char c : text) {
    quoted = c == '"' ? !quoted : quoted;
    if (!quoted && (c == '\n' || c == '\r')) {
      break;
    }
    count += !quoted && c == sign ? 1 : 0;
  }
  return count;
}

/// Removes "sep=;", a line by which spreadsheets declare the separator.
std::optional<char> take_separator_line(std::string_view& text) {
  constexpr std::string_view mark = "sep=";
  const auto end = text.find_first_of("\r\n");
  const auto line = trim(text.substr(0, end));
  const bool quoted = line.size() > 1 && line.front() == '"' && line.back() == '"';
  const auto bare = quoted ? line.substr(1, line.size() - 2) : line;
  const bool tab = equal_ignoring_case(bare, "sep="); // the tab was trimmed off
  if (bare.size() > mark.size() + 1 || bare.size() < mark.size() ||
      !equal_ignoring_case(bare.substr(0, mark.size()), mark)) {
    return std::nullopt;
  }
  text.remove_prefix(end == std::string_view::npos ? text.size() : end);
  return tab ? '\t' : bare.back();
}

/// By rarity in headers: where a tab or semicolon divides all rows evenly, commas belong to the cells.
constexpr std::array separators = {'\t', ';', ','};

/// The rows with the separator that fits; `separator` becomes it.
Parsed parse_with_found_separator(std::string_view text, char& separator) {
  std::size_t most = 0;
  separator = ',';
  for (const char candidate : separators) {
    const auto count = count_in_header(text, candidate);
    if (count > 0 && candidate != ',') {
      auto parsed = parse_records(text, candidate);
      if (is_even(parsed)) {
        separator = candidate;
        return parsed;
      }
    }
    if (count > most || (candidate == ',' && count == most)) {
      most = count;
      separator = candidate;
    }
  }
  return parse_records(text, separator);
}

std::string_view word_for(char separator) {
  return separator == ';' ? "semicolons" : separator == '\t' ? "tabs" : "another separator than commas";
}

} // namespace

CsvTable CsvTable::read(const std::filesystem::path& path) {
  return parse(read_file(path), path.string());
}

CsvTable CsvTable::parse(std::string_view bytes, const std::string& name) {
  const auto decoded = decode_text(bytes);
  std::string_view text = decoded.text;
  CsvTable table;
  table.name_ = name;
  table.encoding_ = decoded.encoding;
  const auto stated = take_separator_line(text);
  table.separator_ = stated.value_or(',');
  auto parsed = stated ? parse_records(text, *stated) : parse_with_found_separator(text, table.separator_);
  auto& records = parsed.rows;
  IONSIFT_VALIDATE(parsed.complaint.empty(), format,
                   fmt::format("{} is not a CSV table after record {}", name, records.size()),
                   parsed.complaint, "Check the quotes there.");
  IONSIFT_VALIDATE(!records.empty(), format, fmt::format("{} is empty", name), "a table begins with a header",
                   "Give a CSV file with a header line.");
  if (table.separator_ != ',' || table.encoding_ != Encoding::utf8) {
    log::info("{} is read as {} with {}", name, name_of(table.encoding_),
              table.separator_ == ',' ? "commas" : word_for(table.separator_));
  }
  table.header_ = std::move(records.front());
  for (auto& cell : table.header_) {
    cell = std::string(trim_any_blank(cell));
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
