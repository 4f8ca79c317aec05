// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/features/reference.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/dataset/features/feature_set.hpp"

#include <algorithm>
#include <unordered_map>

namespace ionsift::dataset {

namespace {

constexpr std::uint64_t structures_at_once = 1024;

} // namespace

std::vector<std::uint64_t> locate(const store::Reader& reference, const std::vector<std::string>& id) {
  std::unordered_map<std::string, std::size_t> position;
  for (std::size_t p = 0; p < id.size(); ++p) {
    position.emplace(id[p], p);
  }
  constexpr auto nowhere = ~std::uint64_t{0};
  std::vector<std::uint64_t> found(id.size(), nowhere);
  for (std::uint64_t first = 0; first < reference.size(); first += structures_at_once) {
    const auto stored = reference.ids(first, std::min(structures_at_once, reference.size() - first));
    for (std::size_t i = 0; i < stored.size(); ++i) {
      const auto entry = position.find(stored[i]);
      if (entry == position.end()) {
        continue;
      }
      auto& place = found[entry->second];
      IONSIFT_VALIDATE(
          place == nowhere, conflict,
          fmt::format("{} holds the training structure {} twice", reference.path().string(), stored[i]),
          "it must be clear which one the ensemble was trained on",
          "Give the store that the ensemble was trained on.");
      place = first + i;
    }
  }
  for (std::size_t p = 0; p < id.size(); ++p) {
    IONSIFT_VALIDATE(found[p] != nowhere, conflict,
                     fmt::format("{} lacks the training structure {}", reference.path().string(), id[p]),
                     "distances and novelty refer to every structure that the ensemble was trained on",
                     "Give the store that the ensemble was trained on as the reference.");
  }
  return found;
}

Matrix<double> means_at(const store::Reader& reference, const View& view,
                        const std::vector<std::uint64_t>& position) {
  Matrix<double> means;
  std::vector<std::uint8_t> empty;
  for (std::size_t p = 0; p < position.size(); ++p) {
    const auto set = slice(reference, {{view}}, position[p], 1, empty);
    IONSIFT_VALIDATE(empty.front() == 0, conflict,
                     fmt::format("the training structure {} has no row in {} of {}", set.id.front(),
                                 name_of(view), reference.path().string()),
                     "the ensemble cannot have been trained on it",
                     "Give the store that the ensemble was trained on as the reference.");
    const auto mean = set.rows.front().means();
    if (p == 0) {
      means.resize(static_cast<Eigen::Index>(position.size()), mean.cols());
    }
    means.row(static_cast<Eigen::Index>(p)) = mean.row(0);
  }
  return means;
}

} // namespace ionsift::dataset
