// SPDX-License-Identifier: BSD-3-Clause
#include "expand.hpp"

#include "cell/fractional.hpp"
#include "cell/site_index.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <optional>

namespace ionsift::crystal {

namespace {

/// Largest difference of numbers that would be equal in exact arithmetic.
constexpr double exact = 1e-8;
/// Two atoms nearer than this are never both intended; split sites begin at 0.2 angstrom.
constexpr double largest_rounding = 0.1;
/// Farther apart than this, angstrom, images of an atom are different atoms whatever is declared.
constexpr double largest_slip = 0.5;

Eigen::Vector3d displacement(const Operation& operation, const Eigen::Vector3d& x) {
  return wrapped(operation.apply(x) - x);
}

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
                           const Eigen::Vector3d& rounding) {
  for (int i = 0; i < 3; ++i) {
    double bound = 0;
    for (int j = 0; j < 3; ++j) {
      bound += std::abs(operation.rotation(i, j) - (i == j ? 1 : 0)) * rounding[j];
    }
    if (!(std::abs(moved[i]) <= bound * (1 + 1e-6) + 1e-9)) {
      return false; // the case of nearly all operations
    }
  }
  return true;
}

/// Operations that move the atom a little, but farther than rounding explains.
struct Close {
  double distance; ///< angstrom
  bool by_uncertainty;
  const Operation* operation;
};

bool explained_by_uncertainty(const Operation& operation, const Eigen::Vector3d& moved,
                              const Eigen::Vector3d& uncertainty) {
  constexpr double deviations = 3;
  for (int i = 0; i < 3; ++i) {
    double bound = 0;
    for (int j = 0; j < 3; ++j) {
      bound += std::abs(operation.rotation(i, j) - (i == j ? 1 : 0)) * uncertainty[j];
    }
    if (!(std::abs(moved[i]) <= deviations * bound + 1e-9)) {
      return false;
    }
  }
  return true;
}

/// Adds the wider choices, the widest first.
void append_wide(PositionChoices& choices, const SpecialPosition& rounded, std::vector<Close> close,
                 std::size_t order) {
  std::ranges::sort(close, {}, &Close::distance);
  for (std::size_t count = close.size(); count > 0; --count) {
    constexpr double same_distance = 1e-6;
    if (count < close.size() && close[count].distance - close[count - 1].distance < same_distance) {
      continue; // merge it with the next one
    }
    SpecialPosition wide{rounded.position, rounded.stabilizer, close[count - 1].distance, true, true};
    for (std::size_t i = 0; i < count; ++i) {
      wide.stabilizer.push_back(close[i].operation);
      wide.by_uncertainty = wide.by_uncertainty && close[i].by_uncertainty;
    }
    if (auto site = settle(std::move(wide), order)) {
      choices.positions.push_back(std::move(*site));
    }
  }
}

} // namespace

PositionChoices special_positions(const RawAtom& atom, const std::vector<Operation>& operations,
                                  const Eigen::Matrix3d& lattice, double merge_tolerance) {
  const Eigen::Vector3d x(atom.position[0].value, atom.position[1].value, atom.position[2].value);
  if (operations.size() == 1) {
    return {{{x, {&operations.front()}}}};
  }
  const Eigen::Vector3d rounding(atom.position[0].rounding, atom.position[1].rounding,
                                 atom.position[2].rounding);
  const Eigen::Vector3d uncertainty(atom.position[0].uncertainty, atom.position[1].uncertainty,
                                    atom.position[2].uncertainty);
  // Largest differences of coordinates of near positions.
  const Eigen::Vector3d reach = largest_slip * lattice.inverse().colwise().norm().transpose();
  SpecialPosition near{x, {}};
  SpecialPosition rounded{x, {}};
  SpecialPosition unmoved{x, {}};
  std::vector<Close> close;
  for (const Operation& operation : operations) {
    const Eigen::Vector3d moved = displacement(operation, x);
    const double largest = moved.cwiseAbs().maxCoeff();
    if (largest < exact) {
      unmoved.stabilizer.push_back(&operation);
    }
    if (largest < merge_tolerance) {
      near.stabilizer.push_back(&operation);
      rounded.stabilizer.push_back(&operation);
    } else if ((moved.array().abs() <= reach.array()).all()) {
      const double distance = (lattice.transpose() * moved).norm();
      if (distance < largest_rounding && explained_by_rounding(operation, moved, rounding)) {
        rounded.stabilizer.push_back(&operation);
      } else if (distance < largest_slip) {
        close.push_back({distance, explained_by_uncertainty(operation, moved, uncertainty), &operation});
      }
    }
  }
  const std::size_t order = operations.size();
  PositionChoices choices;
  if (auto site = settle(rounded, order)) {
    choices.positions.push_back(std::move(*site));
  }
  if (choices.positions.empty() || rounded.stabilizer.size() != near.stabilizer.size()) {
    choices.positions.push_back(settle(near, order).value_or(unmoved));
  }
  constexpr std::size_t most_close = 48;
  if (!close.empty() && close.size() <= most_close) {
    append_wide(choices, rounded, std::move(close), order);
  }
  return choices;
}

std::vector<Eigen::Vector3d> images_of(const SpecialPosition& site,
                                       const std::vector<Operation>& operations) {
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
