// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/report/screening_tables.hpp"

#include "text_table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ionsift::report {

namespace {

std::string flag(bool value) {
  return value ? "1" : "0";
}

} // namespace

void write_candidates(const std::filesystem::path& path, const std::vector<screen::Candidate>& kept) {
  write_file_atomically(path, [&](std::ostream& out) {
    write_csv_row(out, {"rank",
                        "formula",
                        "id",
                        "P_SI",
                        "SD",
                        "P_SI_05",
                        "P_SI_25",
                        "P_SI_50",
                        "P_SI_75",
                        "P_SI_95",
                        "band_gap_eV",
                        "band_gap_source",
                        "known_band_gap_eV",
                        "predicted_band_gap_eV",
                        "d_training",
                        "d_centroid",
                        "nearest_training_id",
                        "nearest_training_formula",
                        "nearest_training_class",
                        "composition_distance",
                        "nearest_composition_id",
                        "energy_above_hull_eV_per_atom",
                        "elements",
                        "hydrogen",
                        "redox_metals",
                        "radioactive",
                        "toxic",
                        "scarce",
                        "ordered",
                        "group",
                        "group_size",
                        "source"});
    std::size_t rank = 0;
    for (const auto& row : kept) {
      std::vector<std::string> cells = {row.leads() ? std::to_string(++rank) : "", row.formula, row.id,
                                        format_number(row.probability, 4, ""), format_number(row.sd, 4, "")};
      for (const double quantile : row.quantile) {
        cells.push_back(format_number(quantile, 4, ""));
      }
      for (auto& cell : std::vector<std::string>{format_number(row.band_gap, 3, ""),
                                                 row.band_gap_source,
                                                 format_number(row.known_gap, 3, ""),
                                                 format_number(row.predicted_gap, 3, ""),
                                                 format_number(row.d_training, 4, ""),
                                                 format_number(row.d_centroid, 4, ""),
                                                 row.nearest_id,
                                                 row.nearest_formula,
                                                 std::to_string(row.nearest_label),
                                                 format_number(row.composition_distance, 3, ""),
                                                 row.nearest_composition,
                                                 format_number(row.hull, 4, ""),
                                                 std::to_string(row.elements),
                                                 flag(row.hydrogen),
                                                 row.redox_metals,
                                                 row.radioactive,
                                                 row.toxic,
                                                 row.scarce,
                                                 flag(row.ordered),
                                                 row.group,
                                                 std::to_string(row.group_size),
                                                 row.source}) {
        cells.push_back(std::move(cell));
      }
      write_csv_row(out, cells);
    }
  });
}

void write_training(const std::filesystem::path& path, const std::vector<screen::TrainingPoint>& training) {
  write_file_atomically(path, [&](std::ostream& out) {
    write_csv_row(out, {"id", "formula", "class", "PC1", "PC2"});
    for (const auto& point : training) {
      write_csv_row(out,
                    {point.id, point.formula, std::to_string(point.label),
                     format_number(point.component[0], 6, ""), format_number(point.component[1], 6, "")});
    }
  });
}

void write_kinds(const std::filesystem::path& path, const std::vector<std::string>& ids,
                 const screen::KindProbabilities& kinds) {
  write_file_atomically(path, [&](std::ostream& out) {
    std::vector<std::string> header = {"id"};
    for (std::size_t kind = 0; kind < kinds.kinds.size(); ++kind) {
      const auto& name = kinds.kinds[kind];
      // Names are free: they may be missing or repeated.
      header.push_back(name.empty() || std::ranges::count(kinds.kinds, name) > 1
                           ? fmt::format("{} {}", name.empty() ? "kind" : name, kind + 1)
                           : name);
    }
    write_csv_row(out, header);
    for (std::size_t row = 0; row < ids.size(); ++row) {
      std::vector<std::string> cells = {ids[row]};
      for (const double value : kinds.of[row]) {
        cells.push_back(format_number(value, 4, ""));
      }
      write_csv_row(out, cells);
    }
  });
}

} // namespace ionsift::report
