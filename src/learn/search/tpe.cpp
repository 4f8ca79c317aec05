// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/search/tpe.hpp"

#include "metrics/normal_distribution.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numbers>
#include <tuple>

namespace ionsift::learn {

namespace {

/// The density of one parameter's values.
class Density {
public:
  virtual ~Density() = default;
  virtual double draw(RandomStream& random) const = 0;
  virtual double at(double x) const = 0;
};

std::size_t draw_index(const std::vector<double>& weights, double total, RandomStream& random) {
  double left = random.uniform() * total;
  for (std::size_t i = 0; i + 1 < weights.size(); ++i) {
    left -= weights[i];
    if (left < 0) {
      return i;
    }
  }
  return weights.size() - 1;
}

class Counts : public Density {
public:
  Counts(std::size_t values, const std::vector<double>& seen, double prior) : weight_(values, prior) {
    for (const double position : seen) {
      weight_[static_cast<std::size_t>(position)] += 1;
    }
    total_ = prior * static_cast<double>(values) + static_cast<double>(seen.size());
  }
  double draw(RandomStream& random) const override {
    return static_cast<double>(draw_index(weight_, total_, random));
  }
  double at(double x) const override { return weight_[static_cast<std::size_t>(x)] / total_; }

private:
  std::vector<double> weight_;
  double total_ = 0;
};

/// The coordinate in which a range is uniform.
double coordinate(const Range& range, double x) {
  return range.logarithmic ? std::log(x) : x;
}

/// The coordinates that are rounded to a value of the range. Whole numbers reach half a unit beyond both
/// ends, so that the ends are as likely as the numbers between them.
std::pair<double, double> bounds(const Range& range) {
  const double margin = range.whole ? 0.5 : 0;
  return {coordinate(range, range.low - margin), coordinate(range, range.high + margin)};
}

double value_at(const Range& range, double coordinate) {
  double x = range.logarithmic ? std::exp(coordinate) : coordinate;
  if (range.whole) {
    x = std::round(x);
  }
  return std::clamp(x, range.low, range.high);
}

class Windows : public Density {
public:
  Windows(const Range& range, const std::vector<double>& seen, double prior) : range_(range) {
    std::tie(low_, high_) = bounds(range);
    const double width = high_ - low_;
    std::vector<std::pair<double, bool>> centres = {{0.5 * (low_ + high_), true}};
    for (const double x : seen) {
      centres.emplace_back(coordinate(range, x), false);
    }
    std::sort(centres.begin(), centres.end());
    const double narrowest = width / std::min(100.0, 1.0 + static_cast<double>(seen.size()));
    for (std::size_t i = 0; i < centres.size(); ++i) {
      const double left = i > 0 ? centres[i].first - centres[i - 1].first : 0;
      const double right = i + 1 < centres.size() ? centres[i + 1].first - centres[i].first : 0;
      centre_.push_back(centres[i].first);
      sigma_.push_back(centres[i].second ? width : std::clamp(std::max(left, right), narrowest, width));
      weight_.push_back(centres[i].second ? prior : 1.0);
    }
    total_ = prior + static_cast<double>(seen.size());
  }

  double draw(RandomStream& random) const override {
    const auto i = draw_index(weight_, total_, random);
    for (;;) { // centres lie inside, so that a third of the draws do at least
      const double x = centre_[i] + sigma_[i] * random.normal();
      if (x >= low_ && x <= high_) {
        return value_at(range_, x);
      }
    }
  }

  double at(double value) const override {
    const double x = coordinate(range_, value);
    double sum = 0;
    for (std::size_t i = 0; i < centre_.size(); ++i) {
      const double z = (x - centre_[i]) / sigma_[i];
      const double inside =
          normal_cdf((high_ - centre_[i]) / sigma_[i]) - normal_cdf((low_ - centre_[i]) / sigma_[i]);
      sum += weight_[i] * std::exp(-0.5 * z * z) / (sigma_[i] * std::sqrt(2.0 * std::numbers::pi) * inside);
    }
    return sum / total_;
  }

private:
  Range range_;
  double low_, high_;
  std::vector<double> centre_, sigma_, weight_;
  double total_ = 0;
};

std::unique_ptr<Density> density_of(const Parameter& parameter, const std::vector<double>& seen,
                                    double prior) {
  if (const auto* choice = std::get_if<Choice>(&parameter.domain)) {
    return std::make_unique<Counts>(choice->values.size(), seen, prior);
  }
  return std::make_unique<Windows>(std::get<Range>(parameter.domain), seen, prior);
}

} // namespace

Point draw_point(const std::vector<Parameter>& parameters, RandomStream& random) {
  Point point;
  for (const auto& parameter : parameters) {
    if (const auto* choice = std::get_if<Choice>(&parameter.domain)) {
      point.push_back(static_cast<double>(random.below(choice->values.size())));
    } else {
      const auto& range = std::get<Range>(parameter.domain);
      const auto [low, high] = bounds(range);
      point.push_back(value_at(range, random.uniform(low, high)));
    }
  }
  return point;
}

Point propose(const std::vector<Parameter>& parameters, std::vector<Observation> known,
              const TpeOptions& options, RandomStream& random) {
  if (known.size() < static_cast<std::size_t>(std::max(1, options.random_start))) {
    return draw_point(parameters, random);
  }
  for (auto& observation : known) {
    if (std::isnan(observation.value)) {
      observation.value = -std::numeric_limits<double>::infinity();
    }
  }
  std::stable_sort(known.begin(), known.end(),
                   [](const auto& a, const auto& b) { return a.value > b.value; });
  const auto share = std::ceil(options.good_share * static_cast<double>(known.size()));
  const auto good = static_cast<std::size_t>(std::clamp(share, 1.0, static_cast<double>(options.most_good)));

  Point point;
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    std::vector<double> of_good, of_others;
    for (std::size_t i = 0; i < known.size(); ++i) {
      (i < good ? of_good : of_others).push_back(known[i].point[p]);
    }
    const auto l = density_of(parameters[p], of_good, options.prior_weight);
    const auto g = density_of(parameters[p], of_others, options.prior_weight);
    double best = 0;
    double highest = -1;
    for (int i = 0; i < options.candidates; ++i) {
      const double x = l->draw(random);
      const double ratio = l->at(x) / g->at(x);
      if (ratio > highest) {
        highest = ratio;
        best = x;
      }
    }
    point.push_back(best);
  }
  return point;
}

} // namespace ionsift::learn
