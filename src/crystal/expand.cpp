#include "expand.hpp"

#include "fractional.hpp"
#include "site_index.hpp"

#include <cmath>
#include <optional>

namespace ionsift::crystal {

namespace {

/// How far apart numbers are that exact arithmetic would make equal.
constexpr double exact = 1e-8;
/// Two atoms nearer than this are never both meant; split sites begin at 0.2 angstrom.
constexpr double largest_rounding = 0.1;

Eigen::Vector3d displacement(const Operation& operation, const Eigen::Vector3d& x) {
  return wrapped(operation.apply(x) - x);
}

/// Operations that leave an atom where it is, and where it is exactly.
struct SpecialPosition {
  Eigen::Vector3d position;
  std::vector<const Operation*> stabilizer;
};

/// The average over the images under the stabilizer is the special position. The tolerance may have let in
/// operations that do not form a group; averaging again then either settles or shows that they do not belong.
std::optional<SpecialPosition> settle(SpecialPosition site, std::size_t group_order) {
  if (group_order % site.stabilizer.size() != 0) {
    return std::nullopt;
  }
  constexpr int attempts = 20;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    Eigen::Vector3d sum = Eigen::Vector3d::Zero();
    double largest = 0;
    for (const Operation* operation : site.stabilizer) {
      const Eigen::Vector3d moved = displacement(*operation, site.position);
      sum += moved;
      largest = std::max(largest, moved.cwiseAbs().maxCoeff());
    }
    if (largest < exact) {
      return site;
    }
    site.position += sum / static_cast<double>(site.stabilizer.size());
  }
  return std::nullopt;
}

bool explained_by_rounding(const Operation& operation, const Eigen::Vector3d& moved,
                           const Eigen::Vector3d& rounding, const Eigen::Matrix3d& lattice) {
  for (int i = 0; i < 3; ++i) {
    double bound = 0;
    for (int j = 0; j < 3; ++j) {
      bound += std::abs(operation.rotation(i, j) - (i == j ? 1 : 0)) * rounding[j];
    }
    if (!(std::abs(moved[i]) <= bound * (1 + 1e-6) + 1e-9)) {
      return false; // so nearly all operations end
    }
  }
  return (lattice.transpose() * moved).norm() < largest_rounding;
}

SpecialPosition find_special_position(const RawAtom& atom, const std::vector<Operation>& operations,
                                      const Eigen::Matrix3d& lattice, double merge_tolerance) {
  const Eigen::Vector3d x(atom.position[0].value, atom.position[1].value, atom.position[2].value);
  const Eigen::Vector3d rounding(atom.position[0].rounding, atom.position[1].rounding,
                                 atom.position[2].rounding);
  SpecialPosition near{x, {}};
  SpecialPosition rounded{x, {}};
  SpecialPosition unmoved{x, {}};
  for (const Operation& operation : operations) {
    const Eigen::Vector3d moved = displacement(operation, x);
    const double largest = moved.cwiseAbs().maxCoeff();
    if (largest < exact) {
      unmoved.stabilizer.push_back(&operation);
    }
    if (largest < merge_tolerance) {
      near.stabilizer.push_back(&operation);
      rounded.stabilizer.push_back(&operation);
    } else if (explained_by_rounding(operation, moved, rounding, lattice)) {
      rounded.stabilizer.push_back(&operation);
    }
  }
  const std::size_t order = operations.size();
  const bool declared_near = rounded.stabilizer.size() != near.stabilizer.size() &&
                             atom.declared_multiplicity * near.stabilizer.size() == order;
  if (!declared_near) {
    if (auto site = settle(rounded, order)) {
      return *site;
    }
  }
  return settle(near, order).value_or(unmoved);
}

} // namespace

std::vector<Eigen::Vector3d> expand_atom(const RawAtom& atom, const std::vector<Operation>& operations,
                                         const Eigen::Matrix3d& lattice, double merge_tolerance) {
  const SpecialPosition site = find_special_position(atom, operations, lattice, merge_tolerance);
  if (operations.size() == 1) {
    return {wrap_into_cell(site.position)};
  }
  SiteIndex images(operations.size() / site.stabilizer.size(), 1e-6);
  for (const Operation& operation : operations) {
    const Eigen::Vector3d image = wrap_into_cell(operation.apply(site.position));
    if (images.find(image) < 0) {
      images.add(image);
    }
  }
  return images.sites();
}

} // namespace ionsift::crystal
