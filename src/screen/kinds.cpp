// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/screen/kinds.hpp"

#include "ionsift/base/assertion.hpp"
#include "ionsift/dataset/features/feature_set.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include <fmt/format.h>

#include <limits>
#include <span>

namespace ionsift::screen {

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

/// Configurations of an ensemble's members, in the order of its predictions.
std::vector<int> configurations_of(const learn::Ensemble& ensemble) {
  std::vector<int> configuration;
  for (const auto& member : ensemble.manifest().at("members")) {
    if (!member.value("diverged", false)) {
      configuration.push_back(member.at("configuration").get<int>());
    }
  }
  IONSIFT_ASSERT(configuration.size() == ensemble.members(),
                 fmt::format("{} records of {} members", configuration.size(), ensemble.members()));
  return configuration;
}

} // namespace

std::vector<std::vector<double>> probabilities_by_kind(const learn::Ensemble& ensemble,
                                                       const Matrix<float>& members) {
  const auto configuration = configurations_of(ensemble);
  const auto configurations = ensemble.plan().configurations.size();
  const auto structures = static_cast<std::size_t>(members.cols());
  std::vector<std::vector<double>> sum(1 + configurations, std::vector<double>(structures, 0));
  std::vector<double> weight(1 + configurations, 0);
  for (std::size_t m = 0; m < configuration.size(); ++m) {
    const double own = ensemble.weights()[m];
    for (const auto group : {std::size_t{0}, static_cast<std::size_t>(configuration[m]) + 1}) {
      weight[group] += own;
      for (std::size_t s = 0; s < structures; ++s) {
        sum[group][s] += own * members(static_cast<Eigen::Index>(m), static_cast<Eigen::Index>(s));
      }
    }
  }
  for (std::size_t group = 0; group < sum.size(); ++group) {
    for (auto& value : sum[group]) {
      value = weight[group] > 0 ? value / weight[group] : nothing;
    }
  }
  return sum;
}

KindProbabilities predict_by_kind(const parallel::Communicator& comm, const learn::Ensemble& ensemble,
                                  const store::Reader& store, const std::vector<std::uint64_t>& structures,
                                  const parallel::DeviceBinding& device,
                                  const std::shared_ptr<const dataset::GivenDescriptors>& given) {
  auto content = ensemble.plan().content();
  content.given = given;
  KindProbabilities result;
  for (const auto& configuration : ensemble.plan().configurations) {
    result.kinds.push_back(configuration.name);
  }
  const auto kinds = result.kinds.size();
  std::vector<double> mine; // [structures of this rank][kinds]
  parallel::together(comm, [&] {
    const auto slice = parallel::slice_of(structures.size(), comm.rank(), comm.size());
    for (auto i = slice.first; i < slice.last; ++i) {
      std::vector<std::uint8_t> empty;
      const auto one = dataset::slice(store, content, structures[i], 1, empty);
      if (empty.front() != 0) {
        mine.insert(mine.end(), kinds, nothing);
        continue;
      }
      const auto value = probabilities_by_kind(ensemble, ensemble.predict(one, device));
      for (std::size_t kind = 0; kind < kinds; ++kind) {
        mine.push_back(value[kind + 1].front());
      }
    }
  });
  const auto all = comm.gather(std::span<const double>(mine));
  for (std::size_t first = 0; first + kinds <= all.size() && kinds > 0; first += kinds) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(first);
    result.of.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(kinds));
  }
  return result;
}

} // namespace ionsift::screen
