// SPDX-License-Identifier: BSD-3-Clause
#include "block_checks.hpp"

#include "ionsift/base/checksum.hpp"
#include "ionsift/base/error.hpp"

#include "layout.hpp"

#include <algorithm>

namespace ionsift::store {

namespace {

/// Rows along each axis behind the last block.
std::vector<std::uint64_t> ends_of(const h5::File& file, const Provenance& provenance) {
  std::vector<std::uint64_t> ends;
  for (const auto* path :
       {"structures/index", "crystals/orbit", "crystals/multiplicity", "crystals/occupancy"}) {
    ends.push_back(file.dataset(path).rows());
  }
  for (const auto representation : provenance.representations) {
    ends.push_back(file.dataset(feature_path(representation, "multiplicity")).rows());
  }
  return ends;
}

/// Whether these are all columns that structures have rows in.
bool are_all_columns(const h5::File& file, const Provenance& provenance,
                     const std::vector<std::string>& columns) {
  std::vector<std::string> groups = {"structures", "crystals"};
  for (const auto representation : provenance.representations) {
    groups.push_back(fmt::format("features/{}", crystal::name_of(representation)));
  }
  std::vector<std::string> all;
  for (const auto& group : groups) {
    for (const auto& name : file.list(group)) {
      all.push_back(group + "/" + name);
    }
  }
  return std::is_permutation(all.begin(), all.end(), columns.begin(), columns.end());
}

} // namespace

BlockChecks::BlockChecks(const h5::File& file, const Provenance& provenance, std::uint64_t structures)
    : columns_(file.dataset("blocks/columns").read_text()) {
  const auto stored = file.dataset("blocks/first");
  const auto ends = ends_of(file, provenance);
  blocks_ = stored.rows();
  sums_ = file.dataset("blocks/checksum").read<std::uint64_t>();
  const auto first = stored.read<std::int64_t>();
  const bool fits = stored.row_size() == ends.size() && sums_.size() == blocks_ * columns_.size() &&
                    file.dataset("blocks/axes").read_text() == axis_names(provenance.representations) &&
                    are_all_columns(file, provenance, columns_) && (structures == 0) == (blocks_ == 0);
  const auto damage = [&](bool sound) {
    IONSIFT_VALIDATE(sound, data, fmt::format("{}:/blocks is damaged", file.name()),
                     "it does not fit the datasets of the store", "Copy the store again, or make it again.");
  };
  damage(fits);
  for (std::size_t axis = 0; axis < ends.size(); ++axis) {
    auto& begins = first_.emplace_back();
    for (std::uint64_t block = 0; block < blocks_; ++block) {
      begins.push_back(static_cast<std::uint64_t>(first[block * ends.size() + axis]));
    }
    begins.push_back(ends[axis]);
    damage(std::is_sorted(begins.begin(), begins.end()) && (blocks_ == 0 || begins.front() == 0));
  }
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const bool offsets = columns_[i].ends_with("offset");
    by_name_[columns_[i]] = {i, axis_of(columns_[i], provenance.representations), offsets,
                             std::vector<bool>(blocks_, false)};
  }
}

std::optional<std::uint64_t> BlockChecks::find_damage(const std::string& name, const h5::Dataset& dataset,
                                                      std::uint64_t first, std::uint64_t count) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end() || blocks_ == 0 || count == 0) {
    return std::nullopt;
  }
  auto& column = found->second;
  const auto& begins = first_.at(column.axis);
  // The last block that begins at or before the first row; empty ones of this axis share its beginning.
  const auto behind = std::upper_bound(begins.begin(), begins.end() - 1, first);
  for (auto block = static_cast<std::uint64_t>(std::max<std::ptrdiff_t>(behind - begins.begin() - 1, 0));
       block < blocks_ && begins[block] < first + count; ++block) {
    if (!column.checked[block]) {
      if (!is_whole(column, dataset, block)) {
        return block;
      }
      column.checked[block] = true;
    }
  }
  return std::nullopt;
}

bool BlockChecks::is_whole(const Column& column, const h5::Dataset& dataset, std::uint64_t block) const {
  const auto& begins = first_.at(column.axis);
  const auto rows = begins[block + 1] - begins[block] + (column.offsets ? 1 : 0);
  return checksum_of_bytes(dataset.read_bytes(begins[block], rows)) ==
         sums_[block * columns_.size() + column.number];
}

} // namespace ionsift::store
