// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/report/page.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/version.hpp"
#include "ionsift/screen/prediction_file.hpp"

#include "page_parts.hpp"

#include <fmt/chrono.h>

#include <algorithm>
#include <unordered_set>

namespace ionsift::report {

namespace {

using nlohmann::json;

/// What a page tells of a run.
json describe_run(const json& run) {
  const auto environment = run.value("environment", json::object());
  json described = {{"command", run.value("command", "")},
                    {"started", run.value("started", "")},
                    {"status", run.value("status", "")},
                    {"version", run.value("version", "")}};
  for (const auto& [name, object] :
       {std::pair("seconds", &run), std::pair("peak_rss_mb", &run), std::pair("ranks", &environment)}) {
    described[name] = object->contains(name) ? object->at(name) : json();
  }
  return described;
}

/// JSON inside a script element: nothing in it may look like the end of one.
std::string embedded(const json& document) {
  const auto text = document.dump(-1, ' ', false, json::error_handler_t::replace);
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    out += c == '<' ? std::string("\\u003c") : std::string(1, c);
  }
  return out;
}

} // namespace

json read_candidates(const std::filesystem::path& screening, std::uint64_t rows) {
  const auto table = CsvTable::read(screening / "candidates.csv");
  const auto id = table.column("id");
  json candidates = {{"columns", table.header()},
                     {"rows", json::array()},
                     {"filters", json::array()},
                     {"verdicts", json::object()},
                     {"listed", table.size()}};
  std::unordered_set<std::string> wanted;
  for (std::size_t row = 0; row < std::min<std::size_t>(rows, table.size()); ++row) {
    candidates["rows"].push_back(table.row(row));
    wanted.insert(table.cell(row, id));
  }
  for (const auto filter : screen::all_filters) {
    candidates["filters"].push_back(screen::name_of(filter));
  }
  const screen::PredictionReader reader(screening / "predictions.h5");
  std::vector<std::uint64_t> positions;
  for (std::uint64_t first = 0; first < reader.size(); first += screen::rows_at_once) {
    const auto ids = reader.texts("id", first, std::min(screen::rows_at_once, reader.size() - first));
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (wanted.contains(ids[i])) {
        positions.push_back(first + i);
      }
    }
  }
  const auto all = static_cast<std::ptrdiff_t>(screen::all_filters.size());
  for (const auto& row : reader.rows_at(positions)) {
    candidates["verdicts"][row.id] = std::vector<int>(row.verdicts.begin(), row.verdicts.begin() + all);
  }
  return candidates;
}

void write_page(const std::filesystem::path& path, const PageInputs& inputs) {
  json document = {{"title", inputs.title},
                   {"version", std::string(version())},
                   {"made", fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr)))},
                   {"evaluation", inputs.evaluation},
                   {"summary", inputs.summary},
                   {"candidates", inputs.candidates},
                   {"figure_files", inputs.figure_files},
                   {"figures", json::array()},
                   {"runs", json::array()}};
  // The page shows scores, not the rows behind them, which are in the figures.
  if (document["evaluation"].is_object()) {
    for (const auto* name :
         {"predictions", "by_d_training", "calibration", "also_trained_on", "table_entries"}) {
      document["evaluation"].erase(name);
    }
  }
  // Of a screening what the page says in words; its options hold paths that concern nobody else.
  if (inputs.summary.is_object()) {
    document["summary"] = json::object();
    for (const auto* name : {"funnel", "band_gaps", "candidates"}) {
      document["summary"][name] = inputs.summary.value(name, json::object());
    }
    if (inputs.summary.contains("ensemble")) { // screenings of earlier versions have none
      document["ensemble"] = inputs.summary.at("ensemble");
    }
  }
  for (const auto& figure : inputs.figures) {
    document["figures"].push_back(figure_document(figure));
  }
  for (const auto& run : inputs.runs) {
    document["runs"].push_back(describe_run(run));
  }
  const auto& parts = page_parts();
  write_file_atomically(path, [&](std::ostream& out) {
    out << parts.head << parts.style << parts.body << "<script type=\"application/json\" id=\"data\">"
        << embedded(document) << "</script>\n<script>" << parts.chart << "</script>\n<script>"
        << parts.program << "</script>\n</body>\n</html>\n";
  });
}

} // namespace ionsift::report
