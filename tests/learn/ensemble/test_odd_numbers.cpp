// SPDX-License-Identifier: BSD-3-Clause
// Extreme training sets: every kind of member gives probabilities, or the set is refused by
// name.
#include "ionsift/base/error.hpp"
#include "ionsift/learn/ensemble/ensemble.hpp"
#include "ionsift/learn/validation/crossvalidation.hpp"

#include "described.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>
#include <numeric>

using namespace ionsift;
using namespace ionsift::learn;
using namespace ionsift::test;
using Catch::Matchers::Contains;

namespace {

/// P_SI of all members (members, structures) for `asked`.
Eigen::MatrixXf trained_and_asked(const std::string& name, const dataset::FeatureSet& train,
                                  const dataset::FeatureSet& asked, const MemberPlan& plan = mixed_plan()) {
  TrainOptions options;
  options.plan = plan;
  options.seed = 3;
  const auto folder = ionsift::test::scratch(name) / "ensemble";
  PhaseTimes phases;
  train_ensemble(world(), train, options, folder, false, phases);
  const auto ensemble = Ensemble::load(folder);
  REQUIRE(ensemble.members() == (plan.configurations.size() == 5 ? 8 : 7)); // none diverged
  return ensemble.predict(asked, {});
}

/// Sets and trees: a Gaussian process needs three structures that differ.
MemberPlan plan_without_process() {
  auto plan = mixed_plan();
  plan.configurations.pop_back();
  return plan;
}

void check_probabilities(const Eigen::MatrixXf& probabilities) {
  CHECK(probabilities.allFinite());
  CHECK(probabilities.minCoeff() >= 0);
  CHECK(probabilities.maxCoeff() <= 1);
}

/// Structures with the same single row, which differ only in names and labels.
dataset::FeatureSet make_constant(std::size_t n) {
  auto set = make_described(n, 1);
  for (auto& rows : set.rows) {
    rows.values = Eigen::MatrixXf::Constant(static_cast<Eigen::Index>(n), rows.values.cols(), 0.25F);
    rows.weight.assign(n, 1.0F);
    std::iota(rows.first.begin(), rows.first.end(), 0U);
  }
  set.descriptors.values.rowwise() = set.descriptors.values.row(0).eval();
  return set;
}

} // namespace

TEST_CASE("features that are the same for all structures give equal probabilities") {
  const auto train = make_constant(40);
  CHECK_THROWS_WITH(trained_and_asked("constant process", train, train), Contains("nothing to learn from"));
  const auto probabilities = trained_and_asked("constant", train, train, plan_without_process());
  check_probabilities(probabilities);
  // A member gives the same probability to all. (Sums over different numbers of rows differ in the last
  // digit.)
  for (Eigen::Index member = 0; member < probabilities.rows(); ++member) {
    CAPTURE(member);
    CHECK(probabilities.row(member).maxCoeff() - probabilities.row(member).minCoeff() < 1e-6F);
  }
}

TEST_CASE("denormal features are used like other numbers") {
  auto train = make_described(40, 1);
  constexpr float tiny = std::numeric_limits<float>::denorm_min();
  for (auto& rows : train.rows) {
    rows.values *= 1e6F * tiny;
    REQUIRE(rows.values.cwiseAbs().maxCoeff() < std::numeric_limits<float>::min());
    REQUIRE(rows.values.cwiseAbs().maxCoeff() > 0);
  }
  check_probabilities(trained_and_asked("denormal", train, train));
  // One denormal column beside normal ones.
  auto mixed = make_described(40, 1);
  mixed.rows.front().values.col(2).setConstant(tiny);
  mixed.rows.front().values(0, 2) = 3 * tiny;
  check_probabilities(trained_and_asked("denormal column", mixed, mixed));
}

TEST_CASE("the largest features give probabilities, too") {
  auto asked = make_described(20, 2);
  auto train = make_described(40, 1);
  asked.rows.front().values *= 1e30F;
  check_probabilities(trained_and_asked("large", train, asked).topRows(2));
}

TEST_CASE("the smallest training set has one structure of each class") {
  const auto described = make_described(40, 1);
  const auto other = static_cast<std::size_t>(std::ranges::find(described.label, 1 - described.label[0]) -
                                              described.label.begin());
  const auto train = described.select({0, other});
  REQUIRE(train.size() == 2);
  check_probabilities(trained_and_asked("two", train, described, plan_without_process()));
  CHECK_THROWS_WITH(trained_and_asked("one", described.select({0}), described), Contains("both classes"));
  CHECK_THROWS_WITH(trained_and_asked("none", described.select({}), described), Contains("both classes"));
  // Predictions of a single structure, or of none.
  CHECK(trained_and_asked("ask one", described, described.select({5})).cols() == 1);
  CHECK(trained_and_asked("ask none", described, described.select({})).cols() == 0);
}

TEST_CASE("a fold of one class has probabilities; folds whose training set lacks a class are refused") {
  const auto structures = make_described(40, 1);
  dataset::Folds folds;
  folds.name = {"conductors", "mixed", "rest"};
  for (std::size_t i = 0; i < structures.size(); ++i) {
    const bool conductor = structures.label[i] == 1;
    folds.of.push_back(conductor && i % 3 == 0 ? 0 : i % 2 == 0 ? 1 : 2);
  }
  CrossValidationOptions options;
  options.variants = {{"mixed", mixed_plan()}};
  const auto trainings =
      train_folds(world(), structures, folds, options, ionsift::test::scratch("one-class fold")).trainings;
  if (world().is_root()) {
    REQUIRE(trainings.size() == 24);
  }
  for (const auto& training : trainings) {
    for (const double probability : training.probability) {
      CHECK((probability >= 0 && probability <= 1));
    }
  }
  for (std::size_t i = 0; i < structures.size(); ++i) {
    folds.of[i] = structures.label[i] == 1 ? 0 : 1;
  }
  folds.name = {"conductors", "others"};
  CHECK_THROWS_WITH(train_folds(world(), structures, folds, options, ionsift::test::scratch("fold without")),
                    Contains("class"));
}
