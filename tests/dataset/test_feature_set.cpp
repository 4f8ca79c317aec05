#include "ionsift/dataset/feature_set.hpp"

#include "ionsift/base/error.hpp"

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
  const auto set = slice(store, Representation::CAMNS, 1, 1, 4, empty);
  CHECK(set.id == std::vector<std::string>{"b", "bare", "c", "d"});
  CHECK(empty == std::vector<std::uint8_t>{0, 1, 0, 0});
  CHECK(set.first == std::vector<std::uint64_t>{0, 2, 3, 7, 9});
  CHECK(set.columns() == 32);
  CHECK(set.label.empty());
  for (std::size_t s = 0; s < set.size(); ++s) {
    const double sum = std::accumulate(set.weight.begin() + static_cast<long>(set.first[s]),
                                       set.weight.begin() + static_cast<long>(set.first[s + 1]), 0.0);
    CHECK(sum == Approx(1).margin(1e-6));
  }
  CHECK(set.weight[0] == 0.75F); // Li of Li3N: three of four sites
  CHECK(set.weight[2] == 1.0F);
  CHECK(set.values.row(2).isZero());
  const auto rows = store.features(Representation::CAMNS, 1, 3, 1);
  CHECK(set.values.middleRows(3, 4) == rows.values);
}

TEST_CASE_METHOD(Fixture, "means weigh rows by their sites") {
  const ionsift::store::Reader store(path);
  std::vector<std::uint8_t> empty;
  const auto set = slice(store, Representation::CAMNS, 1, 0, store.size(), empty);
  const auto means = set.means();
  REQUIRE(means.rows() == 6);
  const Eigen::RowVectorXd expected =
      (0.75 * set.values.row(2).cast<double>() + 0.25 * set.values.row(3).cast<double>());
  CHECK(means.row(1).isApprox(expected, 1e-12));
}

TEST_CASE_METHOD(Fixture, "selected structures come in the order asked for") {
  const ionsift::store::Reader store(path);
  std::vector<std::uint8_t> empty;
  const auto all = slice(store, Representation::CAMNS, 1, 0, store.size(), empty);
  const auto some = all.select({4, 1, 1});
  CHECK(some.id == std::vector<std::string>{"d", "b", "b"});
  CHECK(some.first == std::vector<std::uint64_t>{0, 2, 4, 6});
  const auto means = all.means();
  CHECK(some.means().row(0) == means.row(4));
  CHECK(some.means().row(2) == means.row(1));
  CHECK(all.select({}).size() == 0);
  CHECK_THROWS_AS(all.select({6}), ionsift::Error);
}

TEST_CASE_METHOD(Fixture, "a join keeps the order of the store and says what it left out") {
  const ionsift::store::Reader store(path);
  const auto known = labels("d,1e-3\na,1e-5\nbare,1e-2\nabsent,1e-3\nc,2e-3\nelsewhere,1\n");
  const auto parts = split("a,train\nb,train\nbare,train\nd,train\nabsent,train\nc,test\n");
  JoinReport report;
  const auto train = join(store, Representation::CAMNS, 1, known, &parts, "train", report);
  CHECK(train.id == std::vector<std::string>{"a", "d"});
  CHECK(train.label == std::vector<int>{0, 1});
  CHECK(train.conductivity == std::vector<double>{1e-5, 1e-3});
  CHECK(report.used == 2);
  CHECK(report.unlabelled == std::vector<std::string>{"b"});
  CHECK(report.unfeatured == std::vector<std::string>{"absent"});
  CHECK(report.empty == std::vector<std::string>{"bare"});

  const auto all = join(store, Representation::CAMNS, 1, known, &parts, "all", report);
  CHECK(all.id == std::vector<std::string>{"a", "c", "d"});
  CHECK(all.label == std::vector<int>{0, 1, 1});
  CHECK(all.select({2}).label == std::vector<int>{1});
  CHECK(join(store, Representation::CAMNS, 1, known, nullptr, "all", report).id == all.id);
  std::vector<std::uint8_t> empty;
  const auto means = slice(store, Representation::CAMNS, 1, 0, store.size(), empty).means();
  CHECK(all.means().row(1) == means.row(3));
}

TEST_CASE_METHOD(Fixture, "joins that make no sense are refused") {
  const ionsift::store::Reader store(path);
  const auto known = labels("a,1e-3\nc,1e-5\n");
  const auto parts = split("a,train\nb,test\nc,train\n");
  JoinReport report;
  CHECK_THROWS_WITH(join(store, Representation::CAMNS, 1, known, &parts, "trian", report),
                    Contains("test, train"));
  CHECK_THROWS_WITH(join(store, Representation::CAMNS, 1, known, nullptr, "train", report),
                    Contains("--split"));
  CHECK_THROWS_WITH(join(store, Representation::CAMNS, 1, known, &parts, "test", report),
                    Contains("no structure"));

  const auto twice = folder / "twice.h5";
  ionsift::test::write_small_store(ionsift::test::world(), twice,
                                   {{"a", "Li2O"}, {"b", "LiF"}, {"a", "LiCl"}});
  CHECK_THROWS_WITH(
      join(ionsift::store::Reader(twice), Representation::CAMNS, 1, known, &parts, "train", report),
      Contains("twice"));
}
