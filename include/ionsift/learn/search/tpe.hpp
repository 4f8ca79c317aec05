// SPDX-License-Identifier: BSD-3-Clause
// Proposals of configurations by the tree-structured Parzen estimator.
#pragma once

#include "ionsift/base/random.hpp"
#include "ionsift/learn/search/search_space.hpp"

#include <vector>

namespace ionsift::learn {

/// Bergstra, Bardenet, Bengio and Kegl, "Algorithms for Hyper-Parameter Optimization", NIPS 2011, section 4.
struct TpeOptions {
  int random_start = 20;     ///< observations below which points are drawn at random; hyperopt's usual number
  double good_share = 0.15;  ///< the paper's gamma: the share of the observations that l(x) is made from
  int most_good = 25;        ///< largest number of these observations
  int candidates = 24;       ///< draws from l(x) of which the one with the largest l(x) / g(x) is taken
  double prior_weight = 1.0; ///< weight of the uniform prior, in observations
};

/// The result of a point. NaN ranks below all others.
struct Observation {
  Point point;
  double value = 0; ///< score; larger is better
};

/// A point drawn at random, uniformly in each parameter (of a logarithmic range: in its logarithm).
Point draw_point(const std::vector<Parameter>& parameters, RandomStream& random);

/// The next point to try, given what is known so far; points still being tried are not in it. Each parameter
/// is treated by itself. Densities of a choice are counts plus the prior; those of a range are Parzen
/// windows, each a normal distribution cut to the range and as wide as the larger distance to its neighbours
/// (at least the range over min(100, 1 + observations)), and a prior in the middle as wide as the range.
Point propose(const std::vector<Parameter>& parameters, std::vector<Observation> known,
              const TpeOptions& options, RandomStream& random);

} // namespace ionsift::learn
