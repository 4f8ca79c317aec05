// SPDX-License-Identifier: BSD-3-Clause
#include "ordered_sum.hpp"

#include "ionsift/parallel/work_queue.hpp"

#include <algorithm>

namespace ionsift::learn {

namespace {

/// @param terms [pieces x length]
std::vector<float> sum(std::span<const float> terms, std::size_t length) {
  std::vector<double> total(length, 0.0);
  for (std::size_t first = 0; first + length <= terms.size() && length > 0; first += length) {
    for (std::size_t i = 0; i < length; ++i) {
      total[i] += static_cast<double>(terms[first + i]);
    }
  }
  return {total.begin(), total.end()};
}

} // namespace

void sum_in_order(const parallel::Communicator& comm, std::span<const float> mine, std::span<float> result) {
  const std::size_t length = result.size();
  if (comm.size() == 1) {
    const auto total = sum(mine, length);
    std::copy(total.begin(), total.end(), result.begin());
    return;
  }
  std::vector<float> sent;
  std::vector<std::size_t> counts;
  sent.reserve(mine.size());
  for (int rank = 0; rank < comm.size(); ++rank) {
    const auto slice = parallel::slice_of(length, rank, comm.size());
    const std::size_t before = sent.size();
    for (std::size_t first = 0; first < mine.size(); first += length) {
      const auto piece = mine.subspan(first, length).subspan(slice.first, slice.size());
      sent.insert(sent.end(), piece.begin(), piece.end());
    }
    counts.push_back(sent.size() - before);
  }
  const auto received = comm.all_to_all(std::span<const float>(sent), std::span<const std::size_t>(counts));
  const auto own = sum(received, parallel::slice_of(length, comm.rank(), comm.size()).size());
  const auto all = comm.all_gather(std::span<const float>(own));
  std::copy(all.begin(), all.end(), result.begin());
}

} // namespace ionsift::learn
