// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/learn/search/tpe.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iostream>
#include <limits>
#include <map>
#include <numbers>

using namespace ionsift;
using namespace ionsift::learn;

namespace {

struct Problem {
  std::string name;
  std::vector<Parameter> parameters;
  std::function<double(const Point&)> value; ///< the largest is 0
};

/// Branin's function, whose minimum is 0.397887, with inverted sign.
Problem branin() {
  return {"branin", {{"x", Range{-5, 10}}, {"y", Range{0, 15}}}, [](const Point& p) {
            const double pi = std::numbers::pi;
            const double x = p[0];
            const double a = p[1] - 5.1 / (4 * pi * pi) * x * x + 5 / pi * x - 6;
            return 0.39788735772973816 - (a * a + 10 * (1 - 1 / (8 * pi)) * std::cos(x) + 10);
          }};
}

/// Nine choices, as in the study's space; each costs its distance from a best value, and one
/// pair of them (like two learning rates) is coupled.
Problem choices() {
  Problem problem{"choices", {}, {}};
  for (const std::size_t n : {5, 5, 3, 5, 5, 5, 5, 3, 4}) {
    Choice choice;
    for (std::size_t i = 0; i < n; ++i) {
      choice.values.push_back(i);
    }
    problem.parameters.push_back(
        {std::string(1, static_cast<char>('a' + problem.parameters.size())), choice});
  }
  problem.value = [](const Point& p) {
    const Point best = {3, 1, 2, 0, 4, 2, 1, 0, 3};
    double sum = 0;
    for (std::size_t i = 0; i < p.size(); ++i) {
      sum += std::abs(p[i] - best[i]);
    }
    return -sum - std::abs((p[0] - 3) - (p[1] - 1));
  };
  return problem;
}

/// The best value after each of `budget` trials.
std::vector<double> best_so_far(const Problem& problem, bool at_random, std::uint64_t seed, int budget) {
  std::vector<Observation> known;
  std::vector<double> best;
  for (int i = 0; i < budget; ++i) {
    RandomStream random(seed, static_cast<std::uint64_t>(i));
    const auto point =
        at_random ? draw_point(problem.parameters, random) : propose(problem.parameters, known, {}, random);
    known.push_back({point, problem.value(point)});
    best.push_back(best.empty() ? known.back().value : std::max(best.back(), known.back().value));
  }
  return best;
}

/// Median over seeds of the best value after each trial.
std::vector<double> medians(const Problem& problem, bool at_random, int seeds, int budget) {
  std::vector<std::vector<double>> runs;
  for (int seed = 1; seed <= seeds; ++seed) {
    runs.push_back(best_so_far(problem, at_random, static_cast<std::uint64_t>(seed), budget));
  }
  std::vector<double> result;
  for (std::size_t i = 0; i < static_cast<std::size_t>(budget); ++i) {
    std::vector<double> at;
    for (const auto& run : runs) {
      at.push_back(run[i]);
    }
    std::nth_element(at.begin(), at.begin() + seeds / 2, at.end());
    result.push_back(at[static_cast<std::size_t>(seeds / 2)]);
  }
  return result;
}

} // namespace

TEST_CASE("proposals beat random search at equal budget") {
  for (const auto& problem : {branin(), choices()}) {
    const auto random = medians(problem, true, 31, 200);
    const auto tpe = medians(problem, false, 31, 200);
    INFO(problem.name << ": random " << random[39] << ", " << random[199] << "; proposed " << tpe[39] << ", "
                      << tpe[199]);
    // The distance to the optimum, 0, after 40 trials, 20 of them at random, is smaller, and
    // after 200 at most 0.7 times as large.
    CHECK(-tpe[39] < -random[39]);
    CHECK(-tpe[199] <= 0.7 * -random[199]);
  }
}

TEST_CASE("medians by trial, as a table", "[.table]") {
  std::cout << "function,trial,random,proposed\n";
  for (const auto& problem : {branin(), choices()}) {
    const auto random = medians(problem, true, 31, 250);
    const auto tpe = medians(problem, false, 31, 250);
    for (std::size_t i = 9; i < random.size(); i += 10) {
      std::cout << problem.name << ',' << i + 1 << ',' << random[i] << ',' << tpe[i] << '\n';
    }
  }
}

TEST_CASE("the first points are random, and a seed determines the proposal") {
  const auto problem = choices();
  std::vector<Observation> known;
  for (int i = 0; i < 19; ++i) {
    RandomStream a(7, static_cast<std::uint64_t>(i)), b(7, static_cast<std::uint64_t>(i));
    CHECK(propose(problem.parameters, known, {}, a) == draw_point(problem.parameters, b));
    RandomStream c(8, static_cast<std::uint64_t>(i));
    known.push_back({draw_point(problem.parameters, c), static_cast<double>(i)});
  }
  known.push_back({known.front().point, std::nan("")});
  RandomStream a(7, 20), b(7, 20), c(7, 20), d(7, 20), e(7, 20);
  CHECK_FALSE(propose(problem.parameters, known, {}, d) == draw_point(problem.parameters, e));
  CHECK(propose(problem.parameters, known, {}, a) == propose(problem.parameters, known, {}, b));
  CHECK(propose(problem.parameters, known, {}, c).size() == problem.parameters.size());
}

TEST_CASE("a value that was always best is proposed most often, every value sometimes") {
  const std::vector<Parameter> parameters = {{"a", Choice{{0, 1, 2, 3}}}};
  std::vector<Observation> known;
  for (int i = 0; i < 40; ++i) {
    known.push_back({{static_cast<double>(i % 4)}, i % 4 == 2 ? 1.0 : 0.0});
  }
  std::vector<int> proposed(4);
  TpeOptions options;
  options.candidates = 1;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    RandomStream random(1, i);
    ++proposed[static_cast<std::size_t>(propose(parameters, known, options, random)[0])];
  }
  // One candidate is a draw from l(x): 6 good observations of 40 and one of each value, 7 of 10 against 1
  // of 10.
  CHECK(proposed[2] == Approx(700).margin(60));
  CHECK(proposed[0] == Approx(100).margin(40));
  options.candidates = 24;
  RandomStream random(1);
  CHECK(propose(parameters, known, options, random)[0] == 2);
}

TEST_CASE("the ends of an integer range are as likely as the numbers between them") {
  const std::vector<Parameter> parameters = {{"w", Range{2, 5, false, true}}};
  std::map<double, int> drawn;
  RandomStream random(5);
  for (int i = 0; i < 4000; ++i) {
    ++drawn[draw_point(parameters, random)[0]];
  }
  REQUIRE(drawn.size() == 4);
  for (const auto& [value, times] : drawn) {
    CHECK(times == Approx(1000).margin(120)); // four standard deviations
  }
}

TEST_CASE("draws from a range lie in it, on its scale, and are whole where they must be") {
  const std::vector<Parameter> parameters = {{"l", Range{1e-5, 1e-1, true, false}},
                                             {"w", Range{2, 5, false, true}}};
  std::vector<Observation> known;
  int below = 0;
  for (std::uint64_t i = 0; i < 400; ++i) {
    RandomStream random(3, i);
    const auto point = i < 200 ? draw_point(parameters, random) : propose(parameters, known, {}, random);
    CHECK((point[0] >= 1e-5 && point[0] <= 1e-1));
    CHECK((point[1] >= 2 && point[1] <= 5 && point[1] == std::round(point[1])));
    if (i < 200) {
      below += point[0] < 1e-3 ? 1 : 0;
    }
    known.push_back({point, -std::abs(std::log10(point[0]) + 2)});
  }
  CHECK(below == Approx(100).margin(35)); // 1e-3 is the middle of the scale
  // The last proposals are closer to the best, 1e-2, than random draws.
  double random_distance = 0, distance = 0;
  for (std::size_t i = 0; i < 100; ++i) {
    random_distance -= known[i].value;
    distance -= known[300 + i].value;
  }
  CHECK(distance < 0.5 * random_distance);
}
