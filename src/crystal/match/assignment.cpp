// SPDX-License-Identifier: BSD-3-Clause
#include "assignment.hpp"

#include "ionsift/base/errands.hpp"

#include <limits>

namespace ionsift::crystal {

namespace {

/// The cheapest column of each row, if these differ: then no assignment is cheaper.
std::optional<std::vector<int>> everyones_first_choice(const Eigen::MatrixXd& costs) {
  std::vector<int> column(static_cast<std::size_t>(costs.rows()));
  std::vector<bool> taken(static_cast<std::size_t>(costs.cols()), false);
  for (Eigen::Index row = 0; row < costs.rows(); ++row) {
    Eigen::Index best = 0;
    costs.row(row).minCoeff(&best);
    if (taken[static_cast<std::size_t>(best)]) {
      return std::nullopt;
    }
    taken[static_cast<std::size_t>(best)] = true;
    column[static_cast<std::size_t>(row)] = static_cast<int>(best);
  }
  return column;
}

/// Rows are assigned one after the other, each along the cheapest augmenting path. Index 0 of the
/// columns stands for "none yet", so that rows and columns count from 1 inside.
class AugmentingPaths {
public:
  explicit AugmentingPaths(const Eigen::MatrixXd& costs)
      : costs_(costs), n_(static_cast<std::size_t>(costs.rows())), row_potential_(n_ + 1, 0.0),
        column_potential_(n_ + 1, 0.0), row_of_(n_ + 1, 0) {}

  std::vector<int> solve() {
    for (std::size_t row = 1; row <= n_; ++row) {
      run_errands();
      add(row);
    }
    std::vector<int> column(n_);
    for (std::size_t j = 1; j <= n_; ++j) {
      column[row_of_[j] - 1] = static_cast<int>(j - 1);
    }
    return column;
  }

private:
  double reduced_cost(std::size_t row, std::size_t column) const {
    return costs_(static_cast<Eigen::Index>(row - 1), static_cast<Eigen::Index>(column - 1)) -
           row_potential_[row] - column_potential_[column];
  }

  void add(std::size_t row) {
    std::vector<double> slack(n_ + 1, std::numeric_limits<double>::infinity());
    std::vector<std::size_t> before(n_ + 1, 0);
    std::vector<bool> reached(n_ + 1, false);
    row_of_[0] = row;
    std::size_t at = 0;
    do {
      reached[at] = true;
      at = advance(at, slack, before, reached);
    } while (row_of_[at] != 0);
    while (at != 0) {
      row_of_[at] = row_of_[before[at]];
      at = before[at];
    }
  }

  /// Relaxes from the row of column `at` and moves to the nearest column not yet reached.
  std::size_t advance(std::size_t at, std::vector<double>& slack, std::vector<std::size_t>& before,
                      const std::vector<bool>& reached) {
    std::size_t nearest = 0;
    double smallest = std::numeric_limits<double>::infinity();
    for (std::size_t j = 1; j <= n_; ++j) {
      if (reached[j]) {
        continue;
      }
      const double cost = reduced_cost(row_of_[at], j);
      if (cost < slack[j]) {
        slack[j] = cost;
        before[j] = at;
      }
      if (slack[j] < smallest) {
        smallest = slack[j];
        nearest = j;
      }
    }
    for (std::size_t j = 0; j <= n_; ++j) {
      if (reached[j]) {
        row_potential_[row_of_[j]] += smallest;
        column_potential_[j] -= smallest;
      } else {
        slack[j] -= smallest;
      }
    }
    return nearest;
  }

  const Eigen::MatrixXd& costs_;
  std::size_t n_;
  std::vector<double> row_potential_, column_potential_;
  std::vector<std::size_t> row_of_; ///< row assigned to each column, 0 for none
};

} // namespace

std::optional<std::vector<int>> cheapest_assignment(const Eigen::MatrixXd& costs) {
  auto column = everyones_first_choice(costs);
  if (!column) {
    column = AugmentingPaths(costs).solve();
  }
  for (std::size_t row = 0; row < column->size(); ++row) {
    if (costs(static_cast<Eigen::Index>(row), (*column)[row]) >= forbidden) {
      return std::nullopt;
    }
  }
  return column;
}

} // namespace ionsift::crystal
