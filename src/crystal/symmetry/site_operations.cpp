// SPDX-License-Identifier: BSD-3-Clause
#include "site_operations.hpp"

#include <spglib.h>

#include <Eigen/LU>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace ionsift::crystal {

namespace {

/// What misses by more than the tolerance divided, and less than multiplied, by this is not plain.
constexpr double doubt = 3;
constexpr std::size_t most_sites_of_rarest = 192;
constexpr std::size_t most_translations = 32; // a supercell of eight face-centred cells

/// Finds sites near a point.
class SiteGrid {
public:
  SiteGrid(const Eigen::Matrix3d& lattice, const std::vector<Eigen::Vector3d>& positions,
           const std::vector<int>& types, double reach)
      : lattice_(lattice.transpose()), positions_(positions), types_(types) {
    const auto cells = std::cbrt(static_cast<double>(positions.size()));
    cells_ = std::clamp(static_cast<int>(cells), 1, 16);
    const Eigen::Matrix3d inverse = lattice.inverse();
    for (int axis = 0; axis < 3; ++axis) {
      reach_[axis] = reach * inverse.col(axis).norm();
    }
    bins_.resize(static_cast<std::size_t>(cells_) * cells_ * cells_);
    for (std::size_t i = 0; i < positions.size(); ++i) {
      const auto& x = positions[i];
      bins_[index(cell_of(x[0]), cell_of(x[1]), cell_of(x[2]))].push_back(i);
    }
  }

  /// The least distance from a point to a site of a type, but for one site; infinite beyond reach.
  double nearest(const Eigen::Vector3d& point, int type, std::size_t except) const {
    double least = std::numeric_limits<double>::infinity();
    each_near(point, [&](std::size_t i) {
      if (i != except && (type < 0 || types_[i] == type)) {
        least = std::min(least, distance(point, positions_[i]));
      }
    });
    return least;
  }

private:
  int cell_of(double x) const {
    const int cell = static_cast<int>(std::floor((x - std::floor(x)) * cells_));
    return std::min(cell, cells_ - 1);
  }
  std::size_t index(int a, int b, int c) const {
    return (static_cast<std::size_t>(a) * cells_ + b) * cells_ + c;
  }
  double distance(const Eigen::Vector3d& a, const Eigen::Vector3d& b) const {
    Eigen::Vector3d difference = a - b;
    difference -= difference.array().round().matrix();
    return (lattice_ * difference).norm();
  }

  template <typename Function>
  void each_near(const Eigen::Vector3d& point, const Function& function) const {
    std::array<std::array<int, 3>, 3> cells{}; // of each axis, those within reach
    std::array<int, 3> count{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      for (const double shift : {0.0, -reach_[axis], reach_[axis]}) {
        const int cell = cell_of(point[static_cast<int>(axis)] + shift);
        auto& list = cells[axis];
        const auto end = list.begin() + count[axis];
        if (std::find(list.begin(), end, cell) == end) {
          list[static_cast<std::size_t>(count[axis]++)] = cell;
        }
      }
    }
    for (int a = 0; a < count[0]; ++a) {
      for (int b = 0; b < count[1]; ++b) {
        for (int c = 0; c < count[2]; ++c) {
          std::ranges::for_each(
              bins_[index(cells[0][static_cast<std::size_t>(a)], cells[1][static_cast<std::size_t>(b)],
                          cells[2][static_cast<std::size_t>(c)])],
              function);
        }
      }
    }
  }

  Eigen::Matrix3d lattice_; ///< columns a, b, c
  const std::vector<Eigen::Vector3d>& positions_;
  const std::vector<int>& types_;
  int cells_ = 1; ///< along each axis
  std::array<double, 3> reach_{};
  std::vector<std::vector<std::size_t>> bins_;
};

/// A rotation of the lattice and by how much it misses, angstrom.
struct LatticeRotation {
  Eigen::Matrix3i rotation;
  double misses = 0;
};

/// Rotations that map a lattice onto itself within a distance. In a Delaunay-reduced basis their elements are
/// -1, 0 and 1.
/// @param lattice columns a, b, c, reduced
std::vector<LatticeRotation> lattice_rotations(const Eigen::Matrix3d& lattice, double within) {
  struct Image {
    Eigen::Vector3i indices;
    Eigen::Vector3d vector;
    double misses = 0;
  };
  std::array<std::vector<Image>, 3> images; // of each axis
  for (int a = -1; a <= 1; ++a) {
    for (int b = -1; b <= 1; ++b) {
      for (int c = -1; c <= 1; ++c) {
        const Eigen::Vector3i indices(a, b, c);
        const Eigen::Vector3d vector = lattice * indices.cast<double>();
        for (int axis = 0; axis < 3; ++axis) {
          const double misses = std::abs(vector.norm() - lattice.col(axis).norm());
          if (misses < within) {
            images[static_cast<std::size_t>(axis)].push_back({indices, vector, misses});
          }
        }
      }
    }
  }
  const auto angle_misses = [&](int i, int j, const Image& x, const Image& y) {
    const double li = lattice.col(i).norm(), lj = lattice.col(j).norm();
    const double before = std::acos(std::clamp(lattice.col(i).dot(lattice.col(j)) / (li * lj), -1.0, 1.0));
    const double after =
        std::acos(std::clamp(x.vector.dot(y.vector) / (x.vector.norm() * y.vector.norm()), -1.0, 1.0));
    return std::abs(std::sin(after - before)) * std::sqrt(li * lj);
  };
  std::vector<LatticeRotation> rotations;
  for (const auto& a : images[0]) {
    for (const auto& b : images[1]) {
      const double first = std::max({a.misses, b.misses, angle_misses(0, 1, a, b)});
      if (first >= within) {
        continue;
      }
      for (const auto& c : images[2]) {
        const double misses = std::max({first, c.misses, angle_misses(0, 2, a, c), angle_misses(1, 2, b, c)});
        Eigen::Matrix3i rotation;
        rotation << a.indices, b.indices, c.indices;
        if (misses < within && std::abs(rotation.determinant()) == 1) {
          rotations.push_back({rotation, misses});
        }
      }
    }
  }
  return rotations;
}

/// The basis that Delaunay reduction gives, as integers: reduced = lattice * basis. Nothing where it fails.
std::optional<Eigen::Matrix3i> reduced_basis(const Eigen::Matrix3d& lattice, double tolerance) {
  double reduced[3][3]; // NOLINT(modernize-avoid-c-arrays): what spglib takes
  Eigen::Map<Eigen::Matrix<double, 3, 3, Eigen::RowMajor>> columns(&reduced[0][0]);
  columns = lattice;
  if (spg_delaunay_reduce(reduced, tolerance) == 0) {
    return std::nullopt;
  }
  const Eigen::Matrix3d exact = lattice.inverse() * columns;
  const Eigen::Matrix3d whole = exact.array().round();
  if ((exact - whole).cwiseAbs().maxCoeff() > 1e-6 || std::abs(std::abs(whole.determinant()) - 1) > 1e-6) {
    return std::nullopt;
  }
  return whole.cast<int>();
}

/// The type that the fewest sites have.
int rarest(const std::vector<int>& types) {
  std::vector<std::size_t> count(static_cast<std::size_t>(*std::ranges::max_element(types)) + 1, 0);
  for (const int type : types) {
    ++count[static_cast<std::size_t>(type)];
  }
  int chosen = types.front();
  for (const int type : types) {
    if (count[static_cast<std::size_t>(type)] < count[static_cast<std::size_t>(chosen)]) {
      chosen = type;
    }
  }
  return chosen;
}

/// Sites of one cell.
struct Cell {
  Eigen::Matrix3d lattice; ///< columns a, b, c
  std::vector<Eigen::Vector3d> positions;
  std::vector<int> types;
};

Eigen::Vector3d into_cell(const Eigen::Vector3d& x) {
  return x - x.array().floor().matrix();
}

/// Operations of one rotation with all translations that may fit; nothing where one of them is not plain.
/// @param lattice_misses by how much the lattice misses its image
std::optional<std::vector<Operation>> operations_of(const Cell& cell, const SiteGrid& grid,
                                                    const std::vector<std::size_t>& rarest_sites,
                                                    const Eigen::Matrix3i& rotation, double lattice_misses,
                                                    double tolerance) {
  const double within = doubt * tolerance, plain = tolerance / doubt;
  std::vector<Operation> operations;
  const Eigen::Matrix3d turned = rotation.cast<double>();
  for (const auto target : rarest_sites) {
    // The mean over sites would be a better translation; what misses by so little is plain without it.
    const Eigen::Vector3d translation =
        cell.positions[target] - turned * cell.positions[rarest_sites.front()];
    double misses = lattice_misses;
    for (std::size_t i = 0; i < cell.positions.size() && misses < within; ++i) {
      misses = std::max(misses, grid.nearest(turned * cell.positions[i] + translation, cell.types[i],
                                             cell.positions.size()));
    }
    if (misses < within) {
      if (misses > plain) {
        return std::nullopt;
      }
      operations.push_back({rotation, into_cell(translation)});
    }
  }
  return operations;
}

/// A basis of the lattice that some translations and a cell's own generate, as fractional coordinates in the
/// cell; nothing where none is found.
/// @param translations modulo the cell's lattice, with 0
std::optional<Eigen::Matrix3d> primitive_basis(const Eigen::Matrix3d& lattice,
                                               const std::vector<Operation>& translations) {
  std::vector<Eigen::Vector3d> vectors;
  for (const auto& operation : translations) {
    for (const double a : {0.0, 1.0}) {
      for (const double b : {0.0, 1.0}) {
        for (const double c : {0.0, 1.0}) {
          vectors.push_back(operation.translation - Eigen::Vector3d(a, b, c));
        }
      }
    }
  }
  std::ranges::sort(vectors, {}, [&](const Eigen::Vector3d& v) { return (lattice * v).norm(); });
  const double volume = 1.0 / static_cast<double>(translations.size());
  Eigen::Matrix3d basis;
  for (std::size_t a = 0; a < vectors.size(); ++a) {
    for (std::size_t b = a + 1; b < vectors.size(); ++b) {
      for (std::size_t c = b + 1; c < vectors.size(); ++c) {
        basis << vectors[a], vectors[b], vectors[c];
        const double spanned = basis.determinant();
        if (std::abs(std::abs(spanned) - volume) < volume / 100) {
          if (spanned < 0) {
            basis.col(2) *= -1; // the hand stays
          }
          return basis;
        }
      }
    }
  }
  return std::nullopt;
}

/// The sites of a cell in a smaller one; nothing where they do not fit.
std::optional<Cell> reduce(const Cell& cell, const Eigen::Matrix3d& basis, std::size_t translations,
                           double within) {
  Cell reduced{cell.lattice * basis, {}, {}};
  const Eigen::Matrix3d inverse = basis.inverse();
  for (std::size_t i = 0; i < cell.positions.size(); ++i) {
    const Eigen::Vector3d position = into_cell(inverse * cell.positions[i]);
    bool known = false;
    for (std::size_t j = 0; j < reduced.positions.size() && !known; ++j) {
      Eigen::Vector3d difference = position - reduced.positions[j];
      difference -= difference.array().round().matrix();
      known = reduced.types[j] == cell.types[i] && (reduced.lattice * difference).norm() < within;
    }
    if (!known) {
      reduced.positions.push_back(position);
      reduced.types.push_back(cell.types[i]);
    }
  }
  if (reduced.positions.size() * translations != cell.positions.size()) {
    return std::nullopt;
  }
  return reduced;
}

std::vector<std::size_t> sites_of(const Cell& cell, int type) {
  std::vector<std::size_t> sites;
  for (std::size_t i = 0; i < cell.types.size(); ++i) {
    if (cell.types[i] == type) {
      sites.push_back(i);
    }
  }
  return sites;
}

/// The cell itself where it is primitive, else a smaller one.
std::optional<Cell> primitive_cell(const Cell& cell, int type, double tolerance) {
  const double within = doubt * tolerance;
  const SiteGrid grid(cell.lattice.transpose(), cell.positions, cell.types, within);
  for (std::size_t i = 0; i < cell.positions.size(); ++i) {
    if (grid.nearest(cell.positions[i], -1, i) < within) {
      return std::nullopt;
    }
  }
  const auto translations =
      operations_of(cell, grid, sites_of(cell, type), Eigen::Matrix3i::Identity(), 0, tolerance);
  if (!translations || translations->size() > most_translations) {
    return std::nullopt;
  }
  if (translations->size() == 1) {
    return cell;
  }
  const auto basis = primitive_basis(cell.lattice, *translations);
  return basis ? reduce(cell, *basis, translations->size(), within) : std::nullopt;
}

} // namespace

std::optional<PlainOperations> find_operations(const Crystal& crystal, const std::vector<int>& types,
                                               double tolerance) {
  Cell given{crystal.lattice.transpose(), {}, types};
  if (crystal.sites.empty() || !given.lattice.allFinite() || !(std::abs(given.lattice.determinant()) > 0)) {
    return std::nullopt;
  }
  for (const Site& site : crystal.sites) {
    given.positions.push_back(into_cell(site.fractional));
    if (!given.positions.back().allFinite()) {
      return std::nullopt;
    }
  }
  const int type = rarest(types);
  if (sites_of(given, type).size() > most_sites_of_rarest) {
    return std::nullopt;
  }
  const auto cell = primitive_cell(given, type, tolerance);
  const auto basis = cell ? reduced_basis(cell->lattice, tolerance) : std::nullopt;
  if (!basis) {
    return std::nullopt;
  }
  const double within = doubt * tolerance;
  const SiteGrid grid(cell->lattice.transpose(), cell->positions, cell->types, within);
  const auto rarest_sites = sites_of(*cell, type);
  const Eigen::Matrix3d to_reduced = basis->cast<double>().inverse();
  PlainOperations found{cell->lattice.transpose(), {}};
  for (const auto& [reduced, misses] : lattice_rotations(cell->lattice * basis->cast<double>(), within)) {
    const Eigen::Matrix3d exact = basis->cast<double>() * reduced.cast<double>() * to_reduced;
    const Eigen::Matrix3i rotation = exact.array().round().matrix().cast<int>();
    const auto operations = operations_of(*cell, grid, rarest_sites, rotation, misses, tolerance);
    if (!operations) {
      return std::nullopt;
    }
    found.operations.insert(found.operations.end(), operations->begin(), operations->end());
  }
  return found;
}

} // namespace ionsift::crystal
