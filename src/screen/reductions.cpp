// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/screen/reductions.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/base/error.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace ionsift::screen {

Histogram::Histogram(double low, double high, std::size_t bins)
    : low_(low), high_(high), counts_(bins + 3, 0) {
  IONSIFT_ASSERT(bins > 0 && high > low, "a histogram without bins or width");
}

void Histogram::add(double value) {
  const auto n = bins();
  if (std::isnan(value)) {
    ++counts_[n + 2];
  } else if (value < low_) {
    ++counts_[n];
  } else if (value > high_) {
    ++counts_[n + 1];
  } else {
    const auto bin = static_cast<std::size_t>((value - low_) / (high_ - low_) * static_cast<double>(n));
    ++counts_[std::min(bin, n - 1)];
  }
}

void Histogram::sum(const parallel::Communicator& comm) {
  comm.all_reduce(std::span<std::uint64_t>(counts_), parallel::Reduction::sum);
}

std::uint64_t Histogram::known() const {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < bins() + 2; ++i) {
    total += counts_[i];
  }
  return total;
}

Histogram Histogram::coarser(std::size_t wanted) const {
  IONSIFT_ASSERT(wanted > 0 && bins() % wanted == 0,
                 fmt::format("{} bins cannot be merged into {}", bins(), wanted));
  Histogram result(low_, high_, wanted);
  const auto together = bins() / wanted;
  for (std::size_t bin = 0; bin < bins(); ++bin) {
    result.counts_[bin / together] += counts_[bin];
  }
  std::copy_n(counts_.end() - 3, 3, result.counts_.end() - 3);
  return result;
}

double Histogram::quantile(double share) const {
  const auto total = known();
  if (total == 0) {
    return Candidate::unknown;
  }
  const double wanted = share * static_cast<double>(total);
  auto before = below();
  if (before > 0 && static_cast<double>(before) >= wanted) {
    return low_;
  }
  for (std::size_t bin = 0; bin < bins(); ++bin) {
    before += counts_[bin];
    if (counts_[bin] > 0 && static_cast<double>(before) >= wanted) {
      return low_ + (static_cast<double>(bin) + 0.5) * width();
    }
  }
  return high_;
}

void GapErrors::add(double predicted, double known) {
  constexpr double micro = 1e6;
  const auto error = std::llround((predicted - known) * micro);
  sums_[0] += 1;
  sums_[1] += std::abs(error);
  sums_[2] += error;
}

void GapErrors::sum(const parallel::Communicator& comm) {
  comm.all_reduce(std::span<std::int64_t>(sums_), parallel::Reduction::sum);
}

double GapErrors::mean_absolute() const {
  return sums_[0] == 0 ? Candidate::unknown
                       : static_cast<double>(sums_[1]) / static_cast<double>(sums_[0]) / 1e6;
}

double GapErrors::bias() const {
  return sums_[0] == 0 ? Candidate::unknown
                       : static_cast<double>(sums_[2]) / static_cast<double>(sums_[0]) / 1e6;
}

void Reductions::add(const Candidate& row) {
  ++funnel.structures;
  if (row.dropped_by) {
    ++funnel.dropped[static_cast<std::size_t>(*row.dropped_by)];
  } else {
    ++funnel.kept;
  }
  const bool known = !std::isnan(row.known_gap);
  const bool predicted = !std::isnan(row.predicted_gap);
  gaps_known += known ? 1 : 0;
  gaps_predicted += predicted ? 1 : 0;
  if (known && predicted) {
    gap_errors.add(row.predicted_gap, row.known_gap);
  }
  (row.ordered ? ordered : disordered).add(row.probability);
  band_gap.add(row.band_gap);
  d_training.add(row.d_training);
}

void Reductions::sum(const parallel::Communicator& comm) {
  std::vector<std::uint64_t> counts = {funnel.structures, funnel.kept, copied, gaps_known, gaps_predicted};
  counts.insert(counts.end(), funnel.dropped.begin(), funnel.dropped.end());
  comm.all_reduce(std::span<std::uint64_t>(counts), parallel::Reduction::sum);
  funnel.structures = counts[0];
  funnel.kept = counts[1];
  copied = counts[2];
  gaps_known = counts[3];
  gaps_predicted = counts[4];
  std::copy(counts.begin() + 5, counts.end(), funnel.dropped.begin());
  gap_errors.sum(comm);
  for (auto* histogram : {&ordered, &disordered, &band_gap, &d_training}) {
    histogram->sum(comm);
  }
}

} // namespace ionsift::screen
