// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/dataset/pairs/structure_identity.hpp"

#include "ionsift/base/error.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/base/text.hpp"
#include "ionsift/crystal/chemistry/composition.hpp"
#include "ionsift/crystal/chemistry/near_composition.hpp"
#include "ionsift/parallel/gather.hpp"
#include "ionsift/parallel/together.hpp"
#include "ionsift/parallel/work_queue.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ionsift::dataset {

namespace {

/// As a whole number of steps; -0 is 0.
long long rounded(double value, double step) {
  return std::llround(value / step);
}

/// Within [0, 1), so that 0.99999 and 0 are one place.
long long rounded_coordinate(double value) {
  constexpr double step = 1e-4;
  constexpr long long whole = 10000;
  const auto steps = rounded(value - std::floor(value), step);
  return steps % whole;
}

double angle(const Eigen::RowVector3d& a, const Eigen::RowVector3d& b) {
  return std::acos(std::clamp(a.dot(b) / (a.norm() * b.norm()), -1.0, 1.0)) * 180 / std::numbers::pi;
}

std::string describe_site(const crystal::Crystal& crystal, const crystal::Site& site) {
  std::vector<std::string> species;
  for (const auto& one : crystal.orbits[static_cast<std::size_t>(site.orbit)].species) {
    species.push_back(fmt::format("{}:{}", one.atomic_number, rounded(one.occupancy, 1e-3)));
  }
  std::ranges::sort(species);
  return fmt::format("{} {} {} {}", fmt::join(species, "+"), rounded_coordinate(site.fractional.x()),
                     rounded_coordinate(site.fractional.y()), rounded_coordinate(site.fractional.z()));
}

bool same_composition(const std::string& before, const std::string& now) {
  constexpr double tolerance = 0.01; // of atomic fractions; formulas are rounded
  try {
    const auto difference = crystal::RoundedComposition(crystal::Composition::parse(before))
                                .difference(crystal::RoundedComposition(crystal::Composition::parse(now)));
    return difference && crystal::is_within(*difference, tolerance);
  } catch (const Error&) {
    return before == now;
  }
}

} // namespace

StructureIdentity identity_of(const crystal::Crystal& crystal) {
  const Eigen::RowVector3d a = crystal.lattice.row(0), b = crystal.lattice.row(1), c = crystal.lattice.row(2);
  std::string text;
  for (const double length : {a.norm(), b.norm(), c.norm()}) {
    text += fmt::format("{} ", rounded(length, 1e-4));
  }
  for (const double degrees : {angle(b, c), angle(a, c), angle(a, b)}) {
    text += fmt::format("{} ", rounded(degrees, 1e-3));
  }
  std::vector<std::string> sites;
  sites.reserve(crystal.sites.size());
  for (const auto& site : crystal.sites) {
    sites.push_back(describe_site(crystal, site));
  }
  std::ranges::sort(sites);
  text += fmt::format("{}", fmt::join(sites, ";"));
  constexpr std::size_t digits = 16;
  return {sha256(text).substr(0, digits), crystal.formula_unit().formula()};
}

std::vector<StructureIdentity> identities_at(const parallel::Communicator& comm, const store::Reader& store,
                                             const std::vector<std::uint64_t>& positions) {
  std::vector<std::uint64_t> mine;
  std::vector<std::string> texts;
  parallel::together(comm, [&] {
    const auto slice = parallel::slice_of(positions.size(), comm.rank(), comm.size());
    for (auto i = slice.first; i < slice.last; ++i) {
      const auto identity = identity_of(store.crystals(positions[i], 1).front());
      mine.push_back(i);
      texts.push_back(identity.hash + ' ' + identity.formula);
    }
  });
  // Gathered on the root, then shared: every rank compares and reports the same.
  const auto gathered = parallel::gather_text_in_order(comm, mine, texts);
  const auto all = split(comm.broadcast(fmt::format("{}", fmt::join(gathered, "\n"))), '\n');
  std::vector<StructureIdentity> identities;
  for (const auto& text : all) {
    const auto blank = text.find(' ');
    identities.push_back({text.substr(0, blank), text.substr(blank + 1)});
  }
  return identities;
}

IdentityChanges compare_identities(const std::vector<std::string>& ids,
                                   const std::vector<StructureIdentity>& before,
                                   const std::vector<StructureIdentity>& now) {
  IdentityChanges changes;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (before[i].hash == now[i].hash) {
      continue;
    }
    if (same_composition(before[i].formula, now[i].formula)) {
      changes.changed.push_back(ids[i]);
    } else {
      changes.others.push_back(
          fmt::format("{} ({} then, {} now)", ids[i], before[i].formula, now[i].formula));
    }
  }
  return changes;
}

} // namespace ionsift::dataset
