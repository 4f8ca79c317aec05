#include "spglib_dataset.hpp"

#include <Eigen/LU>
#include <array>

namespace ionsift::crystal {

SpglibResult spglib_dataset(const Crystal& crystal, const std::vector<int>& types, double tolerance) {
  // spglib expects a right-handed cell; exchanging two axes makes one of a left-handed.
  using Axes = std::array<int, 3>;
  const Axes axes = crystal.lattice.determinant() < 0 ? Axes{1, 0, 2} : Axes{0, 1, 2};
  double lattice[3][3]; // the vectors are columns
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      lattice[i][j] = crystal.lattice(axes[static_cast<std::size_t>(j)], i);
    }
  }
  const auto n = static_cast<int>(crystal.sites.size());
  std::vector<double> positions;
  for (const Site& site : crystal.sites) {
    for (const int axis : axes) {
      positions.push_back(site.fractional[axis]);
    }
  }
  SpglibResult found(
      spg_get_dataset(lattice, reinterpret_cast<double(*)[3]>(positions.data()), types.data(), n, tolerance),
      &spg_free_dataset);
  if (found != nullptr && found->n_atoms != n) {
    found.reset();
  }
  return found;
}

} // namespace ionsift::crystal
