// SPDX-License-Identifier: BSD-3-Clause
#include "score_documents.hpp"

#include "text_table.hpp"

#include <fmt/format.h>

#include <cmath>
#include <ostream>

namespace ionsift::report {

namespace {

nlohmann::json to_json(double value, const learn::Interval& interval) {
  return {{"value", number_or_null(value)},
          {"low", number_or_null(interval.low)},
          {"high", number_or_null(interval.high)}};
}

std::string range(double low, double high) {
  return fmt::format("{} .. {}", format_number(low, 3, "-"), format_number(high, 3, "-"));
}

} // namespace

nlohmann::json number_or_null(double value) {
  return std::isnan(value) ? nlohmann::json() : nlohmann::json(value);
}

nlohmann::json to_json(const learn::Scores& scores) {
  nlohmann::json json;
  for (const auto& name : learn::score_names) {
    json[name.key] = number_or_null(scores.*name.value);
  }
  return json;
}

nlohmann::json to_json(const learn::Scores& scores, const learn::ScoreIntervals& intervals) {
  nlohmann::json json;
  for (const auto& name : learn::score_names) {
    json[name.key] = to_json(scores.*name.value, {intervals.low.*name.value, intervals.high.*name.value});
  }
  return json;
}

nlohmann::json to_json(const learn::ScoreSpread& spread) {
  nlohmann::json json;
  for (const auto& name : learn::score_names) {
    json[name.key] = {{"mean", number_or_null(spread.mean.*name.value)},
                      {"sd", number_or_null(spread.sd.*name.value)}};
  }
  return json;
}

nlohmann::json to_json(const learn::Calibration& calibration) {
  auto bins = nlohmann::json::array();
  for (const auto& bin : calibration.bins) {
    bins.push_back({{"structures", bin.structures},
                    {"low", bin.low},
                    {"high", bin.high},
                    {"P_SI", bin.probability},
                    {"observed", to_json(bin.observed, bin.interval)}});
  }
  return {{"expected_error",
           {{"value", number_or_null(calibration.expected_error)},
            {"calibrated_low", number_or_null(calibration.calibrated_error.low)},
            {"calibrated_high", number_or_null(calibration.calibrated_error.high)}}},
          {"brier", calibration.brier},
          {"reliability", calibration.reliability},
          {"resolution", calibration.resolution},
          {"uncertainty", calibration.uncertainty},
          {"remainder", calibration.remainder},
          {"bins", std::move(bins)}};
}

nlohmann::json to_json(const std::vector<learn::Stratum>& strata) {
  auto list = nlohmann::json::array();
  for (const auto& stratum : strata) {
    list.push_back({{"structures", stratum.structures},
                    {"positive", stratum.positive},
                    {"low", stratum.low},
                    {"high", stratum.high},
                    {"mean", stratum.mean},
                    {"P_SI", stratum.probability},
                    {"absolute_error", stratum.absolute_error},
                    {"scores", to_json(stratum.scores, stratum.intervals)}});
  }
  return list;
}

nlohmann::json to_json(const learn::SpreadAgainstError& check) {
  return {{"pearson", to_json(check.pearson, check.pearson_interval)},
          {"spearman", to_json(check.spearman, check.spearman_interval)},
          {"strata", to_json(check.strata)}};
}

nlohmann::json to_json(const dataset::LeakReport& leaks) {
  nlohmann::json json = {{"entries_of_any_kind", leaks.entries_of_any_kind}};
  for (const auto kind : dataset::all_leak_kinds) {
    const auto at = static_cast<std::size_t>(kind);
    json[std::string(dataset::name_of(kind))] = {{"entries", leaks.entries[at]}, {"pairs", leaks.pairs[at]}};
  }
  auto& table = json["table_entries"] = {{"entries_of_any_kind", leaks.by_table_of_any_kind}};
  for (const auto kind : dataset::all_leak_kinds) {
    if (kind != dataset::LeakKind::structure) { // they have none
      table[std::string(dataset::name_of(kind))] = {{"entries", leaks.by_table_by(kind)}};
    }
  }
  return json;
}

std::string with_interval(double value, double low, double high, int decimals) {
  return fmt::format("{} ({} .. {})", format_number(value, decimals, "-"), format_number(low, decimals, "-"),
                     format_number(high, decimals, "-"));
}

void print(std::ostream& out, const learn::Calibration& calibration) {
  const auto& chance = calibration.calibrated_error;
  out << fmt::format("calibration: expected error {} (a calibrated classifier of this size: {}); Brier score "
                     "{:.3f} = reliability {:.3f} - resolution "
                     "{:.3f} + uncertainty {:.3f} + remainder {:.3f}\n",
                     format_number(calibration.expected_error, 3, "-"), range(chance.low, chance.high),
                     calibration.brier, calibration.reliability, calibration.resolution,
                     calibration.uncertainty, calibration.remainder);
  TextTable table({"P_SI from .. to", "structures", "mean P_SI", "superionic", "interval"},
                  {Align::left, Align::right, Align::right, Align::right, Align::right});
  for (const auto& bin : calibration.bins) {
    table.add({range(bin.low, bin.high), std::to_string(bin.structures),
               format_number(bin.probability, 3, "-"), format_number(bin.observed, 3, "-"),
               range(bin.interval.low, bin.interval.high)});
  }
  table.print(out);
}

void print(std::ostream& out, const learn::SpreadAgainstError& check) {
  out << fmt::format(
      "SD against |P_SI - class|: correlation {}, of ranks {}\n",
      with_interval(check.pearson, check.pearson_interval.low, check.pearson_interval.high),
      with_interval(check.spearman, check.spearman_interval.low, check.spearman_interval.high));
  print(out, "SD", check.strata);
}

void print(std::ostream& out, const std::string& name, const std::vector<learn::Stratum>& strata) {
  TextTable table({name + " from .. to", "structures", "superionic", "|error|", "average precision", "MCC"},
                  {Align::left, Align::right, Align::right, Align::right, Align::right, Align::right});
  for (const auto& s : strata) {
    table.add({range(s.low, s.high), std::to_string(s.structures), std::to_string(s.positive),
               format_number(s.absolute_error, 3, "-"),
               with_interval(s.scores.average_precision, s.intervals.low.average_precision,
                             s.intervals.high.average_precision),
               with_interval(s.scores.mcc, s.intervals.low.mcc, s.intervals.high.mcc)});
  }
  table.print(out);
}

} // namespace ionsift::report
