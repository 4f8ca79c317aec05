// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/random.hpp"
#include "ionsift/dataset/split/groups.hpp"
#include "ionsift/dataset/split/make_split.hpp"
#include "ionsift/dataset/split/split.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

using namespace ionsift::dataset;
using Catch::Matchers::Contains;
using ionsift::crystal::Composition;

namespace {

/// `n` members, every third superionic.
std::vector<SplitMember> alone(int n) {
  std::vector<SplitMember> members;
  for (int i = 0; i < n; ++i) {
    members.push_back({fmt::format("m{:03}", i), i % 3 == 0 ? 1 : 0, "", -1, ""});
  }
  return members;
}

/// The same members in groups of sizes 1, 2, 3 ... of mixed class.
std::vector<SplitMember> grouped(int n) {
  auto members = alone(n);
  int group = 0, left = 1;
  for (auto& member : members) {
    member.group = fmt::format("g{}", group);
    if (--left == 0) {
      ++group;
      left = group % 7 + 1;
    }
  }
  return members;
}

struct Counts {
  int all = 0, positive = 0;
};

std::map<int, Counts> fold_counts(const DrawnSplit& split, std::size_t repeat = 0) {
  std::map<int, Counts> counts;
  for (std::size_t i = 0; i < split.members.size(); ++i) {
    auto& one = counts[split.folds[repeat][i]];
    ++one.all;
    one.positive += split.members[i].positive;
  }
  return counts;
}

Counts set_counts(const DrawnSplit& split, const std::string& set) {
  Counts counts;
  for (const auto& member : split.members) {
    if (member.set == set) {
      ++counts.all;
      counts.positive += member.positive;
    }
  }
  return counts;
}

} // namespace

TEST_CASE("the test set has its share of each class, folds differ by at most one") {
  for (const int n : {30, 101, 254, 548}) {
    SplitDraw draw;
    draw.repeats = 3;
    const auto split = draw_split(alone(n), draw);
    const auto test = set_counts(split, "test");
    const int positive = (n + 2) / 3;
    CHECK(test.all == std::lround(0.1 * n));
    CHECK(test.positive == std::lround(0.1 * positive));
    REQUIRE(split.folds.size() == 3);
    for (std::size_t repeat = 0; repeat < 3; ++repeat) {
      const auto folds = fold_counts(split, repeat);
      CHECK(folds.at(-1).all == test.all);
      CHECK(folds.size() == 6);
      for (int fold = 0; fold < 5; ++fold) {
        CHECK(std::abs(folds.at(fold).all - (n - test.all) / 5.0) < 1);
        CHECK(std::abs(folds.at(fold).positive - (positive - test.positive) / 5.0) < 1);
      }
    }
    CHECK(split.folds[0] != split.folds[1]);
    CHECK(split.folds[1] != split.folds[2]);
  }
}

TEST_CASE("the same seed gives the same split, whatever the order of the input") {
  for (const auto& make : {alone, grouped}) {
    auto members = make(120);
    const auto split = draw_split(members);
    ionsift::RandomStream random(3);
    random.shuffle(members);
    CHECK(draw_split(members) == split);
    SplitDraw other;
    other.seed = 2;
    CHECK_FALSE(draw_split(members, other) == split);
  }
}

TEST_CASE("no group is in two sets or two folds, and classes stay even") {
  SplitDraw draw;
  draw.repeats = 2;
  draw.test_share = 0.2;
  const auto split = draw_split(grouped(300), draw);
  for (std::size_t repeat = 0; repeat < 2; ++repeat) {
    std::map<std::string, std::set<std::pair<std::string, int>>> places;
    for (std::size_t i = 0; i < split.members.size(); ++i) {
      places[split.members[i].group].insert({split.members[i].set, split.folds[repeat][i]});
    }
    CHECK(places.size() > 70);
    CHECK(std::ranges::all_of(places, [](const auto& group) { return group.second.size() == 1; }));
    const auto folds = fold_counts(split, repeat);
    for (int fold = 0; fold < 5; ++fold) {
      CHECK(std::abs(folds.at(fold).all - 48) <= 3);
      CHECK(std::abs(folds.at(fold).positive - 16) <= 2);
    }
  }
  const auto test = set_counts(split, "test");
  CHECK(std::abs(test.all - 60) <= 3);
  CHECK(std::abs(test.positive - 20) <= 2);
  CHECK(divided_groups(split.members).empty());
}

TEST_CASE("a group larger than a fold has a fold for itself") {
  auto members = alone(100);
  for (int i = 0; i < 60; ++i) {
    members[static_cast<std::size_t>(i)].group = "garnet";
  }
  SplitDraw draw;
  draw.test_share = 0;
  const auto split = draw_split(members, draw);
  const auto folds = fold_counts(split);
  CHECK(folds.at(0).all == 60);
  for (int fold = 1; fold < 5; ++fold) {
    CHECK(folds.at(fold).all == 10);
  }
}

TEST_CASE("given sets are kept, and groups that they divide are named") {
  auto members = alone(40);
  for (std::size_t i = 0; i < 40; ++i) {
    members[i].set = i < 10 ? "test" : "train";
    members[i].group = i % 2 == 0 ? "even" : "";
  }
  members[39].set.clear();
  members[39].group.clear();
  SplitDraw draw;
  draw.folds = 3;
  draw.test_share = 0;
  const auto split = draw_split(members, draw);
  CHECK(set_counts(split, "test").all == 10);
  CHECK(split.members[39].set == "train");
  CHECK(divided_groups(split.members) == std::vector<std::string>{"even"});
  draw.fold_set = "test";
  CHECK(fold_counts(draw_split(members, draw)).at(-1).all == 30);
  draw.folds = 0;
  CHECK(draw_split(members, draw).folds.empty());
}

TEST_CASE("invalid splits are refused") {
  const auto with = [](auto change) {
    SplitDraw draw;
    change(draw);
    return draw;
  };
  const auto members = alone(20);
  CHECK_THROWS_WITH(draw_split(members, with([](auto& d) { d.test_share = 1; })), Contains("share"));
  CHECK_THROWS_WITH(draw_split(members, with([](auto& d) { d.folds = 1; })), Contains("1 folds"));
  CHECK_THROWS_WITH(draw_split(members, with([](auto& d) { d.repeats = 0; })), Contains("0 times"));
  CHECK_THROWS_WITH(draw_split(members, with([](auto& d) { d.folds = 19; })), Contains("18 structures"));
  CHECK_THROWS_WITH(draw_split(members, with([](auto& d) { d.fold_set = "tset"; })), Contains("tset"));
  CHECK_THROWS_WITH(draw_split({}), Contains("nothing to split"));
  CHECK_THROWS_WITH(draw_split({members[0], members[0]}), Contains("m000 is to be split twice"));
  auto two_groups = members;
  for (std::size_t i = 0; i < two_groups.size(); ++i) {
    two_groups[i].group = i < 10 ? "a" : "b";
  }
  CHECK_THROWS_WITH(draw_split(two_groups), Contains("groups"));
}

TEST_CASE("a written split is read back") {
  auto members = grouped(60);
  members[7].cluster = 4;
  SplitDraw draw;
  draw.repeats = 2;
  const auto drawn = draw_split(members, draw);
  const auto path = ionsift::test::scratch("make_split") / "split.csv";
  write_split(path, drawn);
  SplitOptions second;
  second.fold_column = "fold_2";
  const auto split = Split::read(path);
  const auto again = Split::read(path, second);
  REQUIRE(split.size() == 60);
  for (std::size_t i = 0; i < 60; ++i) {
    const auto& member = drawn.members[i];
    CHECK(*split.find(member.id) == SplitRow{member.set, drawn.folds[0][i], member.cluster, member.group});
    CHECK(again.find(member.id)->fold == drawn.folds[1][i]);
  }
  CHECK(split.clusters() == std::vector<int>{4});
}

TEST_CASE("groups by one column are its values, groups by several are connected components") {
  const std::vector<std::string> ids = {"d", "c", "b", "a", "e"};
  // Unknown values are not equal to each other.
  CHECK(find_groups(ids, {{{"x", "y", "x", "N/A", "-"}}, {}}) ==
        std::vector<std::string>{"x", "y", "x", "", ""});
  CHECK(find_groups(ids, {{{"x", "y", "x", "", "-1"}}, {}}) ==
        std::vector<std::string>{"x", "y", "x", "", ""});
  CHECK(find_groups(ids, {{{"x", "y", "x", "", ""}, {"1", "2", "2", "3", "-1"}}, {}}) ==
        std::vector<std::string>{"b", "b", "b", "a", "e"});
  CHECK(find_groups(ids, {{{"x", "y", "x", "?", "?"}, {"1", "2", "2", "nan", "nan"}}, {}}) ==
        std::vector<std::string>{"b", "b", "b", "a", "e"});
}

TEST_CASE("similar compositions are one group") {
  GroupCriteria criteria;
  for (const auto* formula : {"Li7La3Zr2O12", "Li6.5La3Zr1.5Ta0.5O12", "Li6.6La3Zr2O12", "Li2O", "Li4O2"}) {
    criteria.compositions.push_back(Composition::parse(formula));
  }
  criteria.compositions.resize(7); // two unknown ones
  const std::vector<std::string> ids = {"a", "b", "c", "d", "e", "f", "g"};
  CHECK(find_groups(ids, criteria) == std::vector<std::string>{"a", "b", "a", "d", "d", "f", "g"});
  criteria.composition_tolerance = 0;
  CHECK(find_groups(ids, criteria) == std::vector<std::string>{"a", "b", "c", "d", "d", "f", "g"});
}
