// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/learn/model/configuration.hpp"

#include "support.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace ionsift;
using Catch::Matchers::Contains;
using learn::configuration_from_json;
using learn::MemberPlan;

namespace {

nlohmann::json complete() {
  return {{"name", "cluster 3"},
          {"layers", 3},
          {"width", 128},
          {"readout_hidden", 16},
          {"readout_steps", 2},
          {"readout_cell", "lstm"},
          {"l2_before", 1e-4},
          {"l2_after", 0.1},
          {"dropout_before", 0.1},
          {"dropout_after", 0.25},
          {"init_lr", 2e-5},
          {"max_lr", 5e-3},
          {"batch", 32},
          {"epochs", 40},
          {"model", "atomsets"},
          {"weight", 2.5},
          {"representation", "CAN"},
          {"level", 2},
          {"seeds", 3}};
}

const learn::AtomSetsConfiguration& atomsets(const learn::Configuration& configuration) {
  return std::get<learn::AtomSetsConfiguration>(configuration.model);
}

std::filesystem::path write(const std::string& name, const std::string& text) {
  const auto path = test::scratch(name) / "members.json";
  std::ofstream(path) << text;
  return path;
}

} // namespace

TEST_CASE("a configuration is unchanged after a round trip through JSON") {
  const auto configuration = configuration_from_json(complete());
  CHECK(atomsets(configuration).layers == 3);
  CHECK(atomsets(configuration).dropout_after == 0.25);
  CHECK(atomsets(configuration).init_lr == 2e-5);
  CHECK(configuration.weight == 2.5);
  CHECK(configuration.views == std::vector<dataset::View>{{crystal::Representation::CAN, 2}});
  CHECK(learn::to_json(configuration) == complete());
  CHECK(configuration_from_json(learn::to_json(learn::Configuration{})) == learn::Configuration{});
}

TEST_CASE("keys that are left out keep their defaults") {
  const auto configuration = configuration_from_json({{"width", 32}});
  CHECK(atomsets(configuration).width == 32);
  CHECK(atomsets(configuration).epochs == 183);
  CHECK(atomsets(configuration).readout_hidden == 512);
  CHECK(configuration.weight == 1);
  CHECK(configuration_from_json(nlohmann::json::object(), {crystal::Representation::CAMN, 0})
            .views.front()
            .level == 0);
}

TEST_CASE("an unknown key is refused with the nearest one") {
  auto json = complete();
  json["dropout_befor"] = 0.1;
  CHECK_THROWS_WITH(configuration_from_json(json), Contains("configuration \"cluster 3\"") &&
                                                       Contains("unknown key \"dropout_befor\"") &&
                                                       Contains("Did you mean \"dropout_before\"?"));
  try {
    configuration_from_json(json);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::usage);
  }
}

TEST_CASE("values outside their range are refused by name") {
  const auto with = [](const std::string& key, const nlohmann::json& value) {
    auto json = complete();
    json[key] = value;
    return json;
  };
  for (const auto& [key, value] :
       std::vector<std::pair<std::string, nlohmann::json>>{{"layers", 0},
                                                           {"layers", 2.5},
                                                           {"layers", "2"},
                                                           {"layers", 1e30},
                                                           {"layers", std::uint64_t(-1)},
                                                           {"width", -3},
                                                           {"readout_hidden", 0},
                                                           {"readout_steps", 0},
                                                           {"dropout_before", 1.0},
                                                           {"dropout_after", -0.1},
                                                           {"l2_before", -1e-3},
                                                           {"l2_after", nullptr},
                                                           {"init_lr", 0.0},
                                                           {"batch", 0},
                                                           {"epochs", 0},
                                                           {"model", "atomset"},
                                                           {"model", 3},
                                                           {"weight", 0.0},
                                                           {"representation", 7},
                                                           {"level", 4},
                                                           {"name", 3}}) {
    INFO(key << " = " << value);
    CHECK_THROWS_WITH(configuration_from_json(with(key, value)), Contains('"' + key + '"'));
  }
  CHECK_THROWS_WITH(configuration_from_json(with("max_lr", 1e-5)), Contains("below \"init_lr\""));
  CHECK_THROWS_AS(configuration_from_json(nlohmann::json::array()), Error);
}

TEST_CASE("every model has its own keys") {
  const auto trees = configuration_from_json(nlohmann::json::parse(
      R"({"model": "trees", "views": ["CAMNS:V1", "CAN:V0"], "blocks": ["cell", "disorder"], "min_leaf": 3})"));
  const auto& settings = std::get<learn::TreesConfiguration>(trees.model);
  CHECK(settings.min_leaf == 3);
  CHECK(settings.trees == 300);
  CHECK(trees.views == std::vector<dataset::View>{{}, {crystal::Representation::CAN, 0}});
  CHECK(trees.blocks == std::vector{dataset::DescriptorBlock::cell, dataset::DescriptorBlock::disorder});
  CHECK(configuration_from_json(learn::to_json(trees)) == trees);
  CHECK_FALSE(learn::to_json(trees).contains("unlabelled_weight"));
  const auto weak = configuration_from_json({{"model", "trees"}, {"unlabelled_weight", 0.02}});
  CHECK(std::get<learn::TreesConfiguration>(weak.model).unlabelled_weight == 0.02);
  CHECK(configuration_from_json(learn::to_json(weak)) == weak);
  const auto process = configuration_from_json({{"model", "gaussian_process"}, {"least_sd", 0.5}});
  CHECK(std::get<learn::GaussianProcessConfiguration>(process.model).least_sd == 0.5);
  CHECK(process.views.empty());
  CHECK(process.blocks == std::vector{dataset::DescriptorBlock::composition});
  CHECK(configuration_from_json(learn::to_json(process)) == process);

  const auto refused = [](const std::string& text) { configuration_from_json(nlohmann::json::parse(text)); };
  CHECK_THROWS_WITH(refused(R"({"model": "trees", "width": 3})"), Contains("unknown key \"width\""));
  CHECK_THROWS_WITH(refused(R"({"model": "trees", "level": 1})"), Contains("unknown key \"level\""));
  CHECK_THROWS_WITH(refused(R"({"views": ["CAMNS:V1"]})"), Contains("unknown key \"views\""));
  CHECK_THROWS_WITH(refused(R"({"model": "forest"})"), Contains("atomsets, trees and gaussian_process"));
  CHECK_THROWS_WITH(refused(R"({"model": "trees", "blocks": []})"), Contains("looks at nothing"));
  CHECK_THROWS_WITH(refused(R"({"model": "trees", "blocks": ["cell", "cell"]})"), Contains("twice"));
  CHECK_THROWS_WITH(refused(R"({"model": "trees", "views": ["CAMNS:V7"]})"), Contains("CAMNS:V7"));
  CHECK_THROWS_WITH(refused(R"({"model": "trees", "balanced": 1})"), Contains("true or false"));
  CHECK_THROWS_WITH(refused(R"({"model": "trees", "feature_share": 1.5})"), Contains("feature_share"));
  CHECK_THROWS_WITH(refused(R"({"model": "trees", "unlabelled_weight": -1})"), Contains("unlabelled_weight"));
  CHECK_THROWS_WITH(refused(R"({"model": "trees", "blocks": ["cell"], "unlabelled_weight": 0.1})"),
                    Contains("does not look at compositions alone"));
}

TEST_CASE("configurations may have their own number of members") {
  const auto plan = MemberPlan::from_json(nlohmann::json::parse(
      R"({"seeds": 2, "configurations": [{}, {"model": "gaussian_process", "seeds": 1}, {"model": "trees"}]})"));
  const auto members = plan.members();
  REQUIRE(members.size() == 5);
  CHECK(members[2].configuration == 1);
  CHECK(members[4].configuration == 2);
  CHECK(members[4].repeat == 1);
}

TEST_CASE("a plan is read from a file") {
  const auto path = write("plan", R"({"representation": "CAN", "level": 3, "seeds": 4,
                                      "configurations": [{"name": "a", "level": 0}, {"name": "b", "width": 8}]})");
  const auto plan = MemberPlan::read(path);
  const dataset::View deep{crystal::Representation::CAN, 3}, shallow{crystal::Representation::CAN, 0};
  CHECK(plan.view == deep);
  CHECK(plan.members().size() == 8);
  CHECK(plan.configurations[0].views == std::vector{shallow});
  CHECK(plan.configurations[1].views == std::vector{deep});
  CHECK(plan.content().views == std::vector{deep, shallow});
  CHECK(atomsets(plan.configurations[1]).width == 8);
  CHECK(MemberPlan::from_json(plan.to_json()).configurations == plan.configurations);
}

TEST_CASE("an invalid plan is refused with the name of its file") {
  CHECK_THROWS_WITH(MemberPlan::read(write("broken", "{")), Contains("members.json is not JSON"));
  CHECK_THROWS_WITH(MemberPlan::read(write("empty", R"({"configurations": []})")),
                    Contains("members.json") && Contains("no configuration"));
  CHECK_THROWS_WITH(MemberPlan::read(write("key", R"({"configurationz": []})")),
                    Contains("Did you mean \"configurations\"?"));
  CHECK_THROWS_WITH(MemberPlan::read(write("level", R"({"level": 4, "configurations": [{}]})")),
                    Contains("\"level\" is 4"));
  CHECK_THROWS_WITH(MemberPlan::read(write("inner", R"({"configurations": [{"name": "x", "widthh": 3}]})")),
                    Contains("configuration \"x\"") && Contains("\"width\""));
  CHECK_THROWS_AS(MemberPlan::read("/nonexistent/members.json"), Error);
}

TEST_CASE("the plans shipped with the program are valid") {
  const auto small = MemberPlan::read("inputs/members-narrow.json");
  const auto study = MemberPlan::read("inputs/members-study.json");
  CHECK(small.members().size() == 100);
  CHECK(study.members().size() == 100);
  CHECK(study.view == dataset::View{});
  const auto mixed = MemberPlan::read("inputs/members.json");
  CHECK(mixed.members().size() == 21);
  CHECK(mixed.view == study.view);
  for (const auto& entry : std::filesystem::directory_iterator("inputs/comparison")) {
    CAPTURE(entry.path());
    CHECK_NOTHROW(MemberPlan::read(entry.path()));
  }
  for (std::size_t i = 0; i < study.configurations.size(); ++i) {
    CHECK(atomsets(study.configurations[i]).readout_hidden == 512);
    // The same points of the search space, except for the size of the readout.
    auto reduced = small.configurations[i];
    std::get<learn::AtomSetsConfiguration>(reduced.model).readout_hidden = 512;
    CHECK(reduced == study.configurations[i]);
  }
}
