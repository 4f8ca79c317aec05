#include "ionsift/screen/band_gap.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/columns.hpp"

namespace ionsift::screen {

std::unordered_map<std::string, KnownGap> read_gaps(const std::filesystem::path& path,
                                                    const GapOptions& options) {
  const auto table = CsvTable::read(path);
  const auto id_column = dataset::find_id_column(table, options.id_column);
  const auto gap_column = dataset::find_column(
      table, options.gap_column, {"band_gap_eV", "band_gap", "gap_eV", "gap"}, "band gaps", "--gap-column");
  const auto source_column = dataset::find_optional_column(table, options.source_column, {"band_gap_source"});

  std::unordered_map<std::string, KnownGap> gaps;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const std::string id(trim(table.cell(row, id_column)));
    const auto text = trim(table.cell(row, gap_column));
    if (id.empty() || text.empty()) {
      continue;
    }
    const auto place = fmt::format("{}: structure {}", table.name(), id);
    const auto value = parse_number(text);
    IONSIFT_VALIDATE(value && *value >= 0, data, fmt::format("{}: \"{}\" is no band gap", place, text),
                     "expected a number of eV, zero or more",
                     "Correct it, or leave it empty where it is unknown.");
    const auto source = source_column ? trim(table.cell(row, *source_column)) : std::string_view{};
    KnownGap gap{*value, source.empty() ? path.filename().string() : std::string(source)};
    const auto [known, fresh] = gaps.try_emplace(id, std::move(gap));
    IONSIFT_VALIDATE(fresh || known->second.value == *value, data, fmt::format("{} has two band gaps", place),
                     fmt::format("{} eV and {} eV", known->second.value, *value),
                     "Keep one row for each structure.");
  }
  return gaps;
}

} // namespace ionsift::screen
