// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/report/workbook.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/text.hpp"

#include "csv_records.hpp"

#include <xlsxwriter.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <optional>

namespace ionsift::report {

namespace {

namespace fs = std::filesystem;

/// What Excel lets a cell hold.
constexpr std::size_t longest_cell = 32767;
/// 1980-01-01, the first date of zip archives: a workbook does not depend on the time it was made.
constexpr std::time_t no_date = 315532800;

void require(lxw_error error, const fs::path& path) {
  IONSIFT_VALIDATE(error == LXW_NO_ERROR, io, fmt::format("cannot write {}", path.string()),
                   lxw_strerror(error), "Check free space and permissions.");
}

struct Column {
  bool is_text = false; ///< never taken for a number: an id "1e5", a formula "N2"
  double width = 11;    ///< in characters
};
Column column_of(const std::string& heading) {
  if (heading == "status" || heading == "source") {
    return {true, 36};
  }
  if (heading == "comment" || heading.starts_with("nearest_measured")) {
    return {true, heading == "comment" ? 70.0 : 44.0};
  }
  if (heading == "id" || heading.ends_with("_id") || heading.ends_with("formula")) {
    return {true, 20};
  }
  return {false, std::clamp(static_cast<double>(heading.size()) + 4, 8.0, 26.0)};
}

/// The cells of the next record.
std::optional<std::vector<std::string>> next_cells(CsvRecords& records, const fs::path& path) {
  const auto record = records.next();
  // With the separator named, nothing in a cell is taken for it.
  return record ? std::optional(CsvTable::parse("sep=,\n" + *record + "\n", path.string()).header())
                : std::nullopt;
}

/// Not more than fits, whole characters.
std::string shortened(const std::string& text, std::uint64_t& cut) {
  if (text.size() <= longest_cell) {
    return text;
  }
  ++cut;
  auto end = longest_cell - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
    --end;
  }
  return text.substr(0, end) + "...";
}

class SheetWriter {
public:
  SheetWriter(lxw_workbook* book, const Sheet& sheet, const fs::path& path)
      : path_(path), page_(workbook_add_worksheet(book, sheet.name.c_str())),
        bold_(workbook_add_format(book)) {
    IONSIFT_VALIDATE(page_ != nullptr && bold_ != nullptr, io, fmt::format("cannot write {}", path.string()),
                     fmt::format("libxlsxwriter cannot add the sheet {}", sheet.name),
                     "Use the CSV tables, and report this.");
    format_set_bold(bold_);
  }
  void begin(const std::vector<std::string>& header) {
    for (const auto& heading : header) {
      const auto column = static_cast<lxw_col_t>(columns_.size());
      columns_.push_back(column_of(heading));
      require(worksheet_set_column(page_, column, column, columns_.back().width, nullptr), path_);
      require(worksheet_write_string(page_, 0, column, heading.c_str(), bold_), path_);
    }
    worksheet_freeze_panes(page_, 1, 0);
  }
  void add(const std::vector<std::string>& cells) {
    ++rows_;
    for (std::size_t i = 0; i < std::min(cells.size(), columns_.size()); ++i) {
      if (cells[i].empty()) {
        continue;
      }
      const auto row = static_cast<lxw_row_t>(rows_);
      const auto column = static_cast<lxw_col_t>(i);
      const auto number = columns_[i].is_text ? std::nullopt : parse_number(cells[i]);
      require(number && std::isfinite(*number)
                  ? worksheet_write_number(page_, row, column, *number, nullptr)
                  : worksheet_write_string(page_, row, column, shortened(cells[i], cut_).c_str(), nullptr),
              path_);
    }
  }
  void end() {
    if (!columns_.empty()) {
      require(worksheet_autofilter(page_, 0, 0, static_cast<lxw_row_t>(rows_),
                                   static_cast<lxw_col_t>(columns_.size() - 1)),
              path_);
    }
    if (cut_ > 0) {
      log::warning("{}: {} texts are longer than the {} characters that a cell holds, and are shortened",
                   path_.string(), cut_, longest_cell);
    }
  }
  std::uint64_t rows() const { return rows_ + 1; }

private:
  const fs::path& path_;
  lxw_worksheet* page_;
  lxw_format* bold_;
  std::vector<Column> columns_;
  std::uint64_t rows_ = 0, cut_ = 0;
};

} // namespace

bool can_write_workbooks() {
  return true;
}

std::vector<std::uint64_t> write_workbook(const fs::path& path, const std::vector<Sheet>& sheets,
                                          std::uint64_t most) {
  const auto temporary = fs::path(path.string() + ".partial");
  auto folder = path.parent_path().empty() ? std::string(".") : path.parent_path().string();
  lxw_workbook_options options = {};
  options.constant_memory = LXW_TRUE;
  options.tmpdir = folder.data();
  lxw_workbook* const book = workbook_new_opt(temporary.c_str(), &options);
  IONSIFT_VALIDATE(book != nullptr, io, fmt::format("cannot write {}", path.string()),
                   "libxlsxwriter cannot start it", "Check free space and permissions.");
  bool closed = false;
  std::vector<std::uint64_t> left_out;
  try {
    lxw_doc_properties properties = {};
    properties.created = no_date;
    require(workbook_set_properties(book, &properties), path);
    for (const auto& sheet : sheets) {
      SheetWriter writer(book, sheet, path);
      CsvRecords records(sheet.table);
      IONSIFT_VALIDATE(records.is_open(), missing, fmt::format("cannot open {}", sheet.table.string()),
                       "it is not there, or is not readable", "Check the path.");
      left_out.push_back(0);
      if (const auto header = next_cells(records, sheet.table)) {
        writer.begin(*header);
      }
      while (const auto record = next_cells(records, sheet.table)) {
        if (writer.rows() < most) {
          writer.add(*record);
        } else {
          ++left_out.back();
        }
      }
      writer.end();
    }
    closed = true;
    require(workbook_close(book), path);
  } catch (...) {
    if (!closed) {
      workbook_close(book);
    }
    std::error_code ignored;
    fs::remove(temporary, ignored);
    throw;
  }
  put_in_place(temporary, path);
  return left_out;
}

} // namespace ionsift::report
