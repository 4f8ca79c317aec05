// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/parallel/gather.hpp"

#include "ionsift/base/assertion.hpp"

#include <numeric>

namespace ionsift::parallel {

std::vector<std::string> gather_text_in_order(const Communicator& comm,
                                              std::span<const std::uint64_t> indices,
                                              std::span<const std::string> texts) {
  internal::require_equal_lengths(indices.size(), texts.size());
  std::vector<std::uint64_t> lengths;
  std::string joined;
  for (const auto& text : texts) {
    lengths.push_back(text.size());
    joined += text;
  }
  const auto all_indices = comm.gather(indices);
  const auto all_lengths = comm.gather(std::span<const std::uint64_t>(lengths));
  const auto all_joined = comm.gather(std::span<const char>(joined));

  std::vector<std::size_t> begins(all_lengths.size());
  std::exclusive_scan(all_lengths.begin(), all_lengths.end(), begins.begin(), std::size_t(0));
  std::vector<std::size_t> order(all_indices.size());
  std::iota(order.begin(), order.end(), std::size_t(0));
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return all_indices[a] < all_indices[b]; });
  std::vector<std::string> sorted;
  sorted.reserve(order.size());
  for (const std::size_t i : order) {
    sorted.emplace_back(all_joined.data() + begins[i], all_lengths[i]);
  }
  return sorted;
}

void internal::require_equal_lengths(std::size_t indices, std::size_t values) {
  IONSIFT_ASSERT(indices == values, fmt::format("{} indices for {} values", indices, values));
}

} // namespace ionsift::parallel
