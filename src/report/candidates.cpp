#include "ionsift/base/csv.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/report/screening_tables.hpp"

#include "text_table.hpp"

namespace ionsift::report {

void write_candidates(const std::filesystem::path& path, const std::vector<screen::Candidate>& rows) {
  const auto order = screen::rank_candidates(rows);
  write_file_atomically(path, [&](std::ostream& out) {
    write_csv_row(out, {"rank", "formula", "id", "P_SI", "SD", "band_gap_eV", "band_gap_source",
                        "predicted_band_gap_eV", "d_training", "nearest_training_id",
                        "nearest_training_class", "ordered", "source"});
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
      const auto& row = rows[order[rank]];
      write_csv_row(out,
                    {std::to_string(rank + 1), row.formula, row.id, format_number(row.probability, 4, ""),
                     format_number(row.sd, 4, ""), format_number(row.band_gap, 3, ""), row.band_gap_source,
                     format_number(row.predicted_gap, 3, ""), format_number(row.d_training, 4, ""),
                     row.nearest_id, std::to_string(row.nearest_label), row.ordered ? "1" : "0", row.source});
    }
  });
}

} // namespace ionsift::report
