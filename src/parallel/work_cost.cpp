// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/parallel/work_cost.hpp"

namespace ionsift::parallel {

WorkCost sum_up(const Communicator& comm, double seconds, std::uint64_t items, double busy) {
  WorkCost cost;
  cost.ranks = comm.size();
  cost.seconds = comm.all_reduce(seconds, Reduction::max);
  cost.items = comm.all_reduce(items, Reduction::sum);
  cost.busiest = comm.all_reduce(busy, Reduction::max);
  cost.mean = comm.all_reduce(busy, Reduction::sum) / comm.size();
  return cost;
}

} // namespace ionsift::parallel
