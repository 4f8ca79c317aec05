// SPDX-License-Identifier: BSD-3-Clause
// Gathering of results in the order of the items, whichever ranks computed them.
#pragma once

#include "ionsift/base/error.hpp"
#include "ionsift/parallel/communicator.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ionsift::parallel {

namespace internal {
void require_equal_lengths(std::size_t indices, std::size_t values);
}

/// Values of all ranks sorted by their index, on rank 0 (empty elsewhere); collective. Indices are distinct
/// over all ranks.
template <Plain T>
std::vector<T> gather_in_order(const Communicator& comm, std::span<const std::uint64_t> indices,
                               std::span<const T> values) {
  internal::require_equal_lengths(indices.size(), values.size());
  struct Item {
    std::uint64_t index;
    T value;
  };
  std::vector<Item> mine(indices.size());
  for (std::size_t i = 0; i < indices.size(); ++i) {
    mine[i] = {indices[i], values[i]};
  }
  auto all = comm.gather(std::span<const Item>(mine));
  std::sort(all.begin(), all.end(), [](const Item& a, const Item& b) { return a.index < b.index; });
  std::vector<T> sorted(all.size());
  std::transform(all.begin(), all.end(), sorted.begin(), [](const Item& item) { return item.value; });
  return sorted;
}

/// As above for texts (JSON records, table rows).
std::vector<std::string> gather_text_in_order(const Communicator& comm,
                                              std::span<const std::uint64_t> indices,
                                              std::span<const std::string> texts);

} // namespace ionsift::parallel
