// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/dataset/split/folds.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>

using namespace ionsift;
using dataset::FoldKind;

namespace {

dataset::Split split() {
  const auto path = test::scratch("folds") / "split.csv";
  std::ofstream(path) << "id,set,fold,cluster,group\n"
                         "a,train,10,0,x\nb,train,2,1,y\nc,train,10,1,x\nd,test,,,\ne,train,2,-1,\n";
  return dataset::Split::read(path);
}

const std::vector<std::string> ids = {"c", "e", "a", "stranger", "b"};

} // namespace

TEST_CASE("folds by number, ascending; a structure without one is never validated") {
  const auto folds = dataset::make_folds(ids, split(), FoldKind::fold);
  CHECK(folds.name == std::vector<std::string>{"2", "10"});
  CHECK(folds.of == std::vector{1, 0, 1, -1, 0});
  CHECK(folds.validated(1) == std::vector<std::size_t>{0, 2});
  CHECK(folds.trained(1) == std::vector<std::size_t>{1, 3, 4});
}

TEST_CASE("folds by cluster and by group") {
  const auto clusters = dataset::make_folds(ids, split(), FoldKind::cluster);
  CHECK(clusters.name == std::vector<std::string>{"0", "1"});
  CHECK(clusters.of == std::vector{1, -1, 0, -1, 1});
  const auto groups = dataset::make_folds(ids, split(), FoldKind::group);
  CHECK(groups.name == std::vector<std::string>{"x", "y"});
  CHECK(groups.of == std::vector{0, -1, 0, -1, 1});
}

TEST_CASE("other entries are assigned to the folds of the structures") {
  const auto folds = dataset::make_folds({"a", "e"}, split(), FoldKind::cluster);
  CHECK(folds.name == std::vector<std::string>{"0"});
  CHECK(dataset::folds_of({"b", "a", "d", "stranger"}, split(), FoldKind::cluster, folds) ==
        std::vector{-1, 0, -1, -1});
  const auto groups = dataset::make_folds(ids, split(), FoldKind::group);
  CHECK(dataset::folds_of({"b", "c", "e"}, split(), FoldKind::group, groups) == std::vector{1, 0, -1});
}

TEST_CASE("a split without folds for these structures is refused") {
  CHECK_THROWS_AS(dataset::make_folds({"d", "stranger"}, split(), FoldKind::fold), Error);
  CHECK_THROWS_AS(dataset::fold_kind_of("family"), Error);
  CHECK(dataset::fold_kind_of("cluster") == FoldKind::cluster);
}

TEST_CASE("subsets are nested, stratified and repeatable") {
  std::vector<int> label(100, 0);
  std::fill(label.begin() + 60, label.end(), 1);
  std::vector<std::size_t> training(90);
  std::iota(training.begin(), training.end(), std::size_t(10)); // 50 of class 0, 40 of class 1
  std::vector<std::size_t> smaller;
  for (const double share : {0.1, 0.25, 0.5, 1.0}) {
    const auto subset = dataset::nested_subset(training, label, share, 7);
    CHECK(std::is_sorted(subset.begin(), subset.end()));
    CHECK(std::includes(training.begin(), training.end(), subset.begin(), subset.end()));
    CHECK(std::includes(subset.begin(), subset.end(), smaller.begin(), smaller.end()));
    const auto positive =
        std::count_if(subset.begin(), subset.end(), [&](std::size_t i) { return label[i] == 1; });
    CHECK(positive == std::lround(share * 40));
    CHECK(subset.size() == static_cast<std::size_t>(std::lround(share * 50) + std::lround(share * 40)));
    smaller = subset;
  }
  CHECK(dataset::nested_subset(training, label, 0.25, 7) == dataset::nested_subset(training, label, 0.25, 7));
  CHECK(dataset::nested_subset(training, label, 0.25, 7) != dataset::nested_subset(training, label, 0.25, 8));
}

TEST_CASE("the smallest subset has one of each class") {
  const std::vector<int> label = {0, 0, 0, 1};
  const auto subset = dataset::nested_subset({0, 1, 2, 3}, label, 0.01, 1);
  REQUIRE(subset.size() == 2);
  CHECK(subset[1] == 3);
  CHECK_THROWS_AS(dataset::nested_subset({0, 3}, label, 0, 1), Error);
  CHECK_THROWS_AS(dataset::nested_subset({0, 3}, label, 1.5, 1), Error);
}

TEST_CASE("folds by value merge small ones, and leave out entries without a value") {
  const auto folds = dataset::folds_by_value({"Q-P", "Q-P", "O-P", "", "O-P", "X-*", "N-*"}, 2);
  CHECK(folds.name == std::vector<std::string>{"O-P", "Q-P", "others"});
  CHECK(folds.of == std::vector<int>{1, 1, 0, -1, 0, 2, 2});
  CHECK(folds.trained(2) == std::vector<std::size_t>{0, 1, 2, 3, 4});
  CHECK_THROWS_WITH(dataset::folds_by_value({"a", "a"}, 1), Catch::Matchers::Contains("1 folds"));
}

TEST_CASE("folds by year train on earlier entries and validate on later ones without similar entries") {
  const std::vector<int> year = {1999, 2004, 2006, 2009, 0, 2012};
  // The structure of 2009 has the composition of that of 1999.
  const std::vector<std::vector<std::size_t>> likes = {{}, {}, {}, {0}, {}, {}};
  const auto folds = dataset::folds_by_year(year, {2005, 2010}, likes);
  REQUIRE(folds.name == std::vector<std::string>{"after 2005", "after 2010"});
  CHECK(folds.trained(0) == std::vector<std::size_t>{0, 1});
  CHECK(folds.validated(0) == std::vector<std::size_t>{2});
  CHECK(folds.trained(1) == std::vector<std::size_t>{0, 1, 2, 3});
  CHECK(folds.validated(1) == std::vector<std::size_t>{5});
  CHECK(dataset::folds_by_year(year, {2005}, {}).validated(0) == std::vector<std::size_t>{2, 3, 5});
  CHECK_THROWS_WITH(dataset::folds_by_year(year, {2010, 2005}, {}), Catch::Matchers::Contains("ascend"));
  CHECK_THROWS_WITH(dataset::folds_by_year(year, {2020}, {}),
                    Catch::Matchers::Contains("nothing was measured"));
}
