// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/dataset/features/feature_set.hpp"

#include "small_store.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <numeric>

using Catch::Matchers::Contains;
using ionsift::crystal::Representation;
using namespace ionsift::dataset;

namespace {

const std::vector<ionsift::test::SmallStructure> structures = {
    {"a", "Li2O"},     {"b", "Li3N"}, {"bare", "Li3", 0, false, true},
    {"c", "Li6PS5Cl"}, {"d", "LiF"},  {"e", "LiCl"},
};

struct Fixture {
  std::filesystem::path folder = ionsift::test::scratch("feature_set");
  std::filesystem::path path = folder / "s.h5";
  Fixture() { ionsift::test::write_small_store(ionsift::test::world(), path, structures); }

  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name) << text;
    return folder / name;
  }
  Labels labels(const std::string& rows) const {
    return Labels::read(write("labels.csv", "id,conductivity S/cm\n" + rows));
  }
  Split split(const std::string& rows) const { return Split::read(write("split.csv", "id,set\n" + rows)); }
};

} // namespace

TEST_CASE_METHOD(Fixture, "a slice holds the rows of its structures with weights that sum to 1") {
  const ionsift::store::Reader store(path);
  std::vector<std::uint8_t> empty;
  const auto set = slice(store, {}, 1, 4, empty);
  CHECK(set.id == std::vector<std::string>{"b", "bare", "c", "d"});
  CHECK(empty == std::vector<std::uint8_t>{0, 1, 0, 0});
  CHECK(set.views == std::vector<View>{{Representation::CAMNS, 1}});
  const auto& rows = set.rows.front();
  CHECK(rows.first == std::vector<std::uint64_t>{0, 2, 3, 7, 9});
  CHECK(rows.columns() == 32);
  CHECK(set.label.empty());
  for (std::size_t s = 0; s < set.size(); ++s) {
    const double sum = std::accumulate(rows.weight.begin() + static_cast<long>(rows.first[s]),
                                       rows.weight.begin() + static_cast<long>(rows.first[s + 1]), 0.0);
    CHECK(sum == Approx(1).margin(1e-6));
  }
  CHECK(rows.weight[0] == 0.75F); // Li of Li3N: three of four sites
  CHECK(rows.weight[2] == 1.0F);
  CHECK(rows.values.row(2).isZero());
  CHECK(rows.values.middleRows(3, 4) == store.features(Representation::CAMNS, 1, 3, 1).values);
}

TEST_CASE_METHOD(Fixture, "means weight rows by their numbers of sites") {
  const ionsift::store::Reader store(path);
  std::vector<std::uint8_t> empty;
  const auto set = slice(store, {}, 0, store.size(), empty);
  const auto means = set.rows.front().means();
  REQUIRE(means.rows() == 6);
  const auto& values = set.rows.front().values;
  const Eigen::RowVectorXd expected =
      (0.75 * values.row(2).cast<double>() + 0.25 * values.row(3).cast<double>());
  CHECK(means.row(1).isApprox(expected, 1e-12));
}

TEST_CASE_METHOD(Fixture, "moments are mean, standard deviation, minimum and maximum") {
  const ionsift::store::Reader store(path);
  std::vector<std::uint8_t> empty;
  const auto rows = slice(store, {}, 0, store.size(), empty).rows.front();
  const auto moments = rows.moments();
  REQUIRE(moments.cols() == 128);
  const Eigen::RowVectorXd lithium = rows.values.row(2).cast<double>(); // of Li3N, three of four sites
  const Eigen::RowVectorXd nitrogen = rows.values.row(3).cast<double>();
  CHECK(moments.row(1).head(32).isApprox(0.75 * lithium + 0.25 * nitrogen, 1e-12));
  CHECK(moments.row(1).segment(32, 32).isApprox(std::sqrt(0.75 * 0.25) * (lithium - nitrogen).cwiseAbs(),
                                                1e-6));
  CHECK(moments.row(1).segment(64, 32) == lithium.cwiseMin(nitrogen));
  CHECK(moments.row(1).segment(96, 32) == lithium.cwiseMax(nitrogen));
  CHECK(moments.row(2).isZero()); // no rows
}

TEST_CASE_METHOD(Fixture, "selected structures come in the requested order") {
  const ionsift::store::Reader store(path);
  std::vector<std::uint8_t> empty;
  const auto all = slice(store, {}, 0, store.size(), empty);
  const auto some = all.select({4, 1, 1});
  CHECK(some.id == std::vector<std::string>{"d", "b", "b"});
  CHECK(some.rows.front().first == std::vector<std::uint64_t>{0, 2, 4, 6});
  const auto means = all.rows.front().means();
  CHECK(some.rows.front().means().row(0) == means.row(4));
  CHECK(some.rows.front().means().row(2) == means.row(1));
  CHECK(all.select({}).size() == 0);
  CHECK_THROWS_AS(all.select({6}), ionsift::Error);
}

TEST_CASE_METHOD(Fixture, "a join keeps the order of the store and reports what it left out") {
  const ionsift::store::Reader store(path);
  const auto known = labels("d,1e-3\na,1e-5\nbare,1e-2\nabsent,1e-3\nc,2e-3\nelsewhere,1\n");
  const auto parts = split("a,train\nb,train\nbare,train\nd,train\nabsent,train\nc,test\n");
  JoinReport report;
  const auto train = join(store, {}, known, &parts, "train", report);
  CHECK(train.id == std::vector<std::string>{"a", "d"});
  CHECK(train.label == std::vector<int>{0, 1});
  CHECK(train.conductivity == std::vector<double>{1e-5, 1e-3});
  CHECK(train.upper_bound == std::vector<std::uint8_t>{0, 0});
  CHECK(report.used == 2);
  CHECK(report.unlabelled == std::vector<std::string>{"b"});
  CHECK(report.unfeatured == std::vector<std::string>{"absent"});
  CHECK(report.empty == std::vector<std::string>{"bare"});

  const auto all = join(store, {}, known, &parts, "all", report);
  CHECK(all.id == std::vector<std::string>{"a", "c", "d"});
  CHECK(all.label == std::vector<int>{0, 1, 1});
  CHECK(all.select({2}).label == std::vector<int>{1});
  CHECK(join(store, {}, known, nullptr, "all", report).id == all.id);
  std::vector<std::uint8_t> empty;
  const auto means = slice(store, {}, 0, store.size(), empty).rows.front().means();
  CHECK(all.rows.front().means().row(1) == means.row(3));
}

TEST_CASE_METHOD(Fixture, "invalid joins are refused") {
  const ionsift::store::Reader store(path);
  const auto known = labels("a,1e-3\nc,1e-5\n");
  const auto parts = split("a,train\nb,test\nc,train\n");
  JoinReport report;
  CHECK_THROWS_WITH(join(store, {}, known, &parts, "trian", report), Contains("test, train"));
  CHECK_THROWS_WITH(join(store, {}, known, nullptr, "train", report), Contains("--split"));
  CHECK_THROWS_WITH(join(store, {}, known, &parts, "test", report), Contains("no structure"));

  const auto twice = folder / "twice.h5";
  ionsift::test::write_small_store(ionsift::test::world(), twice,
                                   {{"a", "Li2O"}, {"b", "LiF"}, {"a", "LiCl"}});
  CHECK_THROWS_WITH(join(ionsift::store::Reader(twice), {}, known, &parts, "train", report),
                    Contains("twice"));
}

TEST_CASE("views are written as representation and level") {
  CHECK(name_of(View{}) == "CAMNS:V1");
  CHECK(view_of("CAN:V3") == View{Representation::CAN, 3});
  for (const std::string wrong :
       {"", "CAMNS", "CAMNS:", "CAMNS:V4", "CAMNS:1", "CAMNS:V11", "CAMM:V1", ":V1"}) {
    INFO(wrong);
    CHECK_THROWS_AS(view_of(wrong), ionsift::Error);
  }
}

TEST_CASE_METHOD(Fixture, "structures are read in several views at once") {
  auto provenance = ionsift::test::small_provenance();
  provenance.representations = {Representation::CAMNS, Representation::CANS};
  provenance.levels = {true, true, false, false};
  // Lithium alone has rows with Li, and none without.
  ionsift::test::write_small_store(
      ionsift::test::world(), folder / "views.h5",
      {{"a", "Li2O"}, {"metal", "Li3"}, {"none", "LiF", 0, false, true}, {"b", "LiF"}}, provenance);
  const ionsift::store::Reader store(folder / "views.h5");
  const View with{Representation::CAMNS, 1}, without{Representation::CANS, 0};
  std::vector<std::uint8_t> empty;
  const auto set = slice(store, {{with, without}}, 0, 4, empty);
  CHECK(empty == std::vector<std::uint8_t>{0, 0, 1, 0});
  CHECK(set.of(with).columns() == 32);
  CHECK(set.of(without).columns() == 16);
  CHECK(set.of(with).first == std::vector<std::uint64_t>{0, 2, 3, 4, 6});
  CHECK(set.of(without).first == std::vector<std::uint64_t>{0, 1, 2, 3, 4});
  CHECK(set.of(without).values.row(1).isZero());
  CHECK(set.of(with).values == slice(store, {{with}}, 0, 4, empty).of(with).values);
  CHECK_THROWS_WITH(set.of({Representation::CANS, 1}), Contains("CANS:V1") && Contains("CAMNS:V1, CANS:V0"));

  // Lithium metal is left out only if no view has rows for it.
  const auto known = labels("a,1e-3\nmetal,1e-5\nnone,1e-6\nb,<1e-10\n");
  JoinReport report;
  const auto both = join(store, {{with, without}}, known, nullptr, "all", report);
  CHECK(both.id == std::vector<std::string>{"a", "metal", "b"});
  CHECK(both.upper_bound == std::vector<std::uint8_t>{0, 0, 1});
  CHECK(report.empty == std::vector<std::string>{"none"});
  CHECK(join(store, {{without}}, known, nullptr, "all", report).id == std::vector<std::string>{"a", "b"});
  const auto turned = both.select({2, 0});
  CHECK(turned.upper_bound == std::vector<std::uint8_t>{1, 0});
  CHECK(turned.of(with).first == std::vector<std::uint64_t>{0, 2, 4});
  CHECK(turned.of(without).values.row(1) == both.of(without).values.row(0));
}

TEST_CASE_METHOD(Fixture, "sets are appended only with equal views and descriptors") {
  const ionsift::store::Reader store(path);
  std::vector<std::uint8_t> empty;
  const auto all = slice(store, {}, 0, 6, empty);
  FeatureSet grown;
  grown.append(slice(store, {}, 0, 2, empty));
  grown.append(slice(store, {}, 2, 4, empty));
  CHECK(grown.id == all.id);
  CHECK(grown.rows.front().first == all.rows.front().first);
  CHECK(grown.rows.front().values == all.rows.front().values);

  auto described = all;
  described.descriptors.name = {"size", "colour"};
  described.descriptors.values.setRandom(6, 2);
  CHECK_THROWS_AS(grown.append(described), ionsift::Error);
  auto twice = described;
  twice.append(described.select({5, 3}));
  CHECK(twice.size() == 8);
  CHECK(twice.descriptors.values.rows() == 8);
  CHECK(twice.descriptors.values.row(7) == described.descriptors.values.row(3));
  auto other = all;
  other.views = {{Representation::CAN, 1}};
  CHECK_THROWS_AS(grown.append(other), ionsift::Error);
}
