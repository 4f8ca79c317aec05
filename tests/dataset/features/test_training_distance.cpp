// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/dataset/features/training_distance.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

using ionsift::Matrix;
using namespace ionsift::dataset;

namespace {

Matrix<double> matrix_of(const nlohmann::json& rows) {
  Matrix<double> result(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(rows[0].size()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < rows[i].size(); ++j) {
      result(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) = rows[i][j].get<double>();
    }
  }
  return result;
}

Matrix<double> random_matrix(Eigen::Index rows, Eigen::Index columns, std::uint64_t seed) {
  ionsift::RandomStream random(seed);
  Matrix<double> result(rows, columns);
  for (Eigen::Index i = 0; i < result.size(); ++i) {
    result.data()[i] = random.normal() * static_cast<double>(1 + i % columns);
  }
  return result;
}

} // namespace

TEST_CASE("d_training agrees with the known answers in both scalings", "[data]") {
  const auto known = nlohmann::json::parse(
      ionsift::read_file(ionsift::test::data() / "reference/learning.json"))["d_training"];
  const auto training = matrix_of(known["training_means"]);
  const auto queries = matrix_of(known["queries"]);
  for (const auto* key : {"study_code", "variance"}) {
    const auto scaling = component_scaling_of(key);
    const auto& expected = known[key];
    const auto nearest = TrainingDistance(training, scaling)(queries);
    REQUIRE(nearest.size() == expected.size());
    for (std::size_t i = 0; i < nearest.size(); ++i) {
      CHECK(nearest[i].distance == Approx(expected[i][0].get<double>()).epsilon(1e-10));
      CHECK(nearest[i].training == expected[i][1].get<std::size_t>());
    }
  }
}

TEST_CASE("d_training of points on two axes, by hand") {
  // Variances 2 and 18 (n - 1 = 4): x = -2, 0, 0, 2 and y = -6, 6 around the centroid.
  Matrix<double> training(5, 2);
  training << -2, 0, 2, 0, 0, -6, 0, 6, 0, 0;
  Matrix<double> query(1, 2);
  query << 3, 0;
  const auto code = TrainingDistance(training, ComponentScaling::study_code)(query);
  const double code_spread = (2 * 2 / std::pow(2.0, 0.25) + 2 * 6 / std::pow(18.0, 0.25)) / 5;
  CHECK(code[0].distance == Approx(1 / std::pow(2.0, 0.25) / code_spread).epsilon(1e-12));
  CHECK(code[0].training == 1);
  const auto text = TrainingDistance(training, ComponentScaling::variance)(query);
  const double text_spread = (2 * 2 / std::sqrt(2.0) + 2 * 6 / std::sqrt(18.0)) / 5;
  CHECK(text[0].distance == Approx(1 / std::sqrt(2.0) / text_spread).epsilon(1e-12));
}

TEST_CASE("d_training does not depend on units or on the order of columns, and is 0 on a training point") {
  const auto training = random_matrix(30, 6, 1);
  const auto queries = random_matrix(8, 6, 2);
  for (const auto scaling : {ComponentScaling::study_code, ComponentScaling::variance}) {
    const TrainingDistance distance(training, scaling);
    const auto expected = distance(queries);
    const TrainingDistance turned(7.5 * training.rowwise().reverse(), scaling);
    const auto found = turned(7.5 * queries.rowwise().reverse());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      CHECK(found[i].distance == Approx(expected[i].distance).epsilon(1e-9));
      CHECK(found[i].training == expected[i].training);
    }
    const auto own = distance(training);
    for (std::size_t i = 0; i < own.size(); ++i) {
      CHECK(own[i].distance == 0);
      CHECK(own[i].training == i);
    }
  }
}

TEST_CASE("d_training of a structure does not depend on the other queries, bit for bit") {
  const TrainingDistance distance(random_matrix(50, 32, 1), ComponentScaling::study_code);
  const auto queries = random_matrix(37, 32, 2);
  const auto together = distance(queries);
  for (Eigen::Index i = 0; i < queries.rows(); ++i) {
    const auto alone = distance(queries.row(i));
    CHECK(alone[0].distance == together[static_cast<std::size_t>(i)].distance);
  }
}

TEST_CASE("distances among training structures leave out the structure itself") {
  const auto training = random_matrix(30, 4, 5);
  const TrainingDistance distance(training, ComponentScaling::study_code);
  const auto among = distance.among_themselves();
  REQUIRE(among.size() == 30);
  CHECK(std::is_sorted(among.begin(), among.end()));
  CHECK(among.front() > 0);
  // The two closest structures have the same distance.
  CHECK(among[0] == Approx(among[1]));
  // If each structure has a copy, all distances are 0.
  Matrix<double> twice(60, 4);
  twice << training, training;
  for (const double apart : TrainingDistance(twice, ComponentScaling::study_code).among_themselves()) {
    CHECK(apart == 0);
  }
  // A sample.
  const auto some = distance.among_themselves(7);
  REQUIRE(some.size() == 7);
  for (const double apart : some) {
    CHECK(std::ranges::count(among, apart) >= 1); // two of them are nearest to each other
  }
}

TEST_CASE("components without variance are left out") {
  auto training = random_matrix(20, 4, 1);
  Matrix<double> padded(20, 6);
  padded << training, Matrix<double>::Constant(20, 1, 3.0), training.col(0) + training.col(1);
  const TrainingDistance distance(padded, ComponentScaling::variance);
  CHECK(distance.variances().cols() == 4);
  CHECK(distance.components(padded).cols() == 4);
  const auto nearest = distance(padded);
  CHECK(std::all_of(nearest.begin(), nearest.end(), [](const Nearest& n) { return n.distance == 0; }));

  // Fewer structures than columns: n - 1 components at most.
  CHECK(TrainingDistance(random_matrix(5, 32, 3), ComponentScaling::variance).variances().cols() == 4);
}

TEST_CASE("the scores of components have the reported variances") {
  const auto training = random_matrix(40, 5, 4);
  const TrainingDistance distance(training, ComponentScaling::study_code);
  const auto scores = distance.components(training);
  const auto& variances = distance.variances();
  for (Eigen::Index c = 0; c < scores.cols(); ++c) {
    CHECK(scores.col(c).mean() == Approx(0).margin(1e-10));
    CHECK(scores.col(c).squaredNorm() / 39 == Approx(variances(c)).epsilon(1e-9));
    CHECK((c == 0 || variances(c) <= variances(c - 1)));
  }
}

TEST_CASE("the first two components are returned, with signs independent of the solver") {
  const auto training = random_matrix(40, 5, 4);
  const TrainingDistance distance(training, ComponentScaling::variance);
  const auto components = distance.components(training);
  const auto nearest = distance(training);
  for (Eigen::Index i = 0; i < training.rows(); ++i) {
    CHECK(nearest[static_cast<std::size_t>(i)].component[0] == components(i, 0));
    CHECK(nearest[static_cast<std::size_t>(i)].component[1] == components(i, 1));
  }
  // Points on a line have one component, which increases with the column of largest variance.
  Matrix<double> line(3, 2);
  line << 3, -1, 0, 0, -3, 1;
  for (const auto& point : TrainingDistance(line, ComponentScaling::variance)(line)) {
    CHECK(std::isnan(point.component[1]));
  }
  CHECK(TrainingDistance(line, ComponentScaling::variance).components(line)(0, 0) == Approx(std::sqrt(10.0)));
  CHECK(TrainingDistance(-line, ComponentScaling::variance).components(line)(0, 0) ==
        Approx(std::sqrt(10.0)));
}

TEST_CASE("training sets without variance are refused") {
  CHECK_THROWS_AS(TrainingDistance(random_matrix(1, 3, 1), ComponentScaling::variance), ionsift::Error);
  CHECK_THROWS_AS(TrainingDistance(Matrix<double>::Constant(9, 3, 2.0), ComponentScaling::variance),
                  ionsift::Error);
  auto broken = random_matrix(9, 3, 1);
  broken(4, 1) = std::nan("");
  CHECK_THROWS_AS(TrainingDistance(broken, ComponentScaling::variance), ionsift::Error);
  const TrainingDistance distance(random_matrix(9, 3, 1), ComponentScaling::variance);
  CHECK_THROWS_AS(distance(random_matrix(2, 4, 1)), ionsift::Error);
}

TEST_CASE("scalings are found by name") {
  for (const auto scaling : {ComponentScaling::study_code, ComponentScaling::variance}) {
    CHECK(component_scaling_of(name_of(scaling)) == scaling);
  }
  CHECK_THROWS_AS(component_scaling_of("whitened"), ionsift::Error);
}
