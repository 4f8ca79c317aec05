// SPDX-License-Identifier: BSD-3-Clause
#include "site_permutations.hpp"

#include "cell/fractional.hpp"
#include "symmetry/spglib_dataset.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <set>

namespace ionsift::crystal {

namespace {

std::optional<std::vector<int>> permutation_of(const Crystal& crystal, const SpglibDataset& dataset,
                                               int operation, const std::vector<int>& types,
                                               const std::vector<int>& sites, double tolerance) {
  std::vector<int> permutation;
  std::vector<char> taken(sites.size(), 0);
  for (const int site : sites) {
    const auto& from = crystal.sites[static_cast<std::size_t>(site)].fractional;
    const auto image = spglib_image(dataset, operation, crystal.lattice, from);
    const auto found = std::ranges::find_if(sites, [&](int other) {
      const auto& at = crystal.sites[static_cast<std::size_t>(other)].fractional;
      return types[static_cast<std::size_t>(other)] == types[static_cast<std::size_t>(site)] &&
             (crystal.lattice.transpose() * wrapped(at - image)).norm() <= tolerance;
    });
    const auto number = static_cast<std::size_t>(found - sites.begin());
    if (found == sites.end() || taken[number] != 0) {
      return std::nullopt;
    }
    taken[number] = 1;
    permutation.push_back(static_cast<int>(number));
  }
  return permutation;
}

} // namespace

SitePermutations site_permutations(const Crystal& crystal, const std::vector<int>& types,
                                   const std::vector<int>& sites, double tolerance) {
  std::vector<int> identity(sites.size());
  std::iota(identity.begin(), identity.end(), 0);
  const auto dataset = spglib_dataset(crystal, types, tolerance);
  if (dataset == nullptr) {
    return {identity};
  }
  std::set<std::vector<int>> found = {identity};
  for (int i = 0; i < dataset->n_operations; ++i) {
    // spglib allows each site the tolerance; its operations are means over sites, and may be off by as much.
    auto permutation = permutation_of(crystal, *dataset, i, types, sites, 2 * tolerance);
    if (!permutation) {
      return {identity};
    }
    found.insert(std::move(*permutation));
  }
  return {found.begin(), found.end()};
}

} // namespace ionsift::crystal
