// SPDX-License-Identifier: BSD-3-Clause
#include "ordering_record.hpp"

#include "ionsift/base/exact_number.hpp"
#include "ionsift/base/version.hpp"
#include "ionsift/crystal/chemistry/element.hpp"

#include <algorithm>
#include <cmath>

namespace ionsift::cli {

namespace {

using crystal::OrderingMethod;

std::string repeats_text(const std::array<int, 3>& repeats) {
  return fmt::format("{}x{}x{}", repeats[0], repeats[1], repeats[2]);
}

std::string how_found(const crystal::OrderedCrystal& ordered, const crystal::OrderingOptions& options) {
  switch (ordered.method) {
  case OrderingMethod::already_ordered:
    return "no partial occupancy: nothing to arrange";
  case OrderingMethod::enumerated:
    return fmt::format(
        "the lowest of {} symmetry-distinct among {} arrangements, all of them looked at; {} share "
        "this energy",
        ordered.distinct, ordered.arrangements, ordered.ties);
  case OrderingMethod::sampled:
    return fmt::format(
        "the lowest that {} annealings with {} exchanges found among {:.6g} arrangements, {} of them "
        "ended there; seed {}",
        ordered.distinct, ordered.arrangements, ordered.possible, ordered.ties, options.seed);
  }
  return "";
}

/// Sums up to this are rounding, not a charge.
double without_rounding(double value) {
  return std::abs(value) < 5e-7 ? 0.0 : value;
}

} // namespace

OrderingRecord record_of(const crystal::OrderedCrystal& ordered, double seconds) {
  OrderingRecord record;
  record.method = ordered.method;
  std::copy_n(ordered.repeats.data(), 3, record.repeats.begin());
  record.atoms = ordered.crystal.sites.size();
  record.possible = ordered.possible;
  record.arrangements = ordered.arrangements;
  record.distinct = ordered.distinct;
  record.ties = ordered.ties;
  record.energy = ordered.energy;
  record.occupancy_error = ordered.occupancy_error;
  record.composition_error = ordered.composition_error;
  record.net_charge = without_rounding(ordered.net_charge);
  record.seconds = seconds;
  record.failed = false;
  record.lost = lost_elements(ordered);
  return record;
}

nlohmann::json to_json(const OrderingRecord& record) {
  if (record.failed) {
    return {{"code", static_cast<int>(record.code)}, {"reason", record.reason}, {"seconds", record.seconds}};
  }
  return {{"method", static_cast<int>(record.method)},
          {"repeats", record.repeats},
          {"counts", {record.atoms, record.arrangements, record.distinct, record.ties}},
          {"numbers",
           {exact_json(record.possible), exact_json(record.energy), exact_json(record.occupancy_error),
            exact_json(record.composition_error), exact_json(record.net_charge)}},
          {"seconds", record.seconds},
          {"cif", record.cif},
          {"lost", record.lost}};
}

OrderingRecord ordering_record_from_json(const nlohmann::json& json) {
  OrderingRecord record;
  json.at("seconds").get_to(record.seconds);
  record.failed = json.contains("reason");
  if (record.failed) {
    record.code = static_cast<ErrorCode>(json.at("code").get<int>());
    json.at("reason").get_to(record.reason);
    return record;
  }
  record.method = static_cast<OrderingMethod>(json.at("method").get<int>());
  json.at("repeats").get_to(record.repeats);
  const auto& counts = json.at("counts");
  for (std::size_t i = 0;
       auto* count : {&record.atoms, &record.arrangements, &record.distinct, &record.ties}) {
    counts.at(i++).get_to(*count);
  }
  const auto& numbers = json.at("numbers");
  for (std::size_t i = 0; auto* number : {&record.possible, &record.energy, &record.occupancy_error,
                                          &record.composition_error, &record.net_charge}) {
    *number = exact_number(numbers.at(i++));
  }
  json.at("cif").get_to(record.cif);
  json.at("lost").get_to(record.lost);
  return record;
}

std::string lost_elements(const crystal::OrderedCrystal& ordered) {
  std::string text;
  for (const int atomic_number : ordered.lost) {
    text += fmt::format("{}{}", text.empty() ? "" : " ", crystal::element(atomic_number).symbol);
  }
  return text;
}

std::vector<std::string> cif_comments(const crystal::OrderedCrystal& ordered,
                                      const crystal::OrderingOptions& options) {
  const bool charged = std::isfinite(ordered.energy);
  std::vector<std::string> lines = {
      fmt::format("ordered by ionsift {} from {}", version(), ordered.crystal.source),
      fmt::format("lithium is {}; {} x {} x {} cells", options.keep_lithium ? "kept" : "removed",
                  ordered.repeats(0), ordered.repeats(1), ordered.repeats(2)),
      how_found(ordered, options),
      charged ? fmt::format(
                    "electrostatic energy {:.6f} eV/atom with formal charges, net charge {:g} made up for "
                    "by a uniform background",
                    ordered.energy, without_rounding(ordered.net_charge))
              : "no charges are known, so that there is no energy",
      fmt::format(
          "occupancies differ by at most {:.4f} from those of the average (allowed: {:g}), atomic fractions "
          "of elements by at most {:.4f}",
          ordered.occupancy_error, options.occupancy_tolerance, ordered.composition_error)};
  if (!ordered.lost.empty()) {
    lines.push_back(fmt::format("rounding left no atom of {}", lost_elements(ordered)));
  }
  // A line break inside a comment would end it.
  for (auto& line : lines) {
    std::ranges::replace(line, '\n', ' ');
    std::ranges::replace(line, '\r', ' ');
  }
  return lines;
}

std::vector<std::string> ordering_header() {
  return {"id",           "status",     "method", "supercell",       "atoms",           "possible",
          "arrangements", "distinct",   "ties",   "energy_per_atom", "occupancy_error", "composition_error",
          "lost",         "net_charge", "cif",    "seconds"};
}

std::vector<std::string> ordering_row(const std::string& id, const OrderingRecord& record,
                                      const std::string& cif) {
  if (record.failed) {
    std::vector<std::string> row(ordering_header().size());
    row[0] = id;
    row[1] = "failed";
    row.back() = fmt::format("{:.4f}", record.seconds);
    return row;
  }
  return {id,
          "ordered",
          std::string(name_of(record.method)),
          repeats_text(record.repeats),
          std::to_string(record.atoms),
          fmt::format("{:.6g}", record.possible),
          std::to_string(record.arrangements),
          std::to_string(record.distinct),
          std::to_string(record.ties),
          std::isfinite(record.energy) ? fmt::format("{:.6f}", record.energy) : "",
          fmt::format("{:.6f}", record.occupancy_error),
          fmt::format("{:.6f}", record.composition_error),
          record.lost,
          fmt::format("{:.6g}", record.net_charge),
          cif,
          fmt::format("{:.4f}", record.seconds)};
}

std::string file_stem(const std::string& id) {
  std::string stem = id.empty() ? "structure" : id;
  std::ranges::replace_if(
      stem, [](char c) { return c <= ' ' || c > '~' || c == '/' || c == '\\' || c == ':' || c == '*'; }, '_');
  if (stem.front() == '.') {
    stem.front() = '_';
  }
  return stem;
}

} // namespace ionsift::cli
