// SPDX-License-Identifier: BSD-3-Clause
#include "ionsift/base/error.hpp"
#include "ionsift/learn/search/search_space.hpp"

#include <catch2/catch.hpp>

using Catch::Matchers::Contains;
using namespace ionsift;
using namespace ionsift::learn;

namespace {

nlohmann::json space_json() {
  return nlohmann::json::parse(R"({
    "representation": "CANS", "level": 2, "fixed": {"readout_hidden": 16},
    "search": {"width": [32, 64], "init_lr": {"low": 1e-5, "high": 1e-4, "scale": "log"},
               "layers": {"low": 2, "high": 4, "whole": true}, "readout_cell": ["published", "lstm"]}})");
}

void check_refused(const nlohmann::json& json, const std::string& says) {
  CHECK_THROWS_WITH(SearchSpace::from_json(json), Contains(says));
}

} // namespace

TEST_CASE("a point of the space is a configuration") {
  const auto space = SearchSpace::from_json(space_json());
  REQUIRE(space.parameters.size() == 4); // by name: init_lr, layers, readout_cell, width
  const Point point = {3e-5, 3, 1, 0};
  const auto configuration = space.configuration(point, "a", 77);
  CHECK(configuration.name == "a");
  CHECK(configuration.views == std::vector{dataset::View{crystal::Representation::CANS, 2}});
  const auto& c = std::get<AtomSetsConfiguration>(configuration.model);
  CHECK(c.init_lr == 3e-5);
  CHECK(c.layers == 3);
  CHECK(c.readout_cell == ReadoutCell::lstm);
  CHECK(c.width == 32);
  CHECK(c.readout_hidden == 16);
  CHECK(c.epochs == 77);
  CHECK(space.values(point).dump() == R"({"init_lr":3e-05,"layers":3,"readout_cell":"lstm","width":32})");
  CHECK(SearchSpace::from_json(space.to_json()).to_json() == space.to_json());
}

TEST_CASE("a space with a value that is not valid is refused before any training") {
  auto json = space_json();
  json["search"]["width"] = {32, 0};
  check_refused(json, "\"width\" is 0");
  json = space_json();
  json["search"]["widht"] = {32};
  check_refused(json, "widht");
  json = space_json();
  json["search"]["width"] = {32, 32};
  check_refused(json, "has 32 twice");
  json = space_json();
  json["search"]["width"] = nlohmann::json::array();
  check_refused(json, "\"width\" has no values");
  json = space_json();
  json["search"]["width"] = nlohmann::json::array();
  for (int width = 1; width <= 101; ++width) {
    json["search"]["width"].push_back(width);
  }
  check_refused(json, "has 101 values");
  json = space_json();
  json["search"]["epochs"] = {32};
  check_refused(json, "\"epochs\" is not a parameter");
  json = space_json();
  json["search"]["readout_hidden"] = {32};
  check_refused(json, "fixed and searched");
  json = space_json();
  json["search"]["layers"]["low"] = 5;
  check_refused(json, "ranges from 5 to 4");
  json = space_json();
  json["search"]["max_lr"] = {1e-3, 5e-5}; // below the highest init_lr
  check_refused(json, "below \"init_lr\"");
  json = space_json();
  json.erase("search");
  check_refused(json, "nothing to search");
}
