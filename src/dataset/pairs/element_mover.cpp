// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/pairs/element_mover.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/crystal/chemistry/element.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include <algorithm>
#include <cmath>

namespace ionsift::dataset {

std::vector<ScaleShare> on_pettifor_scale(const crystal::Composition& composition) {
  IONSIFT_VALIDATE(composition.total() > 0, data, "an empty composition has no distance to others",
                   "no element has a positive amount", "Leave the entry out, or correct its formula.");
  std::vector<ScaleShare> shares;
  for (const auto& [number, amount] : composition.amounts()) {
    const auto& element = crystal::element(number);
    IONSIFT_VALIDATE(element.modified_pettifor > 0, data,
                     fmt::format("{} has no place on the modified Pettifor scale", element.symbol),
                     fmt::format("it is in {}", composition.formula()), "Leave the entry out.");
    shares.push_back({element.modified_pettifor, amount / composition.total()});
  }
  std::ranges::sort(shares, {}, &ScaleShare::position);
  return shares;
}

double element_mover_distance(const std::vector<ScaleShare>& a, const std::vector<ScaleShare>& b) {
  double work = 0, difference = 0; // of the cumulative distributions, up to `position`
  int position = 0;
  auto next_a = a.begin();
  auto next_b = b.begin();
  while (next_a != a.end() || next_b != b.end()) {
    const bool take_a = next_b == b.end() || (next_a != a.end() && next_a->position <= next_b->position);
    const auto& next = take_a ? *next_a++ : *next_b++;
    work += std::abs(difference) * (next.position - position);
    position = next.position;
    difference += take_a ? next.share : -next.share;
  }
  return work;
}

PairDistances::PairDistances(std::size_t n, std::vector<double> values) : n_(n), values_(std::move(values)) {
  IONSIFT_ASSERT(values_.size() == n * (n - std::min<std::size_t>(n, 1)) / 2,
                 fmt::format("{} items cannot have {} distances", n, values_.size()));
}

PairDistances element_mover_distances(const parallel::Communicator& comm,
                                      const std::vector<std::vector<ScaleShare>>& compositions) {
  const std::size_t n = compositions.size();
  const std::uint64_t pairs = n < 2 ? 0 : n * (n - 1) / 2;
  const auto slice = parallel::slice_of(pairs, comm.rank(), comm.size());
  std::vector<double> mine;
  mine.reserve(slice.size());
  std::uint64_t row_first = 0; // number of the pair (i, i + 1)
  for (std::size_t i = 0; i + 1 < n && row_first < slice.last; ++i) {
    const std::uint64_t row_last = row_first + (n - 1 - i);
    for (auto p = std::max(row_first, slice.first); p < std::min(row_last, slice.last); ++p) {
      mine.push_back(element_mover_distance(compositions[i], compositions[i + 1 + (p - row_first)]));
    }
    row_first = row_last;
  }
  auto all = comm.gather(std::span<const double>(mine));
  return comm.is_root() ? PairDistances(n, std::move(all)) : PairDistances();
}

} // namespace ionsift::dataset
