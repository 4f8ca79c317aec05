// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/report/page.hpp"

#include "ionsift/base/file.hpp"
#include "ionsift/base/version.hpp"

#include "page_parts.hpp"

#include <fmt/chrono.h>

#include <map>
#include <utility>

namespace ionsift::report {

namespace {

using nlohmann::json;

/// The content of a page for a run.
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

json crossvalidation_scores(const std::string& name, const json& document) {
  json variants = json::array();
  for (const auto& variant : document.value("variants", json::array())) {
    if (variant.value("share", 1.0) == 1.0) { // not the points of a learning curve
      variants.push_back({{"name", variant.value("name", "")},
                          {"scores", variant.value("/pooled/scores"_json_pointer, json::object())}});
    }
  }
  // Means over the folds, of each score.
  std::map<std::string, std::pair<double, int>> shuffled;
  for (const auto& fold : document.value("folds", json::array())) {
    const auto controls = fold.value("/controls/shuffled"_json_pointer, json::object());
    for (const auto& [score, control] : controls.items()) {
      if (control.contains("mean") && control["mean"].is_number()) {
        auto& [sum, folds] = shuffled[score];
        sum += control["mean"].get<double>();
        ++folds;
      }
    }
  }
  json controls = json::object();
  for (const auto& [score, sum] : shuffled) {
    controls[score] = sum.first / sum.second;
  }
  return {{"name", name},
          {"structures", document.value("structures", json())},
          {"confidence", document.value("confidence", json())},
          {"variants", variants},
          {"shuffled", controls}};
}

void write_page(const std::filesystem::path& path, const PageInputs& inputs) {
  json document = {{"title", inputs.title},
                   {"version", std::string(version())},
                   {"made", fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr)))},
                   {"evaluation", inputs.evaluation},
                   {"summary", inputs.summary},
                   {"crossvalidations", inputs.crossvalidations},
                   {"recovery", inputs.recovery},
                   {"table", inputs.table},
                   {"lists", inputs.lists},
                   {"kinds", inputs.kinds},
                   {"structures", inputs.structures},
                   {"figures", json::array()},
                   {"runs", json::array()}};
  // The page shows scores, not the rows behind them, which are in the figures.
  if (document["evaluation"].is_object()) {
    for (const auto* name :
         {"predictions", "by_d_training", "calibration", "also_trained_on", "table_entries"}) {
      document["evaluation"].erase(name);
    }
  }
  // For a screening, only the facts that the page states; its options hold local paths.
  if (inputs.summary.is_object()) {
    document["summary"] = json::object();
    for (const auto* name : {"funnel", "band_gaps", "candidates", "lists", "statuses"}) {
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
        << embedded(document) << "</script>\n<script>" << parts.program << "</script>\n</body>\n</html>\n";
  });
}

} // namespace ionsift::report
