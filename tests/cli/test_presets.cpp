// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/base/file.hpp"
#include "ionsift/learn/search/search_space.hpp"

#include "presets.hpp"

#include <catch2/catch.hpp>

using namespace ionsift;

namespace {

cli::PlanInputs inputs(const std::string& members, const std::string& preset) {
  cli::PlanInputs plan;
  plan.members = members;
  plan.preset = preset;
  return plan;
}

} // namespace

TEST_CASE("every preset equals the plan of its file") {
  REQUIRE(cli::presets().size() == 4);
  for (const auto& preset : cli::presets()) {
    INFO(preset.name);
    const auto file = std::string(IONSIFT_SOURCE_FOLDER) + "/" + std::string(preset.file);
    CHECK(read_file(file) == preset.text);
    CHECK(inputs("", std::string(preset.name)).read("").to_json() == inputs(file, "").read("").to_json());
  }
}

TEST_CASE("the default search space equals that of its file, and of the study") {
  const auto file = std::string(IONSIFT_SOURCE_FOLDER) + "/inputs/search-space.json";
  CHECK(read_file(file) == cli::default_search_space());
  const auto space = learn::SearchSpace::from_json(nlohmann::json::parse(cli::default_search_space()));
  CHECK(space.view == dataset::View{crystal::Representation::CAMNS, 1});
  CHECK(space.fixed.at("readout_hidden") == 512);
  std::size_t configurations = 1;
  for (const auto& parameter : space.parameters) {
    configurations *= std::get<learn::Choice>(parameter.domain).values.size();
  }
  CHECK(configurations == 5 * 5 * 3 * 5 * 5 * 5 * 5 * 3 * 4);
  CHECK_NOTHROW(
      learn::SearchSpace::read(std::string(IONSIFT_SOURCE_FOLDER) + "/inputs/search-space-small.json"));
}

TEST_CASE("the k-fold preset is the setting of the study") {
  const auto plan = inputs("", "kfold-study").read("");
  REQUIRE(plan.configurations.size() == 1);
  const auto& c = std::get<learn::AtomSetsConfiguration>(plan.configurations.front().model);
  CHECK(c.layers == 2);
  CHECK(c.width == 64);
  CHECK(c.readout_hidden == 512);
  CHECK(c.readout_steps == 3);
  CHECK(c.dropout_before == 0);
  CHECK(c.dropout_after == 0);
  CHECK(c.l2_before == 0);
  CHECK(c.l2_after == 0);
  CHECK(c.init_lr == 1e-3);
  CHECK(c.max_lr == 1e-3);
  CHECK(c.batch == 128);
  CHECK(c.epochs == 500);
}

TEST_CASE("a plan is a file or a preset, not both, and must exist") {
  CHECK(inputs("", "").read_all("").front().name == "default");
  const auto file = std::string(IONSIFT_SOURCE_FOLDER) + "/inputs/kfold-study.json";
  CHECK_THROWS_AS(inputs(file, "study").read(""), Error);
  CHECK_THROWS_AS(inputs("", "studdy").read(""), Error);
}

TEST_CASE("several plans have the names of their files and presets") {
  const auto file = std::string(IONSIFT_SOURCE_FOLDER) + "/inputs/members.json";
  const auto plans = inputs(file, "kfold-study, study").read_all("");
  REQUIRE(plans.size() == 3);
  CHECK(plans[0].name == "members");
  CHECK(plans[1].name == "kfold-study");
  CHECK(plans[2].name == "study");
  CHECK(plans[2].plan.configurations.size() == 10);
  CHECK_THROWS_AS(inputs(file + "," + file, "").read_all(""), Error);
}
