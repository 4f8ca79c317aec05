// SPDX-License-Identifier: BSD-3-Clause
#include "screen_tables.hpp"

#include "ionsift/base/csv.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/log.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/dataset/descriptors/atomistic.hpp"
#include "ionsift/dataset/descriptors/lithium_paths.hpp"
#include "ionsift/dataset/labels/id_matching.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/store/read/reader.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace ionsift::cli {

void name_as_stored(const parallel::Communicator& comm, const std::filesystem::path& store,
                    const std::filesystem::path& table,
                    std::unordered_map<std::string, dataset::KnownCompound>& known) {
  if (known.empty()) {
    return;
  }
  std::string renamed; // from, to, from, to ... in lines
  parallel::on_root(comm, [&] {
    std::vector<std::string> ids;
    bool has_compositions = false;
    for (const auto& [id, compound] : known) {
      ids.push_back(id);
      has_compositions = has_compositions || !compound.composition.empty();
    }
    std::ranges::sort(ids);
    const store::Reader structures(store);
    const dataset::IdMatch match(ids, structures.ids(0, structures.size()), table.string(), store.string());
    IONSIFT_VALIDATE(match.matched() > 0 || has_compositions, data,
                     fmt::format("none of the compounds of {} is among the candidates", table.string()),
                     match.remark_on_unmatched(),
                     "Name them as the store does, or add a column of compositions.");
    if (const auto text = match.remark_on_loose(); !text.empty()) {
      log::info("{}", text);
    }
    if (const auto text = match.remark_on_unmatched(); !text.empty()) {
      log::info("{}{}", text, has_compositions ? "; they are known by their compositions" : "");
    }
    for (const auto& [from, to] : match.renamed()) {
      renamed += from + '\n' + to + '\n';
    }
  });
  renamed = comm.broadcast(renamed);
  const auto names = split(renamed, '\n');
  for (std::size_t i = 0; i + 1 < names.size(); i += 2) {
    auto compound = known.extract(names[i]);
    compound.key() = names[i + 1];
    known.insert(std::move(compound));
  }
}

std::unordered_map<std::string, screen::PathValues> read_barriers(const std::filesystem::path& path) {
  const auto table = dataset::FeatureTable::read(path);
  screen::PathValues nothing;
  nothing.fill(screen::Candidate::unknown);
  std::array<std::size_t, nothing.size()> column{};
  for (std::size_t i = 0; i < column.size(); ++i) {
    const auto name = dataset::lithium_path_names[i];
    column[i] = static_cast<std::size_t>(std::ranges::find(table.names, name) - table.names.begin());
    IONSIFT_VALIDATE(
        column[i] < table.names.size(), missing, fmt::format("{} has no column {}", path.string(), name),
        fmt::format("its columns are {}", fmt::join(table.names, ", ")), "Make it with ionsift barrier.");
  }
  std::unordered_map<std::string, screen::PathValues> paths;
  for (std::size_t row = 0; row < table.ids.size(); ++row) {
    auto& values = paths.emplace(table.ids[row], nothing).first->second;
    for (std::size_t i = 0; i < column.size(); ++i) {
      values[i] = table.values[row][column[i]];
    }
  }
  return paths;
}

learn::ConformalCuts read_cuts(const std::filesystem::path& path, double coverage) {
  const auto table = CsvTable::read(path);
  const auto variant = table.column("variant"), label = table.column("label"),
             probability = table.column("P_SI");
  std::vector<int> labels;
  std::vector<double> probabilities;
  for (std::size_t row = 0; row < table.size(); ++row) {
    const auto value = parse_number(trim(table.cell(row, probability)));
    if (value && table.cell(row, variant) == table.cell(0, variant)) {
      labels.push_back(trim(table.cell(row, label)) == "1" ? 1 : 0);
      probabilities.push_back(*value);
    }
  }
  return learn::conformal_cuts(labels, probabilities, coverage);
}

} // namespace ionsift::cli
