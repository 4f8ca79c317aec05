// SPDX-License-Identifier: BSD-3-Clause
// Ensembles of several kinds of members, with different inputs.
#include "ionsift/base/error.hpp"
#include "ionsift/dataset/features/unlabelled.hpp"
#include "ionsift/learn/ensemble/fit.hpp"
#include "ionsift/learn/ensemble/training_identity.hpp"
#include "ionsift/learn/validation/crossvalidation.hpp"
#include "ionsift/learn/validation/evaluation.hpp"
#include "ionsift/parallel/together.hpp"

#include "described.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace ionsift;
using namespace ionsift::learn;
using Catch::Matchers::Contains;
using namespace ionsift::test;

namespace {

/// Entries without a structure.
dataset::FeatureSet make_entries() {
  const auto more = make_described(60, 5);
  dataset::FeatureSet entries;
  entries.id = more.id;
  for (auto& id : entries.id) {
    id = "table " + id;
  }
  entries.label = more.label;
  entries.conductivity = more.conductivity;
  entries.upper_bound = more.upper_bound;
  entries.descriptors = more.descriptors;
  entries.formula.assign(entries.size(), "Li6PS5Cl");
  return entries;
}

struct Trained {
  std::filesystem::path folder;
  std::vector<MemberRecord> records;
};

Trained train_mixed(const std::string& name, const dataset::FeatureSet& train,
                    const dataset::FeatureSet& compositions = {}) {
  TrainOptions options;
  options.plan = mixed_plan();
  options.seed = 3;
  options.compositions = compositions;
  Trained trained{test::scratch(name) / "ensemble", {}};
  PhaseTimes phases;
  trained.records = train_ensemble(test::world(), train, options, trained.folder, false, phases).members;
  return trained;
}

} // namespace

TEST_CASE("an ensemble of several kinds is trained, saved and used for prediction") {
  const auto train = make_described(60, 1);
  const auto trained = train_mixed("mixed", train);
  REQUIRE(trained.records.size() == 8);
  CHECK(trained.records[2].configuration == 1);
  CHECK(trained.records[7].configuration == 4);

  const auto ensemble = Ensemble::load(trained.folder);
  REQUIRE(ensemble.members() == 8);
  CHECK(ensemble.weights() == std::vector<double>{1, 1, 1, 3, 3, 1, 1, 4});
  CHECK(ensemble.plan().configurations == mixed_plan().configurations);
  CHECK(ensemble.plan().content().views == std::vector<dataset::View>{{}, near});
  CHECK(ensemble.plan().content().blocks == std::vector{dataset::DescriptorBlock::composition});
  CHECK(ensemble.needs().levels == std::array{true, true, false, false});

  const auto asked = make_described(80, 2);
  const auto probabilities = ensemble.predict(asked, {});
  CHECK(Ensemble::load(trained.folder).predict(asked, {}) == probabilities);
  CHECK(probabilities.row(3) != probabilities.row(4)); // two seeds of trees
  // Members that use the composition learn the classes from it.
  for (const Eigen::Index member : {3, 4, 7}) {
    for (std::size_t s = 0; s < asked.size(); ++s) {
      CHECK((probabilities(member, static_cast<Eigen::Index>(s)) >= 0.5F) == (asked.label[s] == 1));
    }
  }
  // A single structure has the same probabilities as all together.
  const auto alone = ensemble.predict(asked.select({7}), {});
  CHECK((alone.col(0) - probabilities.col(7)).cwiseAbs().maxCoeff() < 1e-6F);

  const auto evaluation = evaluate(test::world(), ensemble, asked, train.of({}).means(), {}, {});
  const auto expected = summarize(probabilities, ensemble.weights());
  for (std::size_t s = 0; s < asked.size(); ++s) {
    CHECK(evaluation.probability[s] == Approx(expected[s].mean).margin(1e-6));
  }
}

TEST_CASE("any number of ranks trains the same mixed ensemble") {
  const auto train = make_described(40, 1);
  const auto shared = train_mixed("ranks", train);
  TrainOptions options;
  options.plan = mixed_plan();
  options.seed = 3;
  const auto folder = test::scratch("alone") / std::to_string(test::world().rank());
  PhaseTimes phases;
  train_ensemble(parallel::Communicator::local(), train, options, folder, false, phases);
  const auto asked = make_described(20, 2);
  CHECK(Ensemble::load(shared.folder).predict(asked, {}) == Ensemble::load(folder).predict(asked, {}));
}

TEST_CASE("entries known by composition train the members that use only compositions") {
  const auto train = make_described(40, 1);
  const auto entries = make_entries();
  const auto without = Ensemble::load(train_mixed("without", train).folder);
  const auto with = Ensemble::load(train_mixed("with", train, entries).folder);
  CHECK(with.composition_ids() == entries.id);
  CHECK(with.composition_formulas() == entries.formula);
  CHECK(with.training_ids() == train.id);
  CHECK(without.composition_ids().empty());
  // The measurements of all of them are stored.
  const auto measured = training_measurements(with);
  REQUIRE(measured.size() == train.size() + entries.size());
  for (std::size_t i = 0; i < measured.size(); ++i) {
    const bool is_entry = i >= train.size();
    const auto& set = is_entry ? entries : train;
    const auto place = is_entry ? i - train.size() : i;
    CHECK(measured[i].id == set.id[place]);
    CHECK(measured[i].label == set.label[place]);
    CHECK(measured[i].conductivity == set.conductivity[place]);
    CHECK(measured[i].upper_bound == (set.upper_bound[place] != 0));
    CHECK(measured[i].formula == (is_entry ? entries.formula[place] : ""));
    CHECK(measured[i].reference.empty());
  }
  const auto asked = make_described(30, 2);
  const auto a = without.predict(asked, {});
  const auto b = with.predict(asked, {});
  for (const Eigen::Index member : {0, 1, 2, 5, 6}) {
    CHECK(a.row(member) == b.row(member));
  }
  for (const Eigen::Index member : {3, 4, 7}) {
    CHECK(a.row(member) != b.row(member));
  }
  // They were trained on, so they cannot be evaluated on.
  auto seen = asked;
  seen.id[0] = entries.id[0];
  CHECK_THROWS_WITH(evaluate(test::world(), with, seen, train.of({}).means(), {}, {}),
                    Contains("were trained on"));
}

TEST_CASE("unlabelled compositions are weak negatives, but not in members that predict them") {
  const auto train = make_described(60, 1);
  // More of the class of conductors, without measurements.
  const auto candidates = make_described(400, 6);
  std::vector<std::size_t> conductors;
  for (std::size_t s = 0; s < candidates.size(); ++s) {
    if (candidates.label[s] == 1) {
      conductors.push_back(s);
    }
  }
  const auto unlabelled = candidates.select(conductors);
  auto plan = mixed_plan();
  plan.configurations = {plan.configurations[2], plan.configurations[4]};
  const auto train_with = [&](const std::string& name, double weight, const dataset::FeatureSet& negatives) {
    TrainOptions options;
    options.plan = plan;
    std::get<TreesConfiguration>(options.plan.configurations[0].model).unlabelled_weight = weight;
    options.seed = 3;
    options.unlabelled.id = negatives.id;
    options.unlabelled.descriptors = negatives.descriptors;
    options.unlabelled_facts = {{"store", "candidates.h5"}};
    const auto folder = test::scratch(name) / "ensemble";
    PhaseTimes phases;
    train_ensemble(test::world(), train, options, folder, false, phases);
    return Ensemble::load(folder);
  };
  const auto without = train_with("no negatives", 0, {});
  const auto weak = train_with("weak", 0.02, unlabelled);
  const auto strong = train_with("strong", 1, unlabelled);
  CHECK(weak.manifest()["training"]["unlabelled"]["compositions"] == unlabelled.size());
  CHECK(weak.manifest()["plan"]["configurations"][0]["unlabelled_weight"] == 0.02);
  CHECK_FALSE(without.manifest()["training"].contains("unlabelled"));

  const auto a = without.predict(unlabelled, {}), b = weak.predict(unlabelled, {}),
             c = strong.predict(unlabelled, {});
  CHECK(a.row(2) == b.row(2)); // the process does not use them
  CHECK(b.row(0).mean() < a.row(0).mean());
  CHECK(c.row(0).mean() < b.row(0).mean());
  // No composition is predicted by a forest that had it as a negative: the prediction is the same with all
  // negatives as with those of the other half only.
  const auto numbers = dataset::composition_numbers(unlabelled.descriptors);
  std::vector<std::size_t> even, odd;
  for (std::size_t s = 0; s < numbers.size(); ++s) {
    (numbers[s] % 2 == 0 ? even : odd).push_back(s);
  }
  REQUIRE(!even.empty());
  REQUIRE(!odd.empty());
  const auto half = train_with("half", 1, unlabelled.select(odd));
  const auto judged = half.predict(unlabelled.select(even), {}),
             both = strong.predict(unlabelled.select(even), {});
  CHECK(judged.row(0) == both.row(0));
  const auto spared = half.predict(unlabelled.select(odd), {});
  const auto none = without.predict(unlabelled.select(odd), {});
  CHECK(spared.row(0).mean() == Approx(none.row(0).mean()).margin(0.05));

  CHECK_THROWS_WITH(train_with("nothing", 0.02, {}), Contains("--unlabelled"));
}

TEST_CASE("entries known by composition are left out with their fold") {
  const auto structures = make_described(40, 1);
  dataset::Folds folds;
  folds.name = {"a", "b"};
  for (std::size_t i = 0; i < structures.size(); ++i) {
    folds.of.push_back(static_cast<int>(i % 2));
  }
  CrossValidationOptions options;
  options.variants = {{"trees", mixed_plan()}};
  options.variants[0].plan.configurations = {mixed_plan().configurations[2]};
  const auto without =
      train_folds(test::world(), structures, folds, options, test::scratch("folds-without")).trainings;
  options.compositions = make_entries();
  options.composition_fold.assign(options.compositions.size(), 0);
  const auto with =
      train_folds(test::world(), structures, folds, options, test::scratch("folds-with")).trainings;
  REQUIRE(with.size() == (test::world().is_root() ? 4 : 0)); // two folds, two seeds
  for (std::size_t i = 0; i < with.size(); ++i) {
    CHECK((with[i].probability == without[i].probability) == (with[i].member.fold == 0));
  }
}

TEST_CASE("inputs that a member needs and does not get are named") {
  const auto train = make_described(40, 1);
  const auto ensemble = Ensemble::load(train_mixed("needs", train).folder);
  auto asked = make_described(3, 2);
  auto blind = asked;
  blind.views.pop_back();
  blind.rows.pop_back();
  CHECK_THROWS_WITH(ensemble.predict(blind, {}), Contains("CAMN:V0"));
  auto bare = asked;
  bare.descriptors = {};
  CHECK_THROWS_WITH(ensemble.predict(bare, {}), Contains("composition"));
  auto odd = asked;
  odd.descriptors.values(1, 0) = std::nan("");
  CHECK_THROWS_WITH(ensemble.predict(odd, {}), Contains("2-1") && Contains("not finite"));
  TrainOptions options;
  options.plan = mixed_plan();
  PhaseTimes phases;
  auto undescribed = train;
  undescribed.descriptors = {};
  CHECK_THROWS_WITH(
      train_ensemble(test::world(), undescribed, options, test::scratch("undescribed"), false, phases),
      Contains("composition"));
}

TEST_CASE("soft targets are the probabilities of a noisy measurement") {
  // Two compositions, far apart: one measured at the threshold, one a decade above.
  auto set = make_described(40, 1);
  for (std::size_t s = 0; s < set.size(); ++s) {
    set.conductivity[s] = set.label[s] == 1 ? 1e-3 : 1e-4;
  }
  auto configuration = mixed_plan().configurations[2];
  std::get<TreesConfiguration>(configuration.model).label_noise = 1.0;
  const auto soft = fit(configuration, set, 1, {}).classifier->predict(set, {});
  std::get<TreesConfiguration>(configuration.model).label_noise = 0;
  const auto hard = fit(configuration, set, 1, {}).classifier->predict(set, {});
  for (std::size_t s = 0; s < set.size(); ++s) {
    CHECK(soft[s] == Approx(set.label[s] == 1 ? 0.841345 : 0.5).margin(0.02));
    CHECK(hard[s] == Approx(set.label[s]).margin(0.05));
  }
}

TEST_CASE("entries without a structure are predicted by members that use only compositions") {
  const auto train = make_described(40, 1);
  const auto ensemble = Ensemble::load(train_mixed("judges", train).folder);
  const auto entries = make_entries();
  CHECK(ensemble.composition_alone() ==
        std::vector<bool>{false, false, false, true, true, false, false, true});
  CHECK(ensemble.composition_weights() == std::vector<double>{3, 3, 4});
  EvaluationOptions options;
  options.resampling.draws = 50;
  const auto result = evaluate_entries(test::world(), ensemble, entries, {}, options);
  CHECK(result.judging == 3);
  CHECK(result.abstaining == 5);
  CHECK(result.judging_kinds.size() == 2);
  CHECK(result.abstaining_kinds.size() == 3);
  CHECK(result.share == Approx(10.0 / 15));
  REQUIRE(result.scored.probability.size() == entries.size());
  CHECK(result.scored.d_training.empty());
  CHECK(result.scored.judges == std::vector<std::size_t>(entries.size(), 3));
  // Only their weights count.
  const auto each = ensemble.predict_compositions(entries, {});
  REQUIRE(each.rows() == 3);
  for (std::size_t s = 0; s < entries.size(); ++s) {
    const auto column = static_cast<Eigen::Index>(s);
    CHECK(result.scored.probability[s] ==
          Approx((3 * each(0, column) + 3 * each(1, column) + 4 * each(2, column)) / 10).margin(1e-6));
  }
  CHECK(result.scored.scores.average_precision > 0.95); // the composition determines the class

  // Together with structures, as one set.
  const auto asked = make_described(20, 2);
  const auto structures = evaluate(test::world(), ensemble, asked, train.of({}).means(), {}, options);
  const auto both = evaluated_together(ensemble, structures, result.scored, options);
  CHECK(both.structures == 80);
  CHECK(both.positive == structures.positive + result.scored.positive);
  CHECK(both.probability[20] == result.scored.probability[0]);
  CHECK(both.judges[19] == 8);
  CHECK(both.judges[20] == 3);
  CHECK(both.d_training.empty());
}

TEST_CASE("an ensemble that needs structures does not predict compositions") {
  auto plan = mixed_plan();
  plan.configurations.resize(1);
  TrainOptions options;
  options.plan = plan;
  const auto folder = test::scratch("no-judges") / "ensemble";
  PhaseTimes phases;
  train_ensemble(test::world(), make_described(40, 1), options, folder, false, phases);
  const auto ensemble = Ensemble::load(folder);
  CHECK_THROWS_WITH(evaluate_entries(test::world(), ensemble, make_entries(), {}, {}),
                    Contains("no member of the ensemble looks at compositions alone"));
  test::world().barrier();
}
