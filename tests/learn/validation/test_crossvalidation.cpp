// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/append_log.hpp"
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/learn/validation/crossvalidation.hpp"

#include "support.hpp"
#include "synthetic.hpp"
#include "validation/fold_journal.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>

using Catch::Matchers::Contains;
using namespace ionsift;
using namespace ionsift::learn;

namespace {

namespace fs = std::filesystem;

constexpr std::size_t structures = 60;
constexpr int folds = 3;

dataset::FeatureSet feature_set() {
  return test::make_structures(structures, 5, 1);
}

/// Three folds; the last six structures are in none.
dataset::Folds three_folds() {
  dataset::Folds result{{"a", "b", "c"}, {}};
  for (std::size_t i = 0; i < structures; ++i) {
    result.of.push_back(i >= structures - 6 ? -1 : static_cast<int>(i % folds));
  }
  return result;
}

CrossValidationOptions options_of(int epochs) {
  AtomSetsConfiguration settings;
  settings.layers = 1;
  settings.width = 6;
  settings.readout_hidden = 4;
  settings.batch = 16;
  settings.epochs = epochs;
  settings.init_lr = 1e-3;
  settings.max_lr = 1e-2;
  Configuration configuration;
  configuration.model = settings;
  Configuration other = configuration;
  other.weight = 3;
  Variant variant{"first", {}};
  variant.plan.seeds = 2;
  variant.plan.configurations = {configuration, other};
  CrossValidationOptions options;
  options.variants = {variant, variant};
  options.variants[1].name = "second";
  options.variants[1].plan.configurations.resize(1);
  options.resampling.draws = 50;
  options.seed = 5;
  return options;
}

fs::path scratch(const std::string& name) {
  return test::scratch(name) / "journal";
}

void check_same(const std::vector<FoldTraining>& a, const std::vector<FoldTraining>& b) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    CHECK(a[i].member == b[i].member);
    CHECK(a[i].record.loss == b[i].record.loss);
    CHECK(a[i].probability == b[i].probability);
    REQUIRE(a[i].curve.size() == b[i].curve.size());
    for (std::size_t p = 0; p < a[i].curve.size(); ++p) {
      CHECK(a[i].curve[p].auc_pr == b[i].curve[p].auc_pr);
    }
  }
}

} // namespace

TEST_CASE("every member of every variant is trained on every fold, equally on any number of ranks") {
  const auto set = feature_set();
  const auto options = options_of(3);
  const auto together =
      train_folds(test::world(), set, three_folds(), options, scratch("together")).trainings;
  const auto another = scratch("alone");
  if (!test::world().is_root()) {
    CHECK(together.empty());
    return;
  }
  // (2 configurations + 1) x 2 repeats x 3 folds, in order.
  REQUIRE(together.size() == 18);
  CHECK(together[5].member == FoldMember{0, 0, 1, 0, 1});
  CHECK(together[17].member == FoldMember{1, 0, 2, 0, 1});
  for (const auto& training : together) {
    CHECK(training.probability.size() == 18);
    REQUIRE(training.curve.size() == 3);
    CHECK(training.curve[2].epoch == 3);
    CHECK(training.record.epochs == 3);
  }
  // Two variants of one configuration have the same seeds.
  CHECK(together[0].probability == together[12].probability);
  CHECK(together[0].probability != together[1].probability);
  const auto alone =
      train_folds(parallel::Communicator::local(), set, three_folds(), options, another).trainings;
  check_same(together, alone);
}

TEST_CASE("a member is validated on structures it was not trained on") {
  const auto set = feature_set();
  const auto options = options_of(2);
  const auto before = train_folds(test::world(), set, three_folds(), options, scratch("seen")).trainings;
  // Another class for a structure of fold a changes no member that is validated on fold a.
  auto changed = set;
  changed.label[0] = 1 - changed.label[0];
  const auto after =
      train_folds(test::world(), changed, three_folds(), options, scratch("changed")).trainings;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const bool validated_on_it = before[i].member.fold == 0;
    CHECK((before[i].probability == after[i].probability) == validated_on_it);
  }
}

TEST_CASE("a killed run resumes, one with another input is refused") {
  const auto set = feature_set();
  const auto options = options_of(2);
  const auto journal = scratch("killed");
  const auto whole = train_folds(test::world(), set, three_folds(), options, journal).trainings;
  test::world().barrier();
  if (test::world().is_root()) {
    // The run was killed while writing: the last record of each rank is cut. Another one is marked, so that
    // a training which was repeated without need would be seen.
    bool marked = false;
    for (const auto& entry : fs::directory_iterator(journal)) {
      const auto text = read_file(entry.path());
      const RandomFile file(entry.path());
      const auto contents = scan_log(file);
      AppendLog log(entry.path(), contents.header.value());
      for (std::size_t i = 1; i < contents.places.size(); ++i) {
        auto record = read_log(file, contents.places[i]).value();
        const auto at = record.find("\"epochs\":2");
        if (!marked && contents.places.size() > 3) {
          REQUIRE(at != std::string::npos);
          record.replace(at, 10, "\"epochs\":7");
          marked = true;
        }
        log.add(contents.places[i].key, record);
      }
      log.flush();
      fs::resize_file(entry.path(), text.size() > 400 ? text.size() - 100 : text.size());
    }
    CHECK(marked);
  }
  test::world().barrier();
  const auto continued = train_folds(test::world(), set, three_folds(), options, journal).trainings;
  check_same(whole, continued);
  if (test::world().is_root()) {
    CHECK(std::count_if(continued.begin(), continued.end(),
                        [](const auto& t) { return t.record.epochs == 7; }) == 1);
  }

  auto other = options;
  other.seed = 6;
  CHECK_THROWS_AS(train_folds(test::world(), set, three_folds(), other, journal), Error);
  auto moved = set;
  moved.rows.front().values(0, 0) += 1;
  CHECK_THROWS_AS(train_folds(test::world(), moved, three_folds(), options, journal), Error);
  test::world().barrier();
}

TEST_CASE("curves are scored at the requested interval, or never") {
  auto options = options_of(7);
  options.variants.resize(1);
  options.every = 3;
  const auto seldom =
      train_folds(test::world(), feature_set(), three_folds(), options, scratch("seldom")).trainings;
  options.every = 0;
  const auto never =
      train_folds(test::world(), feature_set(), three_folds(), options, scratch("never")).trainings;
  for (std::size_t i = 0; i < seldom.size(); ++i) {
    REQUIRE(seldom[i].curve.size() == 2);
    CHECK(seldom[i].curve[1].epoch == 6);
    CHECK(never[i].curve.empty());
    CHECK(seldom[i].probability == never[i].probability);
  }
}

TEST_CASE("a learning curve trains on nested subsets") {
  auto options = options_of(1);
  options.shares = {0.25, 1.0};
  const auto set = feature_set();
  const auto quarter = training_part(set, three_folds(), options, 1, 0);
  const auto all = training_part(set, three_folds(), options, 1, 1);
  CHECK(all == three_folds().trained(1));
  CHECK(std::includes(all.begin(), all.end(), quarter.begin(), quarter.end()));
  CHECK(quarter.size() == Approx(0.25 * static_cast<double>(all.size())).margin(1));
  const auto trainings =
      train_folds(test::world(), set, three_folds(), options, scratch("learning-curve")).trainings;
  if (test::world().is_root()) {
    REQUIRE(trainings.size() == 36);
    CHECK(trainings[18].member.share == 1);
    CHECK(trainings[0].probability != trainings[18].probability);
  }
}

TEST_CASE("folds that cannot be validated are refused on every rank") {
  auto set = feature_set();
  auto lost = three_folds();
  for (std::size_t i = 0; i < structures; ++i) {
    lost.of[i] = set.label[i] == 1 ? 0 : 1; // without fold a class 1 is empty
  }
  CHECK_THROWS_WITH(train_folds(test::world(), set, lost, options_of(1), scratch("lost")),
                    Contains("both classes"));
  test::world().barrier();
}
