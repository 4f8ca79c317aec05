// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"

#include "symmetry/operation.hpp"
#include "symmetry/space_group.hpp"

#include <catch2/catch.hpp>

using namespace ionsift;
using namespace ionsift::crystal;

namespace {

const Eigen::Vector3d right_angles(90, 90, 90);
const Eigen::Vector3d hexagonal(90, 90, 120);

std::vector<Operation> parse(const std::vector<std::string>& triplets) {
  std::vector<Operation> operations;
  for (const auto& triplet : triplets) {
    operations.push_back(parse_operation(triplet));
  }
  return operations;
}

std::size_t order(const SpaceGroupName& name, const Eigen::Vector3d& angles = right_angles) {
  const auto settings = settings_of(name, angles);
  return settings.empty() ? 0 : generate_group(settings.front().operations).operations.size();
}

} // namespace

TEST_CASE("Triplets in their spellings") {
  const Eigen::Vector3d x(0.1, 0.2, 0.3);
  CHECK(parse_operation("x, y, z").apply(x) == x);
  CHECK(parse_operation("-y,x-y,z+1/3").apply(x).isApprox(Eigen::Vector3d(-0.2, -0.1, 0.3 + 1.0 / 3)));
  CHECK(parse_operation("1/2+X,-Y+.5,0.75-Z").apply(x).isApprox(Eigen::Vector3d(0.6, 0.3, 0.45)));
  CHECK(parse_operation("x,y,z-1/4").translation[2] == 0.75);
  CHECK(parse_operation("x,y,z+0.3333").translation[2] == 1.0 / 3);
  CHECK(parse_operation("x,y,z+1/5").translation[2] == 0.2);
}

TEST_CASE("Invalid operations are refused") {
  CHECK_THROWS_AS(parse_operation("x,y"), Error);
  CHECK_THROWS_AS(parse_operation("x,y,"), Error);
  CHECK_THROWS_AS(parse_operation("x,y,w"), Error);
  CHECK_THROWS_AS(parse_operation("x,y,z/2"), Error);
  CHECK_THROWS_AS(parse_operation("x y,y,z"), Error);
  CHECK_THROWS_WITH(parse_operation("x,y,x"), Catch::Contains("determinant is 0"));
  CHECK_THROWS_WITH(parse_operation("2*x,y,z"), Catch::Contains("determinant is 2"));
}

TEST_CASE("Groups are completed, and operators that form no finite group are detected") {
  CHECK(generate_group(parse({"x,y,z", "-x,-y,-z"})).was_complete);
  CHECK(generate_group(parse({"-x,-y,-z"})).was_complete); // the identity is implied
  const auto fourfold = generate_group(parse({"x,y,z", "-y,x,z"}));
  CHECK_FALSE(fourfold.was_complete);
  CHECK(fourfold.operations.size() == 4);
  CHECK(generate_group(parse({"x,y,z", "x,y,z", "-x,-y,-z"})).operations.size() == 2);
  CHECK_THROWS_AS(generate_group(parse({"x,y,z", "x+y,y,z"})), Error); // a shear has no finite order
  // A mistyped translation generates very many others, which is detected quickly.
  CHECK_THROWS_AS(generate_group(parse({"x,y,z", "-y+0.113,x+0.4571,z+0.0179", "-x,y,-z"})), Error);
}

TEST_CASE("Space groups by every spelling of their symbols") {
  CHECK(order({"", "P2_1/c", 0}) == 4);
  CHECK(order({"", "P 1 21/c 1", 0}) == 4);
  CHECK(order({"", "P2_1/m", 0}) == 4);
  CHECK(order({"", "P -1", 0}) == 2);
  CHECK(order({"", "Fm-3m", 0}) == 192);
  CHECK(order({"", "F m -3 m", 0}) == 192);
  CHECK(order({"", "I4_1/amd", 0}) == 32);
  CHECK(order({"", "P6_3/mmc", 0}, hexagonal) == 24);
  CHECK(order({"", "R-3c", 0}, hexagonal) == 36);
  CHECK(order({"", "R-3c", 0}, Eigen::Vector3d(55, 55, 55)) == 12);
  CHECK(order({"", "R-3c:R", 0}, hexagonal) == 12);
  CHECK(order({"", "R -3 c H", 0}, hexagonal) == 36);
  CHECK(order({"-P 2ybc", "nonsense", 0}) == 4);
  CHECK(order({"", "nonsense", 227}) == 192);
  CHECK(order({"", "nonsense", 0}) == 0);
  CHECK(order({"", "", 231}) == 0);
}

TEST_CASE("All 230 numbers give groups") {
  for (int number = 1; number <= 230; ++number) {
    CAPTURE(number);
    const auto settings =
        settings_of({"", "", number}, number >= 143 && number <= 194 ? hexagonal : right_angles);
    REQUIRE_FALSE(settings.empty());
    CHECK(settings.front().number == number);
    CHECK(generate_group(settings.front().operations).was_complete);
  }
}

TEST_CASE("Origin choices: the suffix decides, else choice 2 is tried first") {
  const auto name_of_first = [](const std::string& symbol) {
    return settings_of({"", symbol, 0}, right_angles).front().name;
  };
  CHECK(name_of_first("F d -3 m:1") == "F d -3 m:1");
  CHECK(name_of_first("Fd-3m:2") == "F d -3 m:2");
  CHECK(name_of_first("F d -3 m S") == "F d -3 m:1");
  CHECK(name_of_first("Fd-3mZ") == "F d -3 m:2");
  CHECK(name_of_first("Fd-3m") == "F d -3 m:2");
  CHECK(name_of_first("Fd-3m (origin choice 1)") == "F d -3 m:1");
  CHECK(settings_of({"", "Fd-3m", 0}, right_angles).size() == 2);
}

TEST_CASE("Operators of a group other than the named one are a conflict") {
  const auto group = [](const std::string& symbol) {
    return settings_of({"", symbol, 0}, right_angles).front().operations;
  };
  CHECK_FALSE(disagreement(group("Fd-3m:1"), {"", "Fd-3m:2", 0}, right_angles));
  CHECK_FALSE(disagreement(group("P 1 21/n 1"), {"", "P 21/c", 0}, right_angles));
  CHECK(disagreement(group("P 1"), {"", "F m -3 m", 0}, right_angles));
  CHECK(disagreement(group("P b c a"), {"", "P n m a", 0}, right_angles));
  CHECK_FALSE(disagreement(group("P b c a"), {"", "nonsense", 0}, right_angles));
}
