// SPDX-License-Identifier: BSD-3-Clause
#include "same_structures.hpp"

#include "ionsift/base/sha256.hpp"
#include "ionsift/dataset/pairs/duplicates.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/screen/prediction_file.hpp"

#include <algorithm>
#include <span>

namespace ionsift::screen {

bool group_kept(const parallel::Communicator& comm, const store::Reader& store,
                const ScreeningOptions& options, const parallel::JobFolder& place, ScreeningResult& result) {
  auto& kept = result.kept;
  std::vector<std::uint64_t> indices;
  for (std::size_t i = 0; i < std::min<std::size_t>(kept.size(), options.group); ++i) {
    indices.push_back(kept[i].index);
  }
  indices = comm.broadcast(std::move(indices));
  std::vector<crystal::Crystal> crystals;
  parallel::together(comm, [&] {
    for (const auto index : indices) {
      crystals.push_back(store.crystals(index, 1).front());
    }
  });
  dataset::KeptComparisons comparisons{place, {}};
  comparisons.place.input +=
      sha256({reinterpret_cast<const char*>(indices.data()), indices.size() * sizeof(indices[0])});
  const auto duplicates = dataset::find_duplicates(comm, crystals, nullptr, options.matching, &comparisons);
  if (comparisons.work.interrupted()) {
    return false;
  }
  result.grouped = indices.size();
  for (const auto& group : duplicates.groups) {
    result.same_as_another += group.members.size() - 1;
    for (const auto member : group.members) {
      if (comm.is_root()) { // members ascend, and with them rows from the best on
        kept[member].group = kept[group.members.front()].id;
        kept[member].group_size = static_cast<int>(group.members.size());
      }
    }
  }
  std::stable_partition(kept.begin(), kept.end(), [](const Candidate& row) { return row.leads(); });
  return true;
}

void write_groups(const std::filesystem::path& table, std::uint64_t structures,
                  const std::vector<Candidate>& kept) {
  std::vector<const Candidate*> grouped;
  std::size_t longest = 1;
  for (const auto& row : kept) {
    if (!row.group.empty()) {
      grouped.push_back(&row);
      longest = std::max(longest, row.group.size());
    }
  }
  std::ranges::sort(grouped, {}, &Candidate::index);
  auto file = h5::File::open_writable(table);
  {
    auto group = file.make_growing_text("group", longest, rows_at_once);
    auto group_size = file.make_growing("group_size", h5::Type::i32, {}, rows_at_once);
    auto group_sum = file.make_growing("group_checksum", h5::Type::u64, {}, rows_at_once);
    auto next = grouped.begin();
    for (std::uint64_t first = 0; first < structures; first += rows_at_once) {
      const auto count = std::min(rows_at_once, structures - first);
      std::vector<std::string> texts(count);
      std::vector<std::int32_t> sizes(count, 1);
      for (; next != grouped.end() && (*next)->index < first + count; ++next) {
        texts[(*next)->index - first] = (*next)->group;
        sizes[(*next)->index - first] = (*next)->group_size;
      }
      std::vector<std::uint64_t> sums;
      for (std::size_t i = 0; i < count; ++i) {
        sums.push_back(group_checksum(texts[i], sizes[i]));
      }
      group.resize(first + count);
      group_size.resize(first + count);
      group_sum.resize(first + count);
      group.write_text_rows(first, texts);
      group_size.write_rows(first, sizes);
      group_sum.write_rows(first, sums);
    }
  }
  file.close();
}

} // namespace ionsift::screen
