// SPDX-License-Identifier: BSD-3-Clause
#include "arrangement.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ionsift::crystal {

double ArrangementProblem::possible() const {
  double logarithm = 0;
  for (const auto& of_sublattice : counts) {
    int sites = 0;
    for (const int count : of_sublattice) {
      sites += count;
      logarithm -= std::lgamma(count + 1.0);
    }
    logarithm += std::lgamma(sites + 1.0);
  }
  const double number = std::exp(logarithm);
  return number < 1e15 ? std::round(number) : number;
}

bool ArrangementProblem::has_rivals() const {
  return std::ranges::any_of(rivals, [](const auto& some) { return !some.empty(); });
}

Arrangement::Arrangement(const ArrangementProblem& problem, Occupants occupants)
    : problem_(&problem), occupants_(std::move(occupants)), charge_(problem.sites()),
      occupied_rivals_(occupants_.size(), 0) {
  for (int i = 0; i < problem.sites(); ++i) {
    charge_(i) = problem.charge(i, occupants_[static_cast<std::size_t>(i)]);
  }
  potential_ = problem.interactions * charge_;
  energy_ = recomputed_energy();
  for (int i = 0; i < problem.sites(); ++i) {
    if (!is_vacant(i)) {
      occupy(i, 1);
    }
  }
}

double Arrangement::recomputed_energy() const {
  return problem_->fixed_energy + charge_.dot(problem_->field) +
         0.5 * charge_.dot(problem_->interactions * charge_);
}

/// A site becomes occupied (sign 1) or vacant (-1).
void Arrangement::occupy(int site, int sign) {
  conflicts_ += sign * occupied_rivals(site);
  for (const int rival : problem_->rivals[static_cast<std::size_t>(site)]) {
    occupied_rivals_[static_cast<std::size_t>(rival)] += sign;
  }
}

double Arrangement::change(int i, int j) const {
  const double moved = charge_(j) - charge_(i);
  const auto& m = problem_->interactions;
  return moved * (potential_(i) + problem_->field(i) - potential_(j) - problem_->field(j)) +
         0.5 * moved * moved * (m(i, i) + m(j, j) - 2 * m(i, j));
}

void Arrangement::exchange(int i, int j) {
  energy_ += change(i, j);
  const double moved = charge_(j) - charge_(i);
  if (moved != 0) {
    potential_ += moved * (problem_->interactions.col(i) - problem_->interactions.col(j));
    std::swap(charge_(i), charge_(j));
  }
  const bool i_was_vacant = is_vacant(i), j_was_vacant = is_vacant(j);
  if (i_was_vacant != j_was_vacant) {
    occupy(i_was_vacant ? j : i, -1);
  }
  std::swap(occupants_[static_cast<std::size_t>(i)], occupants_[static_cast<std::size_t>(j)]);
  if (i_was_vacant != j_was_vacant) {
    occupy(i_was_vacant ? i : j, 1);
  }
}

} // namespace ionsift::crystal
