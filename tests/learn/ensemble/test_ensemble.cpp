// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/base/hdf5.hpp"
#include "ionsift/base/sha256.hpp"
#include "ionsift/learn/ensemble/ensemble.hpp"
#include "ionsift/learn/ensemble/fit.hpp"

#include "support.hpp"
#include "synthetic.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <fstream>

using namespace ionsift;
using namespace ionsift::learn;
using Catch::Matchers::Contains;

namespace {

Configuration tiny(const std::string& name, int width) {
  return test::tiny_configuration(name, width, 3);
}

TrainOptions tiny_options() {
  TrainOptions options;
  options.plan.seeds = 2;
  options.plan.configurations = {tiny("a", 6), tiny("b", 9)};
  options.seed = 5;
  options.provenance.program_version = "9.9.9";
  options.provenance.parent_name = "Formation energy";
  options.provenance.parent_sha256 = std::string(64, 'a');
  options.provenance.converter = megnet::GraphConverter{4.5, {0.1, 0.2, 0.3}, 0.7};
  options.provenance.representations = {crystal::Representation::CAN, crystal::Representation::CAMNS};
  options.provenance.levels = {false, true, true, false};
  return options;
}

std::filesystem::path trained(const std::string& name, const TrainOptions& options = tiny_options()) {
  const auto folder = test::scratch(name) / "ensemble";
  PhaseTimes phases;
  train_ensemble(test::world(), test::make_structures(40, 5, 1), options, folder, false, phases);
  return folder;
}

void replace_in(const std::filesystem::path& path, const std::string& old, const std::string& with) {
  auto text = read_file(path);
  const auto at = text.find(old);
  REQUIRE(at != std::string::npos);
  text.replace(at, old.size(), with);
  std::ofstream(path) << text;
}

ErrorCode code_of_load(const std::filesystem::path& folder) {
  try {
    Ensemble::load(folder);
  } catch (const Error& error) {
    return error.code();
  }
  FAIL("the ensemble was loaded");
  return ErrorCode::internal;
}

} // namespace

TEST_CASE("an ensemble is trained, saved and used for prediction") {
  const auto train = test::make_structures(40, 5, 1);
  const auto options = tiny_options();
  const auto folder = test::scratch("round-trip");
  PhaseTimes phases;
  const auto records = train_ensemble(test::world(), train, options, folder, false, phases).members;
  REQUIRE(records.size() == 4);
  CHECK(records[2].configuration == 1);
  CHECK(records[3].repeat == 1);
  CHECK(records[0].seed != records[1].seed);
  CHECK(records[0].seed != records[2].seed);
  CHECK(records[0].epochs == 3);
  CHECK(std::isfinite(records[0].loss));
  CHECK(phases.all().at("train") > 0);

  const auto ensemble = Ensemble::load(folder);
  CHECK(ensemble.members() == 4);
  CHECK(ensemble.weights() == std::vector<double>(4, 1.0));
  CHECK(ensemble.plan().view == dataset::View{});
  CHECK(ensemble.plan().configurations == options.plan.configurations);
  CHECK(ensemble.needs().representations == std::vector{crystal::Representation::CAMNS});
  CHECK(ensemble.needs().levels == std::array{false, true, false, false});
  CHECK(ensemble.training_ids() == train.id);
  CHECK(ensemble.training_labels() == train.label);
  CHECK(ensemble.provenance().parent_sha256 == options.provenance.parent_sha256);
  CHECK(ensemble.provenance().converter == options.provenance.converter);
  CHECK(ensemble.provenance().representations == options.provenance.representations);
  CHECK(ensemble.provenance().levels == options.provenance.levels);
  CHECK(ensemble.manifest().at("standardisation") == "none");
  CHECK(ensemble.manifest().at("training").at("conductivity").get<std::vector<double>>() ==
        train.conductivity);

  const auto asked = test::make_structures(30, 5, 2);
  const auto probabilities = ensemble.predict(asked, {});
  REQUIRE(probabilities.rows() == 4);
  REQUIRE(probabilities.cols() == 30);
  CHECK(probabilities.minCoeff() > 0);
  CHECK(probabilities.maxCoeff() < 1);
  CHECK(Ensemble::load(folder).predict(asked, {}) == probabilities);
  CHECK((probabilities.row(0) - probabilities.row(1)).cwiseAbs().maxCoeff() > 1e-6F);
  CHECK(ensemble.predict(test::make_structures(0, 5, 2), {}).cols() == 0);
}

TEST_CASE("the same seed trains the same ensemble, another seed trains another") {
  const auto asked = test::make_structures(10, 5, 2);
  const auto once = Ensemble::load(trained("once")).predict(asked, {});
  CHECK(Ensemble::load(trained("twice")).predict(asked, {}) == once);
  auto options = tiny_options();
  options.seed = 6;
  CHECK(Ensemble::load(trained("other", options)).predict(asked, {}) != once);
}

TEST_CASE("probabilities of structures in many chunks equal those of single structures") {
  const auto ensemble = Ensemble::load(trained("chunks"));
  const auto asked = test::make_structures(900, 5, 4, 12); // some 10,000 rows
  const auto all = ensemble.predict(asked, {});
  for (const std::size_t s : {0, 400, 899}) {
    const auto alone = ensemble.predict(asked.select({s}), {});
    CHECK((alone - all.col(static_cast<Eigen::Index>(s))).cwiseAbs().maxCoeff() < 1e-6F);
  }
}

TEST_CASE("an existing ensemble is replaced only on request") {
  const auto folder = trained("existing");
  PhaseTimes phases;
  auto options = tiny_options();
  options.plan.seeds = 1;
  const auto train = test::make_structures(40, 5, 1);
  CHECK_THROWS_WITH(train_ensemble(test::world(), train, options, folder, false, phases),
                    Contains("holds an ensemble"));
  CHECK(Ensemble::load(folder).members() == 4);
  train_ensemble(test::world(), train, options, folder, true, phases);
  CHECK(Ensemble::load(folder).members() == 2);
  CHECK_FALSE(std::filesystem::exists(folder / "member_00_01.h5"));
}

TEST_CASE("a damaged, lost or foreign ensemble is refused") {
  const auto folder = trained("damaged");
  const auto member = folder / "member_01_00.h5";
  const auto bytes = read_file(member);
  auto damaged = bytes;
  damaged[damaged.size() - 9] = static_cast<char>(damaged[damaged.size() - 9] ^ 1);
  std::ofstream(member) << damaged;
  CHECK(code_of_load(folder) == ErrorCode::conflict);
  CHECK_THROWS_WITH(Ensemble::load(folder), Contains("member_01_00.h5") && Contains("SHA-256"));
  std::filesystem::remove(member);
  CHECK(code_of_load(folder) == ErrorCode::missing);
  std::ofstream(member) << bytes;
  CHECK(Ensemble::load(folder).members() == 4);

  const auto manifest = read_file(folder / "ensemble.json");
  replace_in(folder / "ensemble.json", "\"labels\"", "\"babels\"");
  CHECK(code_of_load(folder) == ErrorCode::data);
  CHECK_THROWS_WITH(Ensemble::load(folder), Contains("ensemble.json") && Contains("SHA-256"));
  auto document = nlohmann::json::parse(manifest);
  document.erase("sha256");
  std::ofstream(folder / "ensemble.json") << document;
  CHECK(code_of_load(folder) == ErrorCode::format);
  document["schema"] = 2; // which had no checksum
  std::ofstream(folder / "ensemble.json") << document;
  CHECK(Ensemble::load(folder).members() == 4);
  std::ofstream(folder / "ensemble.json") << "{";
  CHECK(code_of_load(folder) == ErrorCode::format);
  CHECK(code_of_load(test::scratch("empty")) == ErrorCode::missing);
}

TEST_CASE("incompatible structures are refused") {
  const auto ensemble = Ensemble::load(trained("fit"));
  CHECK_THROWS_WITH(ensemble.predict(test::make_structures(3, 6, 2), {}), Contains("6 feature columns"));
  auto broken = test::make_structures(3, 5, 2);
  auto& rows = broken.rows.front();
  rows.values(static_cast<Eigen::Index>(rows.first[1]), 0) = std::nanf("");
  CHECK_THROWS_WITH(ensemble.predict(broken, {}), Contains("s1") && Contains("not finite"));
  auto empty = test::make_structures(3, 5, 2);
  empty.rows.front().first[1] = 0;
  CHECK_THROWS_WITH(ensemble.predict(empty, {}), Contains("s0 has no rows"));
}

TEST_CASE("training sets that cannot be used are refused") {
  PhaseTimes phases;
  const auto folder = test::scratch("untrainable");
  auto one_class = test::make_structures(20, 5, 1);
  std::fill(one_class.label.begin(), one_class.label.end(), 0);
  CHECK_THROWS_WITH(train_ensemble(test::world(), one_class, tiny_options(), folder, false, phases),
                    Contains("both classes"));
  auto unlabelled = test::make_structures(20, 5, 1);
  unlabelled.label.clear();
  CHECK_THROWS_AS(train_ensemble(test::world(), unlabelled, tiny_options(), folder, false, phases), Error);
  CHECK_FALSE(std::filesystem::exists(folder / "ensemble.json"));
}

TEST_CASE("members that diverge are recorded and not used") {
  auto options = tiny_options();
  auto& unstable = std::get<AtomSetsConfiguration>(options.plan.configurations[1].model);
  unstable.init_lr = 1e20;
  unstable.max_lr = 1e30;
  unstable.epochs = 30;
  const auto folder = test::scratch("diverged");
  PhaseTimes phases;
  const auto train = test::make_structures(40, 5, 1);
  const auto records = train_ensemble(test::world(), train, options, folder, false, phases).members;
  CHECK_FALSE(records[0].diverged);
  CHECK(records[2].diverged);
  CHECK(records[3].diverged);
  CHECK_FALSE(records[0].first);
  REQUIRE(records[2].first);
  CHECK(records[2].first->seed == member_seed(options.seed, 1, 0));
  CHECK(records[2].seed == member_seed(options.seed, 1, 0, 1));
  const auto ensemble = Ensemble::load(folder);
  CHECK(ensemble.members() == 2);
  CHECK(ensemble.manifest().at("members")[2].at("loss").is_null());
  CHECK_FALSE(std::filesystem::exists(folder / "member_01_00.h5"));

  options.plan.configurations.erase(options.plan.configurations.begin());
  CHECK_THROWS_WITH(train_ensemble(test::world(), train, options, folder, true, phases),
                    Contains("all 2 members diverged"));
  CHECK_FALSE(std::filesystem::exists(folder / "ensemble.json"));
}

TEST_CASE("a member that diverges is trained once more, with another seed") {
  const auto train = test::make_structures(40, 5, 1);
  auto options = tiny_options();
  auto unstable = tiny("unstable", 6);
  auto& settings = std::get<AtomSetsConfiguration>(unstable.model);
  settings.init_lr = settings.max_lr = 10; // some seeds converge
  options.plan.configurations = {unstable};
  options.plan.seeds = 1;
  const auto diverges = [&](int attempt) {
    return fit(unstable, train, member_seed(options.seed, 0, 0, attempt), {}).record.diverged;
  };
  for (options.seed = 1; !(diverges(0) && !diverges(1)); ++options.seed) {
    REQUIRE(options.seed < 200);
  }
  const auto folder = test::scratch("again");
  PhaseTimes phases;
  const auto member = train_ensemble(test::world(), train, options, folder, false, phases).members.at(0);
  CHECK_FALSE(member.diverged);
  CHECK(member.seed == member_seed(options.seed, 0, 0, 1));
  CHECK(member.epochs == 3);
  REQUIRE(member.first);
  CHECK(member.first->seed == member_seed(options.seed, 0, 0));
  CHECK((member.first->epochs >= 1 && member.first->epochs <= 3));
  const auto ensemble = Ensemble::load(folder);
  CHECK(ensemble.members() == 1);
  CHECK(ensemble.manifest().at("members")[0].at("first_attempt").at("seed") == member.first->seed);
  const auto asked = test::make_structures(10, 5, 2);
  const auto expected = fit(unstable, train, member.seed, {}).classifier->predict(asked, {});
  const auto said = ensemble.predict(asked, {});
  for (std::size_t s = 0; s < expected.size(); ++s) {
    CHECK(said(0, static_cast<Eigen::Index>(s)) == expected[s]);
  }
}

TEST_CASE("a fit is observed by epoch, stopped, and started from another fit") {
  const auto train = test::make_structures(40, 5, 1);
  const auto watched = test::make_structures(30, 5, 2);
  const auto configuration = tiny("a", 6);
  const auto plain = fit(configuration, train, 7, {});
  CHECK(plain.record.epochs == 3);

  std::vector<std::vector<float>> seen;
  FitOptions options;
  options.watched = &watched;
  options.observer = [&](const TrainingEpoch& epoch) {
    CHECK(epoch.number == static_cast<int>(seen.size()) + 1);
    seen.push_back(epoch.probabilities());
    return true;
  };
  const auto observed = fit(configuration, train, 7, {}, options);
  CHECK(seen.size() == 3);
  CHECK(seen.back() == observed.classifier->predict(watched, {}));
  CHECK(observed.classifier->predict(watched, {}) == plain.classifier->predict(watched, {}));
  CHECK(observed.record.loss == plain.record.loss);
  CHECK(seen.front() != seen.back());

  FitOptions brief;
  brief.observer = [](const TrainingEpoch& epoch) { return epoch.number < 2; };
  const auto stopped = fit(configuration, train, 7, {}, brief);
  CHECK(stopped.record.stopped);
  CHECK(stopped.classifier->predict(watched, {}) == seen[1]);

  FitOptions further;
  further.start = plain.classifier.get();
  CHECK(fit(configuration, train, 7, {}, further).record.loss < plain.record.loss);
  CHECK_THROWS_AS(fit(tiny("b", 9), train, 7, {}, further), Error);
}

TEST_CASE("ensembles of schema 1 are read, their members use the view of the plan") {
  auto options = tiny_options();
  const dataset::View deep{crystal::Representation::CAN, 2};
  options.plan.view = deep;
  for (auto& configuration : options.plan.configurations) {
    configuration.views = {deep};
  }
  auto train = test::make_structures(40, 5, 1);
  train.views = {deep};
  const auto folder = test::scratch("schema-1") / "ensemble";
  PhaseTimes phases;
  train_ensemble(test::world(), train, options, folder, false, phases);
  const auto expected = Ensemble::load(folder).predict(train, {});

  // As version 0.1 wrote it: neither model, weight nor view of a configuration.
  auto document = nlohmann::json::parse(read_file(folder / "ensemble.json"));
  document["schema"] = 1;
  document["columns"] = 5;
  document.erase("inputs");
  document.erase("sha256");
  const auto strip = [](nlohmann::json& configuration) {
    for (const auto* key : {"model", "weight", "representation", "level"}) {
      configuration.erase(key);
    }
  };
  for (auto& configuration : document["plan"]["configurations"]) {
    strip(configuration);
  }
  for (auto& member : document["members"]) {
    const auto path = folder / member["file"].get<std::string>();
    {
      auto file = h5::File::open_writable(path);
      auto configuration = nlohmann::json::parse(file.text_attribute("/", "configuration"));
      strip(configuration);
      file.set_attribute("/", "configuration", configuration.dump());
    }
    member["sha256"] = sha256_of_file(path);
  }
  std::ofstream(folder / "ensemble.json") << document;
  const auto old = Ensemble::load(folder);
  CHECK(old.plan().configurations == options.plan.configurations);
  CHECK(old.predict(train, {}) == expected);
}

TEST_CASE("P_SI is the mean over members, SD their standard deviation") {
  Matrix<float> probabilities(4, 2);
  probabilities << 0.1F, 0.5F, 0.2F, 0.5F, 0.3F, 0.5F, 0.8F, 0.5F;
  const auto summary = summarize(probabilities, {1, 1, 1, 1});
  REQUIRE(summary.size() == 2);
  CHECK(summary[0].mean == Approx(0.35).epsilon(1e-6));
  CHECK(summary[0].sd == Approx(std::sqrt((0.0625 + 0.0225 + 0.0025 + 0.2025) / 4)).epsilon(1e-6));
  CHECK(summary[1].mean == 0.5);
  CHECK(summary[1].sd == 0);

  // A weight of two equals the same member twice.
  Matrix<float> twice(5, 2);
  twice << probabilities, probabilities.row(3);
  const auto weighted = summarize(probabilities, {1, 1, 1, 2});
  CHECK(weighted[0].mean == Approx(summarize(twice, {1, 1, 1, 1, 1})[0].mean).epsilon(1e-12));
  CHECK(weighted[0].sd == Approx(summarize(twice, {3, 3, 3, 3, 3})[0].sd).epsilon(1e-12));
  CHECK_THROWS_AS(summarize(probabilities, {1, 1, 1}), Error);
}
