// SPDX-License-Identifier: BSD-3-Clause
#include "csv_records.hpp"

namespace ionsift {

namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

bool ends_line(char c) {
  return c == '\n' || c == '\r';
}

class Reader {
public:
  Reader(std::string_view text, char separator) : text_(text), separator_(separator) {}

  CsvRecords read() {
    CsvRecords records;
    while (complaint_.empty() && position_ < text_.size()) {
      if (ends_line(text_[position_])) {
        ++position_;
        continue;
      }
      std::vector<std::string> row = read_row();
      if (complaint_.empty() && !(row.size() == 1 && row.front().empty() && !quoted_)) {
        records.rows.push_back(std::move(row));
      }
    }
    records.complaint = complaint_;
    return records;
  }

private:
  bool at_end() const { return position_ == text_.size() || ends_line(text_[position_]); }
  bool is_blank_here() const {
    return position_ < text_.size() && text_[position_] != separator_ && is_blank(text_[position_]);
  }
  void pass_blanks() {
    while (is_blank_here()) {
      ++position_;
    }
  }

  std::vector<std::string> read_row() {
    std::vector<std::string> row;
    while (true) {
      row.push_back(read_cell());
      if (!complaint_.empty() || at_end()) {
        return row;
      }
      ++position_; // the separator
    }
  }

  std::string read_cell() {
    pass_blanks();
    quoted_ = position_ < text_.size() && text_[position_] == '"';
    return quoted_ ? read_quoted() : read_plain();
  }

  std::string read_plain() {
    const std::size_t begin = position_;
    while (!at_end() && text_[position_] != separator_) {
      if (text_[position_] == '"') {
        complaint_ = "a quote inside a cell that does not begin with one";
        return "";
      }
      ++position_;
    }
    std::string_view cell = text_.substr(begin, position_ - begin);
    while (!cell.empty() && is_blank(cell.back())) {
      cell.remove_suffix(1);
    }
    return std::string(cell);
  }

  std::string read_quoted() {
    std::string cell;
    for (++position_; position_ < text_.size(); ++position_) {
      if (text_[position_] != '"') {
        cell += text_[position_];
      } else if (position_ + 1 < text_.size() && text_[position_ + 1] == '"') {
        cell += '"';
        ++position_;
      } else {
        ++position_;
        pass_blanks();
        if (!at_end() && text_[position_] != separator_) {
          complaint_ = "text behind the closing quote of a cell";
        }
        return cell;
      }
    }
    complaint_ = "a quote that is not closed";
    return cell;
  }

  std::string_view text_;
  char separator_;
  std::size_t position_ = 0;
  bool quoted_ = false; ///< the cell read last
  std::string complaint_;
};

} // namespace

CsvRecords parse_csv_records(std::string_view text, char separator) {
  return Reader(text, separator).read();
}

} // namespace ionsift
