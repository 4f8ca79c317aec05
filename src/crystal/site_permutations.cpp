#include "site_permutations.hpp"

#include "fractional.hpp"
#include "spglib_dataset.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <numeric>
#include <optional>
#include <set>

namespace ionsift::crystal {

namespace {

/// Operation i of what spglib found, in the cell that it was given.
Eigen::Vector3d applied(const SpglibDataset& dataset, int i, const Eigen::Vector3d& x) {
  Eigen::Vector3d image;
  for (int row = 0; row < 3; ++row) {
    image(row) = dataset.translations[i][row];
    for (int column = 0; column < 3; ++column) {
      image(row) += dataset.rotations[i][row][column] * x(column);
    }
  }
  return image;
}

std::optional<std::vector<int>> permutation_of(const Crystal& crystal, const SpglibDataset& dataset,
                                               int operation, const std::vector<int>& types,
                                               const std::vector<int>& sites, double tolerance) {
  // spglib was given a left-handed cell with its first axes exchanged.
  const bool exchanged = crystal.lattice.determinant() < 0;
  const auto seen = [&](const Eigen::Vector3d& x) {
    return exchanged ? Eigen::Vector3d(x(1), x(0), x(2)) : x;
  };
  std::vector<int> permutation;
  std::vector<char> taken(sites.size(), 0);
  for (const int site : sites) {
    const auto& from = crystal.sites[static_cast<std::size_t>(site)].fractional;
    const Eigen::Vector3d image = seen(applied(dataset, operation, seen(from)));
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
